#!/usr/bin/env python3
"""Simulated vertebrae for the default encoder, by Osteon's own generator.

    phantoms.py --osteon BINARY --count 64 --seed 1 --output DIR [--keep]

A phantom is a random patient of six vertebrae, scanned in a random way. Each becomes one file `SEED.npz` with a region of each
vertebra; one that is there already is not made again. `--keep` leaves its scan and its masks too.
"""
import argparse
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nibabel
import numpy as np

import boxes

LEVELS = ["T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5"]
LABELS = {level: 17 + i for i, level in enumerate(LEVELS)}
LEVELS_PER_PHANTOM = 6
# What is drawn, each from its own range and independently of all else (our choice).
TRABECULAR_HU = (70, 200)
CLEFT_SHARE = 0.5
GAP_SHARE = 0.4
FORAMEN_SHARE = 0.5
COLLAPSE_SHARE = 0.25


def recipe(seed):
    """A recipe of `osteon phantom`. Lesions do not depend on each other, on density or on the scanner."""
    random = np.random.default_rng(seed)
    first = random.integers(0, len(LEVELS) - LEVELS_PER_PHANTOM + 1)
    levels = LEVELS[first:first + LEVELS_PER_PHANTOM]
    pixel = random.uniform(0.6, 1.0)
    slices = float(random.choice([1.0, 1.25, 1.5, 2.0, 3.0]))
    lesions = [lesion for level in levels for lesion in planted(random, level)]
    return {
        "seed": seed, "levels": levels, "lesions": lesions,
        "spacingMM": [pixel, pixel, slices], "fieldOfViewMM": [96, 104], "marginMM": 14,
        "blurFWHMMM": max(random.uniform(0.8, 1.4), 1.1 * pixel),
        "noiseSDHU": random.uniform(5, 35), "noiseGrainPixels": random.uniform(0.3, 1.0),
        "trabecularHUByLevel": {level: random.uniform(*TRABECULAR_HU) for level in levels},
        "textureSDHU": random.uniform(10, 40), "textureGrainMM": random.uniform(0.7, 1.6),
        "cortexThicknessMM": random.uniform(0.3, 0.7), "cortexThicknessVariation": random.uniform(0.05, 0.25),
        "cortexHU": random.uniform(900, 1400), "bloodHU": random.uniform(35, 250),
        "curvature": random.uniform(0.5, 1.3), "scoliosisDegrees": random.uniform(-8, 8),
    }


def planted(random, level):
    if random.random() < CLEFT_SHARE:
        yield {
            "kind": "cleft", "level": level, "content": str(random.choice(["gas", "fluid"])),
            "sizeMM": [random.uniform(8, 20), random.uniform(6, 14), random.uniform(2, 5)],
            "position": [random.uniform(-0.3, 0.3), random.uniform(-0.3, 0.4), random.uniform(-0.5, 0.5)],
        }
    if random.random() < GAP_SHARE:
        wall = str(random.choice(["anterior", "left", "right", "superiorEndplate", "inferiorEndplate"]))
        # Away from the pedicles, where the shell is another shell.
        angle = {"anterior": random.uniform(50, 130), "left": random.uniform(5, 45), "right": random.uniform(135, 175)}
        yield {
            "kind": "cortical-gap", "level": level, "wall": wall,
            "angleDegrees": angle.get(wall, random.uniform(0, 360)),
            "position": random.uniform(0.3, 0.6) if wall.endswith("Endplate") else random.uniform(-0.6, 0.6),
            "widthMM": random.uniform(1, 4), "lengthMM": random.uniform(4, 10),
            "turnDegrees": float(random.choice([0, 90])),
        }
    if random.random() < FORAMEN_SHARE:
        yield {
            "kind": "basivertebral-foramen", "level": level, "widthMM": random.uniform(4, 7),
            "heightMM": random.uniform(3, 6), "depthFraction": random.uniform(0.12, 0.22),
        }
    if random.random() < COLLAPSE_SHARE:
        yield {
            "kind": "collapse", "level": level, "shape": str(random.choice(["wedge", "biconcave", "crush"])),
            "lossFraction": random.uniform(0.1, 0.4),
        }


def make(osteon, seed, folder, keep):
    target = folder / f"{seed}.npz"
    if target.exists():
        return
    scan = folder / f"scan-{seed}"
    scan.mkdir(parents=True, exist_ok=True)
    plan = recipe(seed)
    (scan / "recipe.json").write_text(json.dumps(plan))
    subprocess.run(
        [osteon, "phantom", "--recipe", scan / "recipe.json", "--nifti", "--output", scan], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    ct, spacing = zyx(scan / "ct.nii.gz")
    bodies, _ = zyx(scan / "bodies.nii.gz")
    regions, facts = {}, {}
    for level in plan["levels"]:
        region = boxes.cut(ct, bodies == LABELS[level], spacing)
        if region is None:
            print(f"phantom {seed}: {level} touches the image's border and is left out", file=sys.stderr)
            continue
        regions[level], (low, high) = region
        facts[level] = {"low": low.tolist(), "high": high.tolist(), "trabecularHU": plan["trabecularHUByLevel"][level],
                        "lesions": [lesion for lesion in plan["lesions"] if lesion["level"] == level]}
    part = target.with_suffix(".part.npz")
    np.savez(part, spacing=spacing, facts=json.dumps(facts), **regions)
    part.rename(target)
    if not keep:
        shutil.rmtree(scan)


def zyx(file):
    """Voxels in the order head, back, left, and their spacing in that order; Osteon writes LPS grids."""
    image = nibabel.load(file)
    x, y, z = np.diag(image.affine)[:3]
    if not (x < 0 and y < 0 and z > 0):
        raise ValueError(f"{file}: not stored in LPS order")
    voxels = np.asarray(image.dataobj).astype(np.int16).transpose(2, 1, 0)
    return np.ascontiguousarray(voxels), np.array(image.header.get_zooms()[:3][::-1], float)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--osteon", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True, help="of the first phantom; the next take the following numbers")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    with ThreadPoolExecutor(options.threads) as pool:
        seeds = range(options.seed, options.seed + options.count)
        for _ in pool.map(lambda seed: make(options.osteon, seed, options.output, options.keep), seeds):
            pass


if __name__ == "__main__":
    main()
