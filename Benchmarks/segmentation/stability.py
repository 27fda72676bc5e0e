#!/usr/bin/env python3
"""Real scans disturbed, each against its undisturbed run: count, names and masks. Needs no labels, says nothing of accuracy.

    stability.py --out DIR [--models DIR] [--scans thorax-1mm lumbar-3mm thick-5mm] [--only flip noise …]

Needs the test data (OSTEON_TEST_DATA) and a built osteon (OSTEON). Disturbances:
    crop       5 mm off each side at once, and off each side alone
    strip      the field ends 45 mm beside, before and behind the bodies (further where a vertebra reaches further)
    flip       left and right exchanged
    noise      10 HU more, Gaussian, seed 5
    resample   to 1, 1.5, 2 and 3 mm isotropic, as fine as the scan at most in the plane
Masks are compared where both fields see them, at the voxel centres of the coarser of the two along each axis, the finer one linear between its
voxels. What has lost more than a quarter of its mask to the new border is not compared.
"""
import argparse
import zipfile
from io import BytesIO
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from scipy import ndimage

import program
from program import Scan

STRIP_MM, CROP_MM, NOISE_HU = 45, 5, 10
IN_VIEW_SHARE = 0.75
SIDES = ["left", "right", "back", "front", "foot", "head"]


def load(name):
    """A scan on axes to the right, the front and the head."""
    folder = program.DATA / "ct" / name
    if (folder / "ct.nii.gz").exists():
        image = nibabel.as_closest_canonical(nibabel.load(folder / "ct.nii.gz"))
        return Scan(np.asarray(image.dataobj).astype(np.float32), image.affine)
    archive = zipfile.ZipFile(folder / "series.zip")
    slices = [pydicom.dcmread(BytesIO(archive.read(n))) for n in archive.namelist() if not n.endswith("/")]
    slices = sorted((s for s in slices if "ImagePositionPatient" in s), key=lambda s: s.ImagePositionPatient[2])
    hu = np.stack([s.pixel_array * float(s.RescaleSlope) + float(s.RescaleIntercept) for s in slices]).transpose(2, 1, 0)
    first, (dy, dx) = slices[0], slices[0].PixelSpacing
    x, y, z = map(float, first.ImagePositionPatient)
    affine = np.diag([-dx, -dy, (float(slices[-1].ImagePositionPatient[2]) - z) / (len(slices) - 1), 1.0])
    affine[:3, 3] = [-x, -y, z]
    image = nibabel.as_closest_canonical(nibabel.Nifti1Image(hu.astype(np.int16), affine))
    return Scan(np.asarray(image.dataobj).astype(np.float32), image.affine)


def cropped(scan, low, high):
    affine = scan.affine.copy()
    affine[:3, 3] += scan.affine[:3, :3] @ low
    return Scan(scan.hu[tuple(slice(a, b) for a, b in zip(low, high))], affine)


def resampled(scan, spacing):
    """Linear, after a Gaussian on axes that become coarser; never finer than the scan where that would invent detail in its plane."""
    target = np.maximum(spacing, scan.spacing * [1, 1, 0] - 1e-6)
    factor = target / scan.spacing
    smooth = ndimage.gaussian_filter(scan.hu, np.maximum(0, 0.42 * (factor - 1)))
    shape = np.floor((np.array(scan.hu.shape) - 1) / factor).astype(int) + 1
    hu = ndimage.affine_transform(smooth, factor, output_shape=tuple(shape), order=1, mode="nearest")
    affine = scan.affine.copy()
    affine[:3, :3] = scan.affine[:3, :3] * factor
    return Scan(hu, affine)


