#!/usr/bin/env python3
"""Scores the program on generated scans of a setting that no training drew, by region of the spine. Everything here is simulated.

    training/segmentation/phantoms --setting shifted --count 60 --out PHANTOMS
    phantoms.py --phantoms PHANTOMS --out DIR [--models DIR] [--list]

A vertebra counts as wanted where its body does not touch the scan's border; cut ones may be found or not. C1 has no body of the
usual kind and is counted by itself. Figures:
    located     a centre was reported within 12 mm of the body's centre, or inside the body
    outlined    it also has a mask
    false       reported vertebrae, outlined or not, that lie in no vertebra
    Dice        of outlined wanted vertebrae: mean, and the tenth percentile (worst decile)
    wrong       names that are not the truth's; unknown is no name
    parts       Dice of the parts of accepted wanted vertebrae: each pedicle, the rest of the arch, canal beside the body, disc below. The
                generator draws the pedicle as the strut between body and arch, the program as the arch beside the canal's front half:
                what they call so differs, most where voxels are thick
    endplates   mean distance along the columns of the body's inner part between told and true end faces, mm; slices of at most 1.25 mm
"""
import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

import program

LEVELS = [f"C{i}" for i in range(1, 8)] + [f"T{i}" for i in range(1, 13)] + [f"L{i}" for i in range(1, 6)]
REGIONS = {"C1": ("C1", "C1"), "C2 to C7": ("C2", "C7"), "T1 to T6": ("T1", "T6"), "T7 to T12": ("T7", "T12"), "L1 to L5": ("L1", "L5")}
C2 = LEVELS.index("C2") + 1
# Codes of the program's parts (docs/segmentation.md) and the generator's (training/segmentation/phantoms.py); how far canal and disc
# reach from the line through the bodies, mm.
TOLD = {"pedicles": [(2,), (3,)], "arch": [(4,)], "canal": [(9, 10)], "disc": [(15,)]}
TRUE = {"pedicles": [(3,), (4,)], "arch": [(2, 5, 6, 7)]}
CANAL_MM, DISC_MM = 50.0, 35.0
NEAR_MM, THIN_MM, INNER_SHARE = 12.0, 1.25, 0.6


def region(level):
    i = LEVELS.index(level)
    return next(name for name, (a, b) in REGIONS.items() if LEVELS.index(a) <= i <= LEVELS.index(b))


def touches_border(mask):
    return any(mask.take(i, axis).any() for axis in range(3) for i in (0, -1))


def end_faces(truth, told, axis_lean, spacing):
    """Distances between the end faces of two masks, mm, in columns of the true body's inner part, along its axis."""
    x, y = np.nonzero(truth.any(2))
    cx, cy = x.mean(), y.mean()
    rx, ry = (x.max() - x.min()) / 2 + 0.5, (y.max() - y.min()) / 2 + 0.5
    inner = (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2) < INNER_SHARE ** 2
    columns = truth[x[inner], y[inner]], told[x[inner], y[inner]]
    both = columns[1].any(1)
    if not both.any():
        return []
    faces = [(c[both].argmax(1), c[both][:, ::-1].argmax(1)) for c in columns]
    # The share of columns that the told body lacks is a matter of its Dice.
    return [*(np.abs(faces[0][end] - faces[1][end]) * spacing[2] * axis_lean for end in range(2))]


