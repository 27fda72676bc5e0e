#!/usr/bin/env python3
"""How well weights do on generated patients that no training drew: soft Dice of each class and offset error, by region.

    evaluate.py --net locator|outliner --weights FILE.safetensors --patients DIR [--count 12] [--setting training]

Patients with seeds from 800001 are made in DIR where missing. Generated anatomy only: nothing here speaks of real scans.
"""
import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import export
import network
import samples
import setting as settings

FIRST_SEED = 800_001
CROPS = 2  # Of each patient.


def figures(net, model, file, random, setting):
    """Overlap and sum of each class but the first, and the offset error's sum in mm and count, of one crop."""
    image, shares, *votes = (torch.from_numpy(a)[None] for a in net.draw(file, net.TEST_SHAPE, random, setting))
    with torch.no_grad():
        output = model(image).float()
    told, truth = output[:, :net.CLASSES].argmax(1), shares.argmax(1)
    overlap = np.array([[2 * ((told == c) & (truth == c)).sum().item(), ((told == c).sum() + (truth == c).sum()).item()] for c in range(1, net.CLASSES)])
    if not votes:
        return overlap, 0, 0
    offsets, counts = votes
    error = ((output[:, net.CLASSES:] - offsets).abs() * counts).sum().item() * samples.OFFSET_UNIT_MM / 3
    return overlap, error, counts.sum().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--net", choices=export.NETS, default="locator")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--patients", type=Path, required=True)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--setting", choices=settings.SETTINGS, default="training")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    net, setting = export.NETS[options.net], settings.SETTINGS[options.setting]
    model = network.unfolded(load_file(options.weights))
    folder = options.patients / options.setting
    folder.mkdir(parents=True, exist_ok=True)
    overlaps, errors, voxels = np.zeros((len(samples.REGIONS), net.CLASSES - 1, 2)), np.zeros(len(samples.REGIONS)), np.zeros(len(samples.REGIONS))
    for seed in range(FIRST_SEED, FIRST_SEED + options.count):
        samples.make(seed, setting, folder)
        region, random = seed % len(samples.REGIONS), np.random.default_rng([13, seed])
        for _ in range(CROPS):
            overlap, error, count = figures(net, model, folder / f"{seed}.npy", random, setting)
            overlaps[region] += overlap
            errors[region] += error
            voxels[region] += count
    print("| levels | " + " | ".join(net.CLASS_NAMES) + " | offset error, mm per axis |")
    print("|---" * (net.CLASSES + 1) + "|")
    for region, span in [*enumerate(samples.REGIONS), (slice(None), None)]:
        both = overlaps[region] if span else overlaps.sum(0)
        dice = [f"{a / b:.2f}" if b > 200 else "–" for a, b in both]
        error, count = (errors[region], voxels[region]) if span else (errors.sum(), voxels.sum())
        name = f"{span[0]} to {span[1]}" if span else "all"
        print(f"| {name} | " + " | ".join(dice) + f" | {f'{error / count:.1f}' if count else '–'} |")


if __name__ == "__main__":
    main()
