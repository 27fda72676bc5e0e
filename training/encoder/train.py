#!/usr/bin/env python3
"""Trains the default encoder on simulated vertebrae, without labels.

    train.py --phantoms DIR --work DIR [--resume]                    writes DIR/checkpoint.pt and DIR/log.csv
    train.py --work DIR --export                                     writes deploy/models: the encoder alone, F16, and its entry

The encoder sees a vertebra's box disturbed and standardised: moved, turned, mirrored, blurred, with noise, without Hounsfield units.
From its 256 numbers a linear layer must tell grey values of the undisturbed box in Hounsfield units (targets.py): a denoising task
(Vincent et al. 2008, 10.1145/1390156.1390294), with a few hundred statistics in place of voxels (our choice). Nothing that the
generator knows of a vertebra is used.
"""
import argparse
import csv
import hashlib
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

import boxes
import targets

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training/golden"))
from reference_modules import ResNet3D  # noqa: E402

NAME, VERSION = "osteon-resnet10-phantom", "1.0"
MODELS = ROOT / "deploy/models"
DEPTH, WIDTH = 10, 32
SEED = 6
BATCH = 16
RATE, DECAY, WARM_UP = 1e-3, 1e-2, 50


def encoder(seed=SEED):
    torch.manual_seed(seed)
    model = ResNet3D(DEPTH, WIDTH)
    for module in model.modules():
        if isinstance(module, nn.Conv3d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return model.to(memory_format=torch.channels_last_3d)


def batch(vertebrae, blocks, whole, step):
    """The batch of a step depends on the seed and the step alone, so that a resumed training is the same training."""
    random = np.random.default_rng([SEED, step])
    chosen = random.choice(len(vertebrae), BATCH, replace=False)
    seen, wanted = [], []
    for index in chosen:
        v = vertebrae[index]
        cube, is_mirrored = boxes.disturbed(v["region"], v["low"], v["high"], v["spacing"], random)
        seen.append(cube)
        wanted.append(blocks[index].flip(-1) if is_mirrored else blocks[index])
    return torch.stack(seen)[:, None], torch.stack(wanted).flatten(1), whole[chosen]


def errors_of(parts, seen, blocks, whole):
    """Mean squared errors of the blocks and of the whole, in variances over the training's vertebrae."""
    told = parts["decoder"](parts["encoder"](seen.to(memory_format=torch.channels_last_3d)))
    count = blocks.shape[1]
    return F.mse_loss(told[:, :count], blocks), F.mse_loss(told[:, count:], whole)


def train(options):
    files = sorted(options.phantoms.glob("*.npz"))
    vertebrae = boxes.load(files)
    blocks, whole = targets.standardised(vertebrae)
    parts = {"encoder": encoder(), "decoder": nn.Linear(WIDTH * 8, blocks[0].numel() + whole.shape[1])}
    optimiser = torch.optim.AdamW(
        [p for part in parts.values() for p in part.parameters()], lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / WARM_UP, 0.5 * (1 + math.cos(math.pi * min(s / options.steps, 1)))))
    first, spent = 0, 0.0
    checkpoint = options.work / "checkpoint.pt"
    if options.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        if saved["steps"] != options.steps:
            sys.exit(f"{checkpoint} is of a training of {saved['steps']} steps: give --steps {saved['steps']}.")
        for name, part in parts.items():
            part.load_state_dict(saved[name])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        first, spent = saved["step"], saved["seconds"]
    options.work.mkdir(parents=True, exist_ok=True)
    print(f"{len(files)} phantoms, {len(vertebrae)} vertebrae, steps {first} to {options.steps} of {BATCH}", flush=True)
    started = time.process_time()
    with open(options.work / "log.csv", "a" if first else "w", newline="") as log:
        lines = csv.writer(log)
        if not first:
            lines.writerow(["step", "blocks_error", "whole_error", "core_seconds"])
        recent = []
        for step in range(first, options.steps):
            errors = errors_of(parts, *batch(vertebrae, blocks, whole, step))
            total = sum(errors)
            if not total.isfinite():
                sys.exit(f"step {step}: the loss is {float(total)}; the last checkpoint is kept")
            optimiser.zero_grad()
            total.backward()
            nn.utils.clip_grad_norm_([p for part in parts.values() for p in part.parameters()], 1.0)
            optimiser.step()
            schedule.step()
            recent.append([float(e.detach()) for e in errors])
            if (step + 1) % 25 == 0 or step + 1 == options.steps:
                seconds = spent + time.process_time() - started
                lines.writerow([step + 1, *(f"{e:.5f}" for e in np.mean(recent, axis=0)), f"{seconds:.0f}"])
                log.flush()
                recent = []
                save(checkpoint, parts, optimiser, schedule,
                     {"step": step + 1, "steps": options.steps, "seconds": seconds, "vertebrae": len(vertebrae)})
    print(f"{spent + time.process_time() - started:.0f} s of a core")


def save(file, parts, optimiser, schedule, progress):
    part = file.with_suffix(".part")
    torch.save({**{name: p.state_dict() for name, p in parts.items()}, "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(), **progress}, part)
    part.rename(file)


def export(options):
    """The weights, their entry in models.lock, and what PyTorch makes of them, for Tests/NeuralNetworksTests."""
    saved = torch.load(options.work / "checkpoint.pt", weights_only=True)
    if saved["step"] != saved["steps"]:
        sys.exit(f"the training stopped at step {saved['step']} of {saved['steps']}: go on with --resume")
    tensors = {name: value.to(torch.float16).contiguous().clone() for name, value in saved["encoder"].items()
               if value.is_floating_point()}
    origin = (f"training/encoder: grey values told from a disturbed box, {saved['vertebrae']} simulated vertebrae of Osteon's phantom "
              f"generator, no patient; torch {torch.__version__}, seed {SEED}, {saved['steps']} steps of {BATCH}")
    file = MODELS / f"{NAME}.safetensors"
    save_file(tensors, file, {"origin": origin})
    file.chmod(0o644)
    data = file.read_bytes()
    entry = {
        "name": NAME, "version": VERSION, "file": file.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        "licence": "that of Osteon", "origin": origin, "card": f"{NAME}.md",
        "encoder": {"inputSize": boxes.SIZE, "marginMM": boxes.MARGIN_MM,
                    "resnet3d": {"depth": DEPTH, "width": WIDTH, "dilated": False, "shortcut": "B"}}}
    lock = json.loads((MODELS / "models.lock").read_text())
    lock["models"] = [model for model in lock["models"] if model["name"] != NAME] + [entry]
    (MODELS / "models.lock").write_text(json.dumps(lock, indent=2) + "\n")

    model = ResNet3D(DEPTH, WIDTH).eval()
    model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, strict=False)
    with torch.no_grad():
        embedding = model(picture([1, 1, boxes.SIZE, boxes.SIZE, boxes.SIZE]))
    save_file({"embedding": embedding.contiguous()}, ROOT / "Tests/NeuralNetworksTests/Golden/default-encoder.safetensors",
              {"origin": f"training/encoder/train.py, torch {torch.__version__}, weights {entry['sha256']}"})
    print(f"{file.name}: {len(data)} bytes, SHA-256 {entry['sha256']}")


def picture(shape):
    """The input of the tests' golden numbers: ((7919 i) mod 2003) / 1001.5 - 1 at place i."""
    places = torch.arange(torch.Size(shape).numel(), dtype=torch.int64)
    return (((places * 7919) % 2003).double() / 1001.5 - 1).float().reshape(shape)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phantoms", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--export", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.export:
        export(options)
    else:
        train(options)


if __name__ == "__main__":
    main()
