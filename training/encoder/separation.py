#!/usr/bin/env python3
"""What a linear probe reads from the embedding of new simulated vertebrae, beside random weights, radiomics and mean HU.

    separation.py --osteon BINARY --model FILE.safetensors --trained-on DIR --phantoms DIR --output TABLE.md

The phantoms must be of other seeds than those of the training. Logistic regression on standardised features; five folds that never
share a phantom, three times over, with the same folds for all; the penalty is chosen inside each training part. Intervals: 1000
bootstrap samples of phantoms.
"""
import argparse
import csv
import subprocess
import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from scipy.stats import rankdata
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import boxes
import phantoms
from train import DEPTH, WIDTH, ResNet3D, encoder

REPEATS, FOLDS, INNER_FOLDS, BOOTSTRAPS = 3, 5, 3, 1000
PENALTIES = np.logspace(-4, 0, 5)
RANDOM_SEEDS = range(3)
# Borders between the three classes of marrow: near the thresholds in use for opportunistic screening (110 and 160 HU,
# Pickhardt et al. 2013, 10.7326/0003-4819-158-8-201304160-00003).
DENSITY_BORDERS = (110, 160)


def has(kind, content=None):
    def found(vertebra):
        return any(lesion["kind"] == kind and content in (None, lesion.get("content"))
                   for lesion in vertebra["facts"]["lesions"])
    return found


def tasks(vertebrae):
    """Name, class of each vertebra, and which vertebrae take part."""
    density = np.digitize([v["facts"]["trabecularHU"] for v in vertebrae], DENSITY_BORDERS)
    cleft, gas, fluid, gap = (
        np.array([test(v) for v in vertebrae]).astype(int)
        for test in (has("cleft"), has("cleft", "gas"), has("cleft", "fluid"), has("cortical-gap")))
    everyone = np.ones(len(vertebrae), bool)
    return [
        ("marrow below 110, to 160, above", density, everyone), ("cleft or none", cleft, everyone),
        ("gas cleft or none", gas, fluid == 0), ("fluid cleft or none", fluid, gas == 0),
        ("cortical gap or none", gap, everyone),
    ]


@torch.no_grad()
def embeddings(model, cubes):
    model.eval()
    return torch.cat([model(part) for part in cubes.split(8)]).numpy()


def trained(file):
    """The shipped weights, F16 as they are, computed in single precision."""
    model = ResNet3D(DEPTH, WIDTH)
    missing = model.load_state_dict({name: t.float() for name, t in load_file(file).items()}, strict=False).missing_keys
    if any(not name.endswith("num_batches_tracked") for name in missing):
        raise ValueError(f"{file}: lacks {missing}")
    return model


@torch.no_grad()
def untrained(seed, cubes):
    """Random weights, with the statistics of batch normalisation measured on training phantoms: else its features explode."""
    model = encoder(1000 + seed)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm3d):
            module.momentum = None
    model.train()
    for part in cubes.split(16):
        model(part)
    return model


def radiomics(osteon, folder, vertebrae):
    """The 107 features of the original image in HU, of the body's true mask."""
    rows = {}
    for phantom in sorted({v["phantom"] for v in vertebrae}):
        scan = folder / f"scan-{phantom}"
        if not (scan / "features.csv").exists():
            subprocess.run(
                [osteon, "radiomics", "--params", "hu_original", "--image", scan / "ct.nii.gz", "--mask",
                 scan / "bodies.nii.gz", "--label", "all", "--threads", "1", "--output", scan / "features.csv"],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(scan / "features.csv", newline="") as file:
            for row in csv.DictReader(file):
                rows[phantom, int(row["Label"])] = row
    chosen = [rows[v["phantom"], phantoms.LABELS[v["level"]]] for v in vertebrae]
    names = [name for name in chosen[0] if name.startswith("original_")]
    return names, np.array([[float(row[name]) for name in names] for row in chosen])


def scores(features, classes, groups):
    """[repeat, vertebra, class]: probability of each class, each from a probe that saw nothing of that phantom."""
    told = np.zeros((REPEATS, len(classes), classes.max() + 1))
    for repeat in range(REPEATS):
        for known, asked in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=repeat).split(features, classes, groups):
            probe = GridSearchCV(
                make_pipeline(StandardScaler(), LogisticRegression(max_iter=400, tol=1e-3)),
                {"logisticregression__C": PENALTIES}, scoring="neg_log_loss",
                cv=StratifiedGroupKFold(INNER_FOLDS, shuffle=True, random_state=repeat))
            probe.fit(features[known], classes[known], groups=groups[known])
            told[repeat, asked] = probe.predict_proba(features[asked])
    return told


