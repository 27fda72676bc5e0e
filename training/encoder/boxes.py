"""The box around a vertebral body: as the network gets it (docs/deep-features.md), and disturbed, as the training shows it."""
import json

import numpy as np
import torch
from torch.nn import functional as F

SIZE = 32
MARGIN_MM = 5
# Kept around the body in training files, so that a disturbed box finds what lies beyond the exact one.
KEPT_MM = 12


def cut(ct, mask, spacing):
    """int16 voxels of the body and KEPT_MM around it, and the corners of the body's own box there; None at the border."""
    places = [np.flatnonzero(mask.any(axis=tuple(a for a in range(3) if a != axis))) for axis in range(3)]
    if any(len(p) == 0 for p in places):
        return None
    low = np.array([p[0] for p in places])
    high = np.array([p[-1] + 1 for p in places])
    if (low == 0).any() or (high == ct.shape).any():
        return None
    kept = np.ceil(KEPT_MM / spacing).astype(int)
    start = np.maximum(low - kept, 0)
    end = np.minimum(high + kept, ct.shape)
    region = ct[tuple(slice(a, b) for a, b in zip(start, end))]
    return region.astype(np.int16), (low - start, high - start)


def standardised(cube):
    """Zero mean and unit standard deviation of all voxels."""
    spread, mean = torch.std_mean(cube, dim=(-3, -2, -1), correction=0, keepdim=True)
    return (cube - mean) / spread


def exact(region, low, high, spacing):
    """The network's input: [SIZE, SIZE, SIZE], depth to the head, height to the back, width to the left."""
    margin = np.ceil(MARGIN_MM / spacing - 1e-4).astype(int)
    start = np.maximum(low - margin, 0)
    end = np.minimum(high + margin, region.shape)
    box = torch.from_numpy(region[tuple(slice(a, b) for a, b in zip(start, end))].astype(np.float32))
    cube = F.interpolate(box[None, None], size=(SIZE,) * 3, mode="trilinear", align_corners=False)[0, 0]
    return standardised(cube)


def disturbed(region, low, high, spacing, random):
    """As `exact`, from another box, turned, blurred and with noise; and whether left and right are exchanged."""
    size = np.array(region.shape, float)
    # Corners in voxels: an operator's or a segmentation's box is off by millimetres.
    start = low - (MARGIN_MM + random.uniform(-3, 4, 3)) / spacing
    end = high + (MARGIN_MM + random.uniform(-3, 4, 3)) / spacing
    centre, half = (start + end) / 2, (end - start) / 2
    # Unit cube of the output → millimetres → turned → voxels → unit cube of the region, which grid_sample reads.
    turn = rotation(np.radians(random.uniform(-6, 6, 3)))
    is_mirrored = random.random() < 0.5
    mirror = np.array([1, 1, -1 if is_mirrored else 1])
    matrix = (turn * (half * spacing * mirror)) / spacing[:, None] * (2 / size)[:, None]
    offset = centre * 2 / size - 1
    affine = np.concatenate([matrix, offset[:, None]], axis=1)[::-1]  # grid_sample's rows are x, y, z ...
    affine = np.concatenate([affine[:, 2::-1], affine[:, 3:]], axis=1)  # ... and so are its columns.
    grid = F.affine_grid(torch.tensor(affine.copy(), dtype=torch.float32)[None], (1, 1, SIZE, SIZE, SIZE), align_corners=False)
    image = torch.from_numpy(region.astype(np.float32))[None, None]
    cube = F.grid_sample(image, grid, mode="bilinear", padding_mode="border", align_corners=False)
    if random.random() < 0.5:
        cube = blurred(cube, random.uniform(0.3, 1.0))
    noise = torch.from_numpy(random.standard_normal((SIZE,) * 3, dtype=np.float32))
    cube = cube[0, 0] + random.uniform(0, 40) * noise
    return standardised(cube), is_mirrored


def rotation(angles):
    """Turns about the axes z, y, x, in the order z, y, x of coordinates."""
    matrix = np.eye(3)
    for axis, angle in enumerate(angles):
        a, b = [i for i in range(3) if i != axis]
        turn = np.eye(3)
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    return matrix


def blurred(cube, sigma):
    offsets = torch.arange(-3, 4, dtype=torch.float32)
    kernel = torch.exp(-0.5 * (offsets / sigma) ** 2)
    kernel /= kernel.sum()
    for axis in range(3):
        shape = [1, 1, 1, 1, 1]
        shape[2 + axis] = 7
        padding = [0, 0, 0, 0, 0, 0]
        padding[4 - 2 * axis] = padding[5 - 2 * axis] = 3
        cube = F.conv3d(F.pad(cube, padding, mode="replicate"), kernel.reshape(shape))
    return cube


def load(files):
    """Every vertebra of files of phantoms.py: dicts with region, low, high, spacing, facts, phantom, level."""
    vertebrae = []
    for file in files:
        with np.load(file) as data:
            facts = json.loads(str(data["facts"]))
            for level, fact in facts.items():
                vertebrae.append({
                    "region": data[level], "low": np.array(fact["low"]), "high": np.array(fact["high"]),
                    "spacing": data["spacing"], "facts": fact, "phantom": int(file.stem), "level": level})
    return vertebrae