def disturbances(scan, plain):
    """Name and scan of each; the flip is told by its name."""
    size, step = np.array(scan.hu.shape), np.ceil(CROP_MM / scan.spacing).astype(int)
    yield "crop all sides", cropped(scan, step, size - step)
    for i, side in enumerate(SIDES):
        low, high = np.zeros(3, int), size.copy()
        if i % 2 == 0:
            low[i // 2] = step[i // 2]
        else:
            high[i // 2] -= step[i // 2]
        yield f"crop {side}", cropped(scan, low, high)
    if plain.bodies is not None and plain.bodies.any():
        low, high = np.zeros(3, int), size.copy()
        for axis in range(2):
            body, whole = (np.flatnonzero((m > 0).any(tuple(a for a in range(3) if a != axis))) for m in (plain.bodies, plain.whole))
            reach, rim = int(STRIP_MM / scan.spacing[axis]), int(CROP_MM / scan.spacing[axis])
            low[axis] = max(0, min(body[0] - reach, whole[0] - rim))
            high[axis] = min(size[axis], max(body[-1] + reach, whole[-1] + rim) + 1)
        yield "strip", cropped(scan, low, high)
    yield "flip", Scan(scan.hu[::-1], scan.affine)
    yield "noise", Scan(scan.hu + np.random.default_rng(5).normal(0, NOISE_HU, scan.hu.shape), scan.affine)
    for spacing in (1.0, 1.5, 2.0, 3.0):
        if np.abs(scan.spacing - spacing).max() > 0.01 and (np.prod(size * scan.spacing) / spacing ** 3 < 1e8):
            yield f"resample {spacing:g} mm", resampled(scan, spacing)


def corners(box, affine):
    """The corners of a box of voxels and of one voxel round it, mm."""
    low, high = (np.array([getattr(side, end) for side in box]) for end in ("start", "stop"))
    return affine[:3, 3] + affine.diagonal()[:3] * [low - 1, high]


def part(map_, affine, ends):
    """A map within a box, and its affine."""
    index = (ends - affine[:3, 3]) / affine.diagonal()[:3]
    low, high = np.maximum(np.floor(index[0]).astype(int), 0), np.minimum(np.ceil(index[1]).astype(int) + 1, map_.shape)
    cut = affine.copy()
    cut[:3, 3] += affine[:3, :3] @ low
    return map_[tuple(slice(i, j) for i, j in zip(low, high))], cut


def common_places(a, a_affine, b, b_affine):
    """Along each axis the voxel centres of the coarser map that both see, mm: between its centres a mask says nothing."""
    def centres(affine, axis, count):
        return affine[axis, 3] + affine[axis, axis] * np.arange(count)

    places = []
    for axis in range(3):
        first, second = (centres(affine, axis, map_.shape[axis]) for map_, affine in ((a, a_affine), (b, b_affine)))
        steps = a_affine[axis, axis], b_affine[axis, axis]
        coarse, fine, step = (first, second, steps[1]) if steps[0] > steps[1] - 1e-6 else (second, first, steps[0])
        places.append(coarse[(coarse > fine[0] - step / 2 - 1e-6) & (coarse < fine[-1] + step / 2 + 1e-6)])
    return places


def share_at(places, mask, affine):
    """How much of a mask is at each place, 0 to 1, linear between its voxels."""
    share = mask.astype(np.float32)
    for axis, wanted in enumerate(places):
        index = (wanted - affine[axis, 3]) / affine[axis, axis]
        low = np.floor(index + 1e-6).astype(int)
        weight = np.clip(index - low, 0, 1).astype(np.float32).reshape([-1 if a == axis else 1 for a in range(3)])
        near, far = (share.take(np.clip(low + k, 0, share.shape[axis] - 1), axis) for k in (0, 1))
        share = near + (far - near) * weight
    return share


def agreement(a, a_affine, b, b_affine):
    """Dice of two masks at their common places. A place on the very border of one, midway between inside and outside, is not compared: to take
    the nearest voxel there would move the border."""
    places = common_places(a, a_affine, b, b_affine)
    first, second = share_at(places, a, a_affine), share_at(places, b, b_affine)
    told = (np.abs(first - 0.5) > 1e-4) & (np.abs(second - 0.5) > 1e-4)
    return program.dice((first > 0.5) & told, (second > 0.5) & told)


def matching(mask, affine, other, other_affine):
    """The label of another map that most of a mask's voxels have, 0 of none; and the share of them that the other map sees."""
    points = np.argwhere(mask) * affine.diagonal()[:3] + affine[:3, 3]
    index = np.floor((points - other_affine[:3, 3]) / other_affine.diagonal()[:3] + 0.5 + 1e-6).astype(int)
    seen = ((index >= 0) & (index < other.shape)).all(1)
    counts = np.bincount(other[tuple(index[seen].T)].astype(int), minlength=1)
    counts[0] = 0
    return counts.argmax() if counts.any() else 0, seen.mean()


def compare(plain, other, is_flipped):
    """Dice of each vertebra of the undisturbed run with the one that overlaps it most, and whether it kept its name."""
    whole, bodies = (map_[::-1] if is_flipped else map_ for map_ in (other.whole, other.bodies))
    boxes, other_boxes = ndimage.find_objects(plain.whole), ndimage.find_objects(whole)
    rows = []
    for vertebra in plain.vertebrae:
        value = vertebra["labelValue"]
        if value > len(boxes) or boxes[value - 1] is None:
            continue
        ends = corners(boxes[value - 1], plain.affine)
        mine, affine = part(plain.whole, plain.affine, ends)
        label, seen_share = matching(mine == value, affine, whole, other.affine)
        if seen_share < IN_VIEW_SHARE:
            continue
        told = next((v["name"] for v in other.vertebrae if v["labelValue"] == label), "lost")
        if told == "lost":
            rows.append((vertebra["name"], told, 0.0, 0.0))
            continue
        both = np.stack([ends, corners(other_boxes[label - 1], other.affine)])
        ends = np.array([both[:, 0].min(0), both[:, 1].max(0)])
        figures = []
        for map_, other_map in ((plain.whole, whole), (plain.bodies, bodies)):
            (a, a_affine), (b, b_affine) = part(map_, plain.affine, ends), part(other_map, other.affine, ends)
            figures.append(agreement(a == value, a_affine, b == label, b_affine))
        rows.append((vertebra["name"], told, *figures))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--scans", nargs="+", default=["lumbar-3mm", "thick-5mm", "thorax-1mm"])
    parser.add_argument("--only", nargs="+", help="disturbances whose name begins with one of these")
    options = parser.parse_args()
    for name in options.scans:
        scan = load(name)
        folder = options.out / name
        scan.write(folder / "plain.nii.gz")
        plain = program.segment(folder / "plain.nii.gz", folder / "plain", options.models)
        outlined = sum(plain.outlined(v) is not None for v in plain.vertebrae)
        print(f"\n{name}: {len(plain.vertebrae)} found, {outlined} outlined: {', '.join(plain.names)}; {plain.seconds:.0f} s {plain.refusal}")
        print("\n| disturbance | found, outlined | same names | whole, mean (least) | bodies, mean (least) | s |\n|---|---|---|---|---|---|", flush=True)
        for what, other in disturbances(scan, plain):
            if options.only and not what.startswith(tuple(options.only)):
                continue
            place = folder / what.replace(" ", "-")
            if not place.exists():
                other.write(folder / "disturbed.nii.gz")
            found = program.segment(folder / "disturbed.nii.gz", place, options.models)
            if found.refusal:
                print(f"| {what} | refused: {found.refusal} | | | | |")
                continue
            rows = compare(plain, found, what == "flip")
            same = all(a == b for a, b, *_ in rows)
            whole, bodies = ([r[i] for r in rows] for i in (2, 3))
            marks = ", ".join(f"{r[0]} {r[2]:.2f}" for r in rows if r[2] < 0.9)
            print(f"| {what} | {len(found.vertebrae)}, {sum(found.outlined(v) is not None for v in found.vertebrae)} | {'yes' if same else 'no: ' + ' '.join(r[1] for r in rows)} | "
                  f"{np.mean(whole):.3f} ({min(whole):.3f}) {marks} | {np.mean(bodies):.3f} ({min(bodies):.3f}) | {found.seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
