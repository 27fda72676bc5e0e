#!/usr/bin/env python3
"""Cubes and embeddings of PyTorch that Tests/DeepFeaturesTests compares with.

    deep_features.py DIR    the files of Tests/DeepFeaturesTests/Golden

The scan is a formula that the tests know. Each cube is resized by PyTorch and, as a second opinion on where the voxels lie, by SciPy. Needs what networks.py
needs, and scipy. Seeds are fixed.
"""
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from scipy.ndimage import map_coordinates
from torch.nn.functional import interpolate

from networks import lively, vit, vit_outputs
from reference_modules import ResNet3D

# Sizes are z, y, x; the region's box grown by 1.5 mm at 0.7 x 0.7 x 1.2 mm.
SIZE, LOWER, EXTENT = (17, 19, 21), (1, 2, 1), (13, 14, 17)


def scan():
    count = int(np.prod(SIZE))
    return (np.arange(count, dtype=np.int64) * 7919 % 2003 - 500).astype(np.float32).reshape(SIZE)


def cube(size):
    box = scan()[tuple(slice(a, a + n) for a, n in zip(LOWER, EXTENT))]
    resized = interpolate(torch.from_numpy(box)[None, None], (size,) * 3, mode="trilinear", align_corners=False)
    places = [np.maximum((np.arange(size) + 0.5) * n / size - 0.5, 0) for n in EXTENT]
    other = map_coordinates(box.astype(float), np.meshgrid(*places, indexing="ij"), order=1, mode="nearest")
    assert np.abs(resized[0, 0].numpy() - other).max() < 2e-3
    return (resized - resized.mean()) / resized.std(correction=0)


@torch.no_grad()
def main(folder):
    torch.manual_seed(6)
    origin = {"origin": f"training/golden/deep_features.py, torch {torch.__version__}, seed 6"}
    save_file({f"cube.{size}": cube(size)[0, 0].contiguous() for size in (6, 16, 20)}, folder / "cubes.safetensors", origin)
    networks = {
        "resnet3d": (ResNet3D(10, width=2), lambda model: model(cube(16))),
        "vit3d": (vit((16, 16, 16), (8, 8, 8), 12, 2, 2, 6, 16, False), lambda model: vit_outputs(model, cube(16))[1]),
    }
    for name, (model, embed) in networks.items():
        lively(model, (2, 1, 16, 16, 16))
        for tensor in list(model.parameters()) + list(model.buffers()):
            if tensor.is_floating_point():
                tensor.copy_(tensor.half().float())
        tensors = {key: value.half().contiguous() for key, value in model.state_dict().items() if value.is_floating_point()}
        tensors["golden"] = embed(model)[0].float()
        print(name, tensors["golden"].shape, float(tensors["golden"].std()))
        save_file(tensors, folder / f"{name}.safetensors", origin)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    main(Path(sys.argv[1]))