def area_under_curve(told, is_true):
    """Mann and Whitney: the share of pairs that are in order, ties by half."""
    count = is_true.sum()
    ranks = rankdata(told)[is_true].sum()
    return (ranks - count * (count + 1) / 2) / (count * (len(told) - count))


def figures(told, classes):
    """AUC (of three classes: mean of each against the others) and balanced accuracy, means over the repeats."""
    kinds = range(told.shape[2])
    area, accuracy = [], []
    for one in told:
        area.append(np.mean([area_under_curve(one[:, c], classes == c) for c in kinds]))
        best = one.argmax(axis=1)
        accuracy.append(np.mean([np.mean(best[classes == c] == c) for c in kinds]))
    return np.array([np.mean(area), np.mean(accuracy)])


def resampled(told, classes, groups):
    """[bootstrap, AUC and accuracy]; the same phantoms are drawn for every set of features."""
    random = np.random.default_rng(0)
    names = np.unique(groups)
    members = {name: np.flatnonzero(groups == name) for name in names}
    samples = []
    for _ in range(BOOTSTRAPS):
        drawn = np.concatenate([members[name] for name in random.choice(names, len(names))])
        samples.append(figures(told[:, drawn], classes[drawn]))
    return np.array(samples)


def interval(samples):
    low, high = np.quantile(samples, [0.025, 0.975])
    return f"{low:.2f} to {high:.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--osteon", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--trained-on", type=Path, required=True)
    parser.add_argument("--phantoms", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", ConvergenceWarning)

    seen = boxes.load(sorted(options.trained_on.glob("*.npz")))
    vertebrae = boxes.load(sorted(options.phantoms.glob("*.npz")))
    if {v["phantom"] for v in seen} & {v["phantom"] for v in vertebrae}:
        raise ValueError("a phantom is in both folders")
    groups = np.array([v["phantom"] for v in vertebrae])
    cubes, seen_cubes = (
        torch.stack([boxes.exact(v["region"], v["low"], v["high"], v["spacing"]) for v in some])[:, None]
        for some in (vertebrae, seen[:96]))
    names, table = radiomics(options.osteon, options.phantoms, vertebrae)
    sets = {"this encoder": embeddings(trained(options.model), cubes), f"radiomics, {len(names)} features": table,
            "mean HU of the body": table[:, [names.index("original_firstorder_Mean")]]}
    for seed in RANDOM_SEEDS:
        sets[f"random weights, seed {seed}"] = embeddings(untrained(seed, seen_cubes), cubes)

    lines = [f"{len(vertebrae)} vertebrae of {len(set(groups))} phantoms, seeds {groups.min()} to {groups.max()}.", ""]
    lines += ["| task (vertebrae of each class) | features | AUC (95 %) | balanced accuracy (95 %) |", "|---|---|---|---|"]
    versus = ["| task | this encoder less | difference of AUC (95 %) |", "|---|---|---|"]
    for task, classes, takes_part in tasks(vertebrae):
        classes, part = classes[takes_part], groups[takes_part]
        counts = ", ".join(str(n) for n in np.bincount(classes))
        found, samples = {}, {}
        for name, features in sets.items():
            told = scores(features[takes_part], classes, part)
            found[name], samples[name] = figures(told, classes), resampled(told, classes, part)
            print(task, "|", name, "|", found[name], flush=True)
        mine = [name for name in sets if name.startswith("random")]
        label = f"random weights, mean of {len(mine)}"
        found[label] = np.mean([found.pop(name) for name in mine], axis=0)
        samples[label] = np.mean([samples.pop(name) for name in mine], axis=0)
        for name in found:
            (area, accuracy), drawn = found[name], samples[name]
            lines.append(f"| {task} ({counts}) | {name} | {area:.2f} ({interval(drawn[:, 0])}) "
                         f"| {accuracy:.2f} ({interval(drawn[:, 1])}) |")
            if name != "this encoder":
                gain = samples["this encoder"][:, 0] - drawn[:, 0]
                versus.append(f"| {task} | {name} | {found['this encoder'][0] - area:+.2f} ({interval(gain)}) |")
    options.output.write_text("\n".join(lines + [""] + versus) + "\n")


if __name__ == "__main__":
    main()