def part_dice(told, level, true_parts, classes, instances, own_body, centres, to_world):
    """Dice of each part of a vertebra, by its name; of each pedicle by itself. `told` holds the program's codes, 0 elsewhere."""
    value = LEVELS.index(level) + 1
    pairs = {name: [(np.isin(told, a), (instances == value) & np.isin(true_parts, b)) for a, b in zip(TOLD[name], TRUE[name])] for name in TRUE}
    names = list(centres)
    i = names.index(level)
    above, below = centres[names[max(i - 1, 0)]], centres[names[min(i + 1, len(names) - 1)]]

    def along(mask, start, way):
        """Places of a mask's voxels along a way, and how far beside it."""
        index = np.argwhere(mask)
        steps = index @ to_world[:3, :3].T + to_world[:3, 3] - start
        places = steps @ way
        return index, places, np.linalg.norm(steps - places[:, None] * way, axis=1)

    def within(mask, start, way, low, high, reach):
        index, places, beside = along(mask, start, way)
        kept = np.zeros(mask.shape, bool)
        kept[tuple(index[(places >= low) & (places <= high) & (beside < reach)].T)] = True
        return kept

    way = (above - below) / max(np.linalg.norm(above - below), 1e-6)
    low, high = np.quantile(along(own_body, centres[level], way)[1], [0.05, 0.95])
    told_canal, true_canal = (within(m, centres[level], way, low, high, CANAL_MM) for m in (np.isin(told, TOLD["canal"][0]), classes == 4))
    pairs["canal"] = [(told_canal, true_canal)]
    if i + 1 < len(names) and names[i + 1] != "sacrum":
        step = below - centres[level]
        length = np.linalg.norm(step)
        pairs["disc"] = [(np.isin(told, TOLD["disc"][0]), within(classes == 3, centres[level], step / length, 0, length, DISC_MM))]
    # What the program omits by name is not scored.
    return {name: [program.dice(a, b) for a, b in each if a.any() and b.any()] for name, each in pairs.items()}


