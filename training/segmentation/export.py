#!/usr/bin/env python3
"""Folded F16 weights of net A, their entry in models.lock, and a reference output for other engines.

    export.py --weights FILE.safetensors --steps N --patients N        into deploy/models and its models.lock
    export.py --weights FILE.safetensors --reference OUT.csv           what PyTorch makes of a fixed picture with them
                                                                       (Tests/SegmentationTests/Golden/osteon-locator.csv)
"""
import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

import network
from setting import TRAINING

NAME, VERSION = "osteon-locator", "0.2"
MODELS = Path(__file__).resolve().parents[2] / "deploy/models"


def weights(state, file, step):
    """Writes the folded network of a state_dict, F16, replacing the file at once."""
    model = network.Locator()
    model.load_state_dict(state)
    tensors = {name: tensor.half() for name, tensor in network.folded(model).items()}
    part = file.with_suffix(".part")
    save_file(tensors, part, {"step": str(step), "origin": "training/segmentation: generated anatomy alone, no patient"})
    part.chmod(0o644)
    part.rename(file)


def restart(model, file):
    """Exported weights as the start of a new training: the norms begin as what was folded."""
    model.load_state_dict(network.unfolded(load_file(file)).state_dict())


def picture(shape):
    """A fixed picture of waves with values of the network's input."""
    z, y, x = torch.meshgrid(*(torch.arange(n, dtype=torch.float32) for n in shape), indexing="ij")
    return (1.5 * torch.sin(0.31 * z + 0.2) * torch.cos(0.23 * y) + 0.8 * torch.sin(0.4 * x + 0.1 * z) + 0.3)[None, None]


def reference(file, out):
    """All channels at every fifth voxel of each axis."""
    with torch.no_grad():
        output = network.unfolded(load_file(file))(picture((24, 32, 40)))[0]
    lines = [f"# PyTorch {torch.__version__}, training/segmentation/export.py --reference, weights of SHA-256 "
             f"{hashlib.sha256(file.read_bytes()).hexdigest()}", "z,y,x," + ",".join(f"channel{c}" for c in range(len(output)))]
    for z in range(2, output.shape[1], 5):
        for y in range(2, output.shape[2], 5):
            for x in range(2, output.shape[3], 5):
                lines.append(f"{z},{y},{x}," + ",".join(f"{value:.5g}" for value in output[:, z, y, x].tolist()))
    out.write_text("\n".join(lines) + "\n")


def enter(file, steps, patients):
    data = file.read_bytes()
    with safe_open(file, "pt") as opened:
        steps = steps or int(opened.metadata()["step"])
    target = MODELS / f"{NAME}.safetensors"
    target.write_bytes(data)
    entry = {
        "name": NAME, "version": VERSION, "file": target.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        "licence": "that of Osteon",
        "origin": f"training/segmentation: {patients} generated patients of setting '{TRAINING.name}', no patient; torch "
                  f"{torch.__version__}, seed 7, {steps} steps", "card": f"{NAME}.md"}
    lock = json.loads((MODELS / "models.lock").read_text())
    lock["models"] = [model for model in lock["models"] if model["name"] != NAME] + [entry]
    (MODELS / "models.lock").write_text(json.dumps(lock, indent=2) + "\n")
    print(f"{target.name}: {len(data)} bytes, SHA-256 {entry['sha256']}, {steps} steps")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--patients", type=int, default=0)
    options = parser.parse_args()
    if options.reference:
        reference(options.weights, options.reference)
    else:
        enter(options.weights, options.steps, options.patients)


if __name__ == "__main__":
    main()
