#!/usr/bin/env python3
"""Generated CT scans with their truth, for tests of a segmentation: nothing here is ever trained on.

    phantoms.py --setting shifted --count 60 --out DIR [--seed 900001]

Each is a folder DIR/NUMBER with
    ct.nii.gz          HU, int16
    instances.nii.gz   1 to 24: C1 to L5, 25: sacrum, 0: anything else (a voxel's centre decides)
    classes.nii.gz     0 background, 1 body, 2 posterior, 3 disc, 4 canal, 5 sacrum, 6 rib, 7 pelvis and femur
    parts.nii.gz       1 body, 2 lamina, 3 left and 4 right pedicle, 5 articular processes, 6 transverse, 7 spinous process
    truth.json         region, scanner, and each level: centre of the body (LPS mm), volume, whether the scan's border cuts it
Every region of the spine in turn; the setting says how many are cropped, fractured, with contrast, cement or metal.
"""
import argparse
import json
from pathlib import Path

import nibabel
import numpy as np

import geometry as g
import kinds
import levels
import painter
import samples
import setting as settings

FINE_MM = 1.0
# Seeds far from those of the training.
FIRST_SEED = 900_001
REGION_NAMES = ["upper cervical", "cervicothoracic", "upper thoracic", "lower thoracic", "lumbar", "lumbosacral"]


def make(seed, number, setting, folder):
    random = np.random.default_rng([11, seed])
    region = number % len(samples.REGIONS)
    first, last = samples.REGIONS[region]
    is_tight = random.random() < setting.tight_share
    # A tight field may end 25 mm beside or before the body's middle, or cut the arch.
    extent = random.uniform([90, 85, 70], [150, 150, 120]) if is_tight else random.uniform([180, 170, 170], [300, 220, 240])
    shape = tuple((extent / FINE_MM).astype(int) // 4 * 4)
    place = (random.uniform(0.4, 0.6), random.uniform(0.4, 0.55) if is_tight else random.uniform(0.5, 0.66), random.uniform(0.42, 0.58))
    patient, spine = g.make(random, setting, shape, FINE_MM, int(random.integers(first, last + 1)), place)
    slice_mm = float(random.choice([1.0, 1.0, 1.25, 2.0, 3.0, 5.0]))
    count = int(shape[0] * FINE_MM / slice_mm)

    fine = painter.painted((patient.kind, patient.distance, patient.instance, patient.soft, patient.insert), FINE_MM, random, setting)
    hu = np.tensordot(painter.slice_matrix(shape[0], FINE_MM, count, slice_mm, slice_mm, 0.5), fine, 1)
    planes = np.minimum(((np.arange(count) + 0.5) * slice_mm / FINE_MM).astype(int), shape[0] - 1)
    is_bone = patient.distance < 0
    instances = np.where(is_bone & (patient.instance <= levels.SACRUM), patient.instance, 0).astype(np.uint8)[planes]
    classes = patient.classes()[planes]
    parts = np.where(instances > 0, kinds.PART[patient.kind[planes]], 0).astype(np.uint8)
    has_metal = bool((patient.insert[planes] == g.INSERTS["metal"]).any())
    hu = painter.scanned(hu, (slice_mm, FINE_MM, FINE_MM), has_metal, ((instances > 0) * 1).astype(np.float32), random, setting)

    folder.mkdir(parents=True, exist_ok=True)
    origin = patient.origin + [0, 0, (slice_mm - FINE_MM) / 2]
    for name, voxels in [("ct", np.rint(hu).astype(np.int16)), ("instances", instances), ("classes", classes), ("parts", parts)]:
        write(folder / f"{name}.nii.gz", voxels, (FINE_MM, FINE_MM, slice_mm), origin)
    truth = {
        "seed": seed, "setting": setting.name, "region": REGION_NAMES[region], "isTight": bool(is_tight), "sliceMM": slice_mm,
        "hasMetal": has_metal, "hasCement": bool((patient.insert == g.INSERTS["cement"]).any()), "isSimulated": True,
        "levels": {name: fact for name, fact in facts(instances, classes, spine, patient, slice_mm)}}
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")


def facts(instances, classes, spine, patient, slice_mm):
    for level in np.unique(instances[instances > 0]):
        mask = instances == level
        faces = [mask[0], mask[-1], mask[:, 0], mask[:, -1], mask[:, :, 0], mask[:, :, -1]]
        fact = {
            "centreLPSMM": np.round(patient.centres[level], 2).tolist(), "volumeML": round(mask.sum() * slice_mm * FINE_MM ** 2 / 1000, 3),
            "bodyML": round((mask & (classes == 1)).sum() * slice_mm * FINE_MM ** 2 / 1000, 3), "isCut": bool(any(f.any() for f in faces))}
        if level < levels.SACRUM:
            v = spine.vertebrae[level]
            fact |= {"wedge": round(float(v.wedge), 3), "biconcave": round(float(v.biconcave), 3), "hasCement": any(i[0] == "cement" for i in v.inserts)}
        yield ("sacrum" if level == levels.SACRUM else levels.LEVELS[level - 1]), fact


def write(file, voxels, spacing, origin):
    """[z, y, x] to the head, the back, the left → NIfTI in the same storage order; its world axes are to the right, the front, the head."""
    affine = np.diag([-spacing[0], -spacing[1], spacing[2], 1.0])
    affine[:3, 3] = [-origin[0], -origin[1], origin[2]]
    nibabel.save(nibabel.Nifti1Image(voxels.transpose(2, 1, 0), affine), file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--setting", choices=settings.SETTINGS, default="shifted")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=FIRST_SEED)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    for number in range(options.count):
        make(options.seed + number, number, settings.SETTINGS[options.setting], options.out / f"{number + 1:02}")


if __name__ == "__main__":
    main()