def score(folder, found, facts):
    """A record for each true vertebra, and the number of false ones by the region of the nearest true one."""
    truth = program.read(folder / "instances.nii.gz")
    instances, classes = truth.hu.astype(int), program.read(folder / "classes.nii.gz").hu.astype(int)
    to_index = np.linalg.inv(truth.affine)
    true_parts = program.read(folder / "parts.nii.gz").hu.astype(int)
    to_lps = np.diag([-1, -1, 1, 1]) @ truth.affine
    levels = {name: fact for name, fact in facts["levels"].items() if name != "sacrum"}
    centres = {name: np.array(fact["centreLPSMM"]) for name, fact in facts["levels"].items()}

    def nearest(point):
        return min(centres, key=lambda name: np.linalg.norm(centres[name] - point))

    def level_at(point):
        """The true vertebra of a centre: the one whose body holds it, else the nearest within reach."""
        index = np.rint((to_index @ [-point[0], -point[1], point[2], 1])[:3]).astype(int)
        if ((index >= 0) & (index < instances.shape)).all():
            value = instances[tuple(index)]
            # The atlas is a ring about the dens: its centre lies in C2's bone.
            if value == C2 and nearest(point) == "C1":
                return "C1"
            if 1 <= value <= 24 and classes[tuple(index)] == 1:
                return LEVELS[value - 1]
        near = nearest(point)
        return near if near in levels and np.linalg.norm(centres[near] - point) <= NEAR_MM else None

    told, false = {}, []
    for vertebra in found.vertebrae:
        point = np.array(vertebra["bodyCentreLPSMM"])
        level = level_at(point)
        if level is None or level in told:
            false.append((min(levels, key=lambda name: np.linalg.norm(centres[name] - point), default="L5"), vertebra))
        else:
            told[level] = vertebra
    records = []
    for level in levels:
        body = (instances == LEVELS.index(level) + 1) & (classes == 1)
        if not body.any():
            continue
        record = {"level": level, "wanted": not touches_border(body), "told": told.get(level)}
        vertebra = told.get(level)
        if vertebra and (found.whole == vertebra["labelValue"]).any():
            mask, own_body = found.whole == vertebra["labelValue"], found.bodies == vertebra["labelValue"]
            record |= {"whole": program.dice(mask, instances == LEVELS.index(level) + 1), "body": program.dice(own_body, body)}
            if record["wanted"] and vertebra["verdict"] == "accepted":
                told_parts = np.where(found.parts // 100 == vertebra["labelValue"], found.parts % 100, 0)
                record["parts"] = part_dice(told_parts, level, true_parts, classes, instances, body, centres, to_lps)
            if facts["sliceMM"] <= THIN_MM and record["wanted"]:
                i = list(centres).index(level)
                names = list(centres)
                way = centres[names[max(i - 1, 0)]] - centres[names[min(i + 1, len(names) - 1)]]
                distances = end_faces(body, own_body, abs(way[2]) / max(np.linalg.norm(way), 1e-6), truth.spacing)
                if distances:
                    record["endplate"] = float(np.concatenate(distances).mean())
        records.append(record)
    return records, false


def share(count, of):
    return f"{count}/{of}" + (f" ({count / of:.2f})" if of else "")


def spread(values):
    return f"{np.mean(values):.3f} ({np.quantile(values, 0.1):.3f})" if values else "–"


def table(records, false):
    """One row for each region and one for all but C1."""
    print("\n| region | located | outlined | false | body Dice | whole Dice | named | wrong names | endplates, mm |")
    print("|---" * 9 + "|")
    for name in [*REGIONS, "all but C1"]:
        def belongs(level):
            return region(level) == name or (name == "all but C1" and level != "C1")

        own = [r for r in records if r["wanted"] and belongs(r["level"])]
        told = [r for r in records if belongs(r["level"]) and r["told"]]
        named = [r for r in told if not r["told"]["name"].startswith("unknown")]
        outlined = [r for r in own if "whole" in r]
        ends = [r["endplate"] for r in own if "endplate" in r]
        print(f"| {name} | {share(sum(r['told'] is not None for r in own), len(own))} | {share(len(outlined), len(own))} "
              f"| {sum(belongs(level) for level, _ in false)} | {spread([r['body'] for r in outlined])} | {spread([r['whole'] for r in outlined])} "
              f"| {len(named)}/{len(told)} | {sum(r['told']['name'] != r['level'] for r in named)} | {f'{np.mean(ends):.2f}' if ends else '–'} |")


def part_table(records):
    print("\n| parts: region | vertebrae | " + " | ".join(TOLD) + " |")
    print("|---" * (len(TOLD) + 2) + "|")
    for name in [*REGIONS, "all but C1"]:
        own = [r["parts"] for r in records if "parts" in r and (region(r["level"]) == name or (name == "all but C1" and r["level"] != "C1"))]
        cells = [[value for parts in own for value in parts.get(part, [])] for part in TOLD]
        print(f"| {name} | {len(own)} | " + " | ".join(f"{spread(values)}, {len(values)}" if values else "–" for values in cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phantoms", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--list", action="store_true", help="also a line for each scan, and each vertebra that went wrong")
    options = parser.parse_args()
    everything, all_false, kinds = [], [], defaultdict(int)
    for folder in sorted(f for f in options.phantoms.iterdir() if (f / "truth.json").exists()):
        facts = json.loads((folder / "truth.json").read_text())
        found = program.segment(folder / "ct.nii.gz", options.out / folder.name, options.models)
        if found.refusal:
            found.whole = found.bodies = np.zeros(program.read(folder / "instances.nii.gz").hu.shape, int)
        records, false = score(folder, found, facts)
        everything += records
        all_false += false
        kinds["scans"] += 1
        for kind, is_so in [("tight", facts["isTight"]), ("metal", facts["hasMetal"]), ("cement", facts["hasCement"]), ("refused", found.refusal)]:
            kinds[kind] += bool(is_so)
        if options.list:
            wanted = [r for r in records if r["wanted"]]
            print(f"{folder.name} {facts['region']}, {facts['sliceMM']} mm, {'tight' if facts['isTight'] else 'wide'}"
                  f"{', metal' if facts['hasMetal'] else ''}: {sum(r['told'] is not None for r in wanted)} of {len(wanted)} located, {len(false)} false; "
                  f"{found.seconds:.0f} s {found.refusal}")
            for r in records:
                name = r["told"]["name"] if r["told"] else "lost"
                reasons = " ".join(r["told"]["reasons"]) if r["told"] else ""
                if (r["wanted"] and r.get("whole", 0) < 0.75) or not name.startswith(("unknown", r["level"], "lost")):
                    print(f"    {r['level']}{'' if r['wanted'] else ' (cut)'}: {name}, body {r.get('body', 0):.2f}, whole {r.get('whole', 0):.2f}. {reasons}")
            for level, vertebra in false:
                print(f"    false, near {level}: {vertebra['name']}, {vertebra.get('bodyVolumeML', 0):.1f} mL. {' '.join(vertebra['reasons'])}")
            for note in found.notes:
                print(f"    note: {note}")
    print(f"\nGenerated scans: {', '.join(f'{count} {kind}' for kind, count in kinds.items())}")
    table(everything, all_false)
    part_table(everything)


if __name__ == "__main__":
    main()
