#!/usr/bin/env python3
"""What each ingredient of the generator is worth to net B: short trainings from nothing, each without one, scored alike.

    ablation.py --geometries DIR --work DIR --patients DIR [--steps 1000] [--only NAME …]

Every training draws the same patients in the same order; three with all ingredients and different seeds show what chance does. What lies
in the stored anatomy is left out of copies of the patients, made from the same seeds in --work. Scored on generated patients of the shifted
setting, which no training draws (made in --patients as evaluate.py does): Dice of the most probable class for own body and own posterior
elements, centres given. Stopped, it goes on where it was. Generated anatomy only.
"""
import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import evaluate
import network
import outliner
import samples
import train
from setting import IN_ANATOMY, SETTINGS, WITHOUT

HERE = Path(__file__).resolve().parent
SEEDS_WITH_ALL = range(train.SEED, train.SEED + 3)
# The neck, the upper and the lower thorax, the lumbar spine: indices of samples.REGIONS.
GROUPS = {"neck": (0, 1), "thorax": (2, 3), "lumbar": (4, 5)}


def trained(options, name, seed):
    """The weights of a short training without the ingredient; none named, all are there."""
    work = options.work / f"{(name or 'all').replace(' ', '-')}-{seed}"
    command = [sys.executable, HERE / "train.py", "--net", "outliner", "--geometries", patients(options, name), "--work", work, "--steps", str(options.steps),
               "--cool-down", str(options.steps // 4), "--threads", str(options.threads), "--seed", str(seed)]
    subprocess.run(command + (["--without", name] if name else []), check=True)
    return work / f"{outliner.NAME}.safetensors"


def patients(options, name):
    """Where the stored patients lie; the same ones without the ingredient, if it lies in their anatomy."""
    if name not in IN_ANATOMY:
        return options.geometries
    folder = options.work / f"patients-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    for file in options.geometries.glob("*.npy"):
        samples.make(int(file.stem), WITHOUT[name], folder)
    return folder


def scored(options, weights):
    """Dice by [group of regions and all, own body and own posterior], each over all its crops' voxels."""
    setting = SETTINGS["shifted"]
    model = network.unfolded(load_file(weights))
    folder = options.patients / setting.name
    folder.mkdir(parents=True, exist_ok=True)
    overlaps = np.zeros((len(samples.REGIONS), outliner.CLASSES - 1, 2))
    for seed in range(evaluate.FIRST_SEED, evaluate.FIRST_SEED + options.count):
        samples.make(seed, setting, folder)
        random = np.random.default_rng([13, seed])
        for _ in range(evaluate.CROPS):
            overlaps[seed % len(samples.REGIONS)] += evaluate.figures(outliner, model, folder / f"{seed}.npy", random, setting)[0]
    parts = overlaps[:, [outliner.OWN_BODY - 1, outliner.OWN_POSTERIOR - 1]]
    return [part[:, 0] / part[:, 1] for part in [*(parts[list(group)].sum(0) for group in GROUPS.values()), parts.sum(0)]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--geometries", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--patients", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=WITHOUT, help="these, without those that have everything")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    runs = [(name, train.SEED) for name in options.only or WITHOUT]
    if not options.only:
        runs = [(None, seed) for seed in SEEDS_WITH_ALL] + runs
    print("| without | " + " | ".join([*GROUPS, "all"]) + " |\n" + "|---" * (len(GROUPS) + 2) + "|", flush=True)
    for name, seed in runs:
        cells = [f"{body:.3f} / {posterior:.3f}" for body, posterior in scored(options, trained(options, name, seed))]
        print(f"| {name or f'nothing, seed {seed}'} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
