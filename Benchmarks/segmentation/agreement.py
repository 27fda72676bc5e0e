#!/usr/bin/env python3
"""Agreement with other models' labels on the two real scans that have some: Dice and mean surface distance. Not accuracy.

    agreement.py --out DIR [--models DIR]      needs the test data (OSTEON_TEST_DATA) and a built osteon (OSTEON)
"""
import argparse
from pathlib import Path

import numpy as np
from scipy import ndimage

import program


def surface_distance(a, b, spacing):
    """Mean of the distances of each surface's voxels to the other surface, both ways, mm."""
    edges = [m & ~ndimage.binary_erosion(m, border_value=1) for m in (a, b)]
    ways = [ndimage.distance_transform_edt(~edges[1 - i], sampling=spacing)[edges[i]].mean() for i in range(2)]
    return float(np.mean(ways))


def compare(found, reference, bodies, levels, spacing):
    """A row for each level; the mean of the whole ones last."""
    rows = []
    for name, value, is_whole in levels:
        truth = reference == value
        counts = np.bincount(found.whole[truth].astype(int))
        counts[0] = 0
        if counts.sum() == 0:
            print(f"| {name} | not found | | | |")
            continue
        label = counts.argmax()
        told = next(v["name"] for v in found.vertebrae if v["labelValue"] == label)
        row = (program.dice(found.bodies == label, truth & bodies), program.dice(found.whole == label, truth),
               surface_distance(found.whole == label, truth, spacing))
        print(f"| {name}{'' if is_whole else ', cut'} | {told} | {row[0]:.3f} | {row[1]:.3f} | {row[2]:.2f} |")
        if is_whole:
            rows.append(row)
    if len(rows) > 1:
        mean, least = np.mean(rows, 0), np.min(rows, 0)
        print(f"| mean (least) | | {mean[0]:.3f} ({least[0]:.3f}) | {mean[1]:.3f} ({least[1]:.3f}) | {mean[2]:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    options = parser.parse_args()

    def labels(file):
        return program.read(file).hu.astype(int)

    for case, levels in (("lumbar-3mm", [("T12", 32, False)] + [(f"L{i}", 32 - i, True) for i in range(1, 6)]),
                         ("l3-regions", [("L2", 21, False), ("L3", 22, True), ("L4", 23, False)])):
        folder = program.DATA / "ct" / case
        scan = program.read(folder / "ct.nii.gz")
        found = program.segment(folder / "ct.nii.gz", options.out / case, options.models)
        print(f"\n{case}: {found.names} {found.notes} {found.refusal} {found.seconds:.0f} s\n")
        print("| level | told | body | whole | mean surface distance, mm |\n|---|---|---|---|---|")
        if case == "lumbar-3mm":
            reference, bodies = labels(folder / "labels-totalseg.nii.gz"), labels(folder / "labels-body-disc.nii.gz") == 1
        else:
            reference, bodies = labels(folder / "labels-vertebra.nii.gz"), np.isin(labels(folder / "labels-region.nii.gz"), (49, 50))
        compare(found, reference, bodies, levels, scan.spacing)


if __name__ == "__main__":
    main()
