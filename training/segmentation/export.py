#!/usr/bin/env python3
"""Folded F16 weights of a net, their entry in models.lock, and a reference output for other engines.

    export.py --net NET --weights FILE.safetensors --steps N --patients N   into deploy/models and its models.lock
    export.py --net NET --weights FILE.safetensors --reference OUT.csv      what PyTorch makes of a fixed picture with them
                                                                            (Tests/SegmentationTests/Golden)
"""
import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

import locator
import network
import outliner
from setting import TRAINING

NETS = {"locator": locator, "outliner": outliner}
MODELS = Path(__file__).resolve().parents[2] / "deploy/models"


def weights(state, file, step):
    """Writes the folded network of a state_dict, F16, replacing the file at once."""
    model = network.UNet(state[network.FIRST].shape[1], state[network.LAST].shape[0])
    model.load_state_dict(state)
    tensors = {name: tensor.half() for name, tensor in network.folded(model).items()}
    part = file.with_suffix(".part")
    save_file(tensors, part, {"step": str(step), "origin": "training/segmentation: generated anatomy alone, no patient"})
    part.chmod(0o644)
    part.rename(file)


def picture(shape, inputs):
    """A fixed picture of waves with values of a network's inputs; each further input is the first, turned over and damped."""
    z, y, x = torch.meshgrid(*(torch.arange(n, dtype=torch.float32) for n in shape), indexing="ij")
    first = 1.5 * torch.sin(0.31 * z + 0.2) * torch.cos(0.23 * y) + 0.8 * torch.sin(0.4 * x + 0.1 * z) + 0.3
    return torch.stack([first * (-0.3) ** i for i in range(inputs)])[None]


def reference(file, out):
    """All channels at every fifth voxel of each axis."""
    with torch.no_grad():
        model = network.unfolded(load_file(file))
        output = model(picture((24, 32, 40), model.encoder.stages[0][0].convs[0].conv.in_channels))[0]
    lines = [f"# PyTorch {torch.__version__}, training/segmentation/export.py --reference, weights of SHA-256 "
             f"{hashlib.sha256(file.read_bytes()).hexdigest()}", "z,y,x," + ",".join(f"channel{c}" for c in range(len(output)))]
    for z in range(2, output.shape[1], 5):
        for y in range(2, output.shape[2], 5):
            for x in range(2, output.shape[3], 5):
                lines.append(f"{z},{y},{x}," + ",".join(f"{value:.5g}" for value in output[:, z, y, x].tolist()))
    out.write_text("\n".join(lines) + "\n")


def enter(net, file, steps, patients):
    data = file.read_bytes()
    with safe_open(file, "pt") as opened:
        steps = steps or int(opened.metadata()["step"])
    target = MODELS / f"{net.NAME}.safetensors"
    target.write_bytes(data)
    entry = {
        "name": net.NAME, "version": net.VERSION, "file": target.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        "licence": "that of Osteon",
        "origin": f"training/segmentation: {patients} generated patients of setting '{TRAINING.name}', no patient; torch "
                  f"{torch.__version__}, seed 7, {steps} steps", "card": f"{net.NAME}.md"}
    lock = json.loads((MODELS / "models.lock").read_text())
    lock["models"] = [model for model in lock["models"] if model["name"] != net.NAME] + [entry]
    (MODELS / "models.lock").write_text(json.dumps(lock, indent=2) + "\n")
    print(f"{target.name}: {len(data)} bytes, SHA-256 {entry['sha256']}, {steps} steps")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--net", choices=NETS, default="locator")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--patients", type=int, default=0)
    options = parser.parse_args()
    if options.reference:
        reference(options.weights, options.reference)
    else:
        enter(NETS[options.net], options.weights, options.steps, options.patients)


if __name__ == "__main__":
    main()
