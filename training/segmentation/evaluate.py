#!/usr/bin/env python3
"""How well weights do on generated patients that no training drew: soft Dice of each class and offset error, by region.

    evaluate.py --weights FILE.safetensors --patients DIR [--count 12] [--setting training]

Patients with seeds from 800001 are made in DIR where missing. Generated anatomy only: nothing here speaks of real scans.
"""
import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import network
import samples
import setting as settings

FIRST_SEED = 800_001
SHAPE = (80, 64, 64)
CLASS_NAMES = ["body", "posterior", "disc", "canal", "sacrum", "rib", "pelvis"]


def figures(model, file, random, setting):
    """Overlap and sum of each class 1 to 7, and the offset error's sum in mm and count, of one crop."""
    image, shares, offsets, counts = (torch.from_numpy(a)[None] for a in samples.draw(file, SHAPE, random, setting))
    with torch.no_grad():
        output = model(image).float()
    told = output[:, :network.CLASSES].argmax(1)
    truth = shares.argmax(1)
    overlap = np.array([[2 * ((told == c) & (truth == c)).sum().item(), ((told == c).sum() + (truth == c).sum()).item()] for c in range(1, 8)])
    error = ((output[:, network.CLASSES:] - offsets).abs() * counts).sum().item() * samples.OFFSET_UNIT_MM / 3
    return overlap, error, counts.sum().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--patients", type=Path, required=True)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--setting", choices=settings.SETTINGS, default="training")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    setting = settings.SETTINGS[options.setting]
    model = network.unfolded(load_file(options.weights))
    folder = options.patients / options.setting
    folder.mkdir(parents=True, exist_ok=True)
    overlaps, errors, voxels = np.zeros((len(samples.REGIONS), 7, 2)), np.zeros(len(samples.REGIONS)), np.zeros(len(samples.REGIONS))
    for seed in range(FIRST_SEED, FIRST_SEED + options.count):
        samples.make(seed, setting, folder)
        overlap, error, count = figures(model, folder / f"{seed}.npy", np.random.default_rng([13, seed]), setting)
        region = seed % len(samples.REGIONS)
        overlaps[region] += overlap
        errors[region] += error
        voxels[region] += count
    print("| levels | " + " | ".join(CLASS_NAMES) + " | offset error, mm per axis |")
    print("|---" * 9 + "|")
    for region, span in [*enumerate(samples.REGIONS), (slice(None), None)]:
        both = overlaps[region] if span else overlaps.sum(0)
        dice = [f"{a / b:.2f}" if b > 200 else "–" for a, b in both]
        error, count = (errors[region], voxels[region]) if span else (errors.sum(), voxels.sum())
        name = f"{span[0]} to {span[1]}" if span else "all"
        print(f"| {name} | " + " | ".join(dice) + f" | {error / max(count, 1):.1f} |")


if __name__ == "__main__":
    main()
