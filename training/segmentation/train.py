#!/usr/bin/env python3
"""Trains net A on generated anatomy alone. Stopped at any moment, it goes on from its last checkpoint.

    train.py --geometries DIR --work DIR --steps N [--cool-down N] [--start FILE.safetensors] [--batch N] [--minutes N]

Uses a GPU where there is one; then the painting is the bottleneck: give it `--painters` and a larger `--batch`. Writes
DIR/checkpoint.pt, DIR/log.csv and, at every checkpoint, DIR/osteon-locator.safetensors: the averaged weights, folded, F16.
The rate is level after a warm-up, so that a training can be made longer at any time; the last `--cool-down` steps take it to 0 with
the normalisation's statistics frozen. `--start` begins from exported weights: a new warm-up, and no normalisation any more.
"""
import argparse
import csv
import math
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import export
import network
import samples
from setting import TRAINING

SEED = 7
# Depth, height, width of a step's crops in voxels: mostly the spine and what is next to it, for a cheap step; some wide, some long.
# Our choice, as are single crops: on a slow machine many small steps teach more than few large ones.
SHAPES = [(64, 48, 48), (64, 48, 48), (56, 56, 80), (64, 64, 72), (104, 56, 56)]
RATE, DECAY, WARM_UP, AVERAGE = 3e-3, 1e-2, 40, 0.99
# Background counts little in the cross-entropy, thin classes more (prototyped).
WEIGHTS = torch.tensor([0.3, 1, 1.5, 1.5, 1, 1, 1, 1])
CHECKPOINT_EVERY = 50


def batch(files, step, count):
    """The batch of a step depends on the seed, the step, its size and the geometries alone."""
    random = np.random.default_rng([SEED, step])
    shape = SHAPES[random.integers(len(SHAPES))]
    drawn = [samples.draw(files[random.integers(len(files))], shape, random, TRAINING) for _ in range(count)]
    return [np.stack(parts) for parts in zip(*drawn)]


def losses(output, shares, offsets, counts, weights):
    """Weighted cross-entropy of soft labels, mean soft Dice of the classes present, mean absolute offset error (unit 30 mm)."""
    output = output.float()
    logits = output[:, :network.CLASSES]
    log = F.log_softmax(logits, 1)
    weights = weights[None, :, None, None, None]
    entropy = -(weights * shares * log).sum() / (weights * shares).sum()
    overlap = dice(log.exp(), shares)
    present = shares.sum((0, 2, 3, 4))[1:] > 20
    error = (output[:, network.CLASSES:] - offsets).abs().sum(1, keepdim=True) * counts
    return entropy, 1 - overlap[present].mean() if present.any() else entropy * 0, error.sum() / (3 * counts.sum() + 1)


def dice(told, shares):
    """Soft Dice of classes 1 to 7 over the batch."""
    both = (told * shares).sum((0, 2, 3, 4))[1:]
    return (2 * both + 1) / ((told + shares).sum((0, 2, 3, 4))[1:] + 1)


def rate(step, options):
    cool = min(1.0, (options.steps - step) / max(options.cool_down, 1)) if options.cool_down else 1.0
    return RATE * options.rate_factor * min(1.0, (step - options.begun + 1) / WARM_UP) * (0.5 - 0.5 * math.cos(math.pi * cool))


def train(options):
    torch.manual_seed(SEED)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = network.Locator()
    if options.start:
        export.restart(model, options.start)
    model.to(device, memory_format=torch.channels_last_3d)
    weights = WEIGHTS.to(device)
    average = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    step, spent, options.begun = options.first_step, 0.0, options.first_step
    checkpoint = options.work / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True, map_location=device)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        average, step, spent, options.begun = saved["average"], saved["step"], saved["seconds"], saved["begun"]
    started, wall = time.process_time(), time.monotonic()
    is_new = not (options.work / "log.csv").exists()
    with open(options.work / "log.csv", "a", newline="") as log, ProcessPoolExecutor(
            options.painters, multiprocessing.get_context("fork")) as painters:
        lines = csv.writer(log)
        if is_new:
            lines.writerow(["step", "cross_entropy", "dice_loss", "offset_error_mm", "rate", "core_seconds", "geometries"])
        ahead, recent = {}, []
        while step < options.steps:
            files = sorted(options.geometries.glob("*.npy"), key=lambda f: int(f.stem))
            for future in range(step, min(step + 1 + 2 * options.painters, options.steps)):
                if future not in ahead:
                    ahead[future] = painters.submit(batch, files, future, options.batch)
            tensors = [torch.from_numpy(part).to(device) for part in ahead.pop(step).result()]
            # Exported weights have their normalisation folded in: statistics of a batch would undo it.
            is_frozen = options.begun > 0 or step >= options.steps - options.cool_down
            model.train()
            if is_frozen:
                for module in model.modules():
                    if isinstance(module, nn.BatchNorm3d):
                        module.eval()
            for group in optimiser.param_groups:
                group["lr"] = rate(step, options)
            with torch.autocast(device, torch.bfloat16, enabled=options.bfloat16):
                output = model(tensors[0].to(memory_format=torch.channels_last_3d))
            parts = losses(output, *tensors[1:], weights)
            total = parts[0] + parts[1] + 3 * parts[2]
            optimiser.zero_grad()
            if total.isfinite():
                total.backward()
                norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                if norm.isfinite():
                    optimiser.step()
            else:
                print(f"step {step}: the loss is {float(total)}; skipped", file=sys.stderr, flush=True)
            step += 1
            keep = min(AVERAGE, step / (step + 10))
            for name, tensor in model.state_dict().items():
                average[name] = average[name] * keep + tensor * (1 - keep) if tensor.is_floating_point() else tensor.clone()
            recent.append([float(part.detach()) for part in parts])
            is_over = options.minutes is not None and time.monotonic() - wall > 60 * options.minutes
            if step % CHECKPOINT_EVERY == 0 or step == options.steps or is_over:
                seconds = spent + time.process_time() - started
                entropy, overlap, error = np.mean(recent, axis=0)
                recent = []
                lines.writerow([step, f"{entropy:.4f}", f"{overlap:.4f}", f"{error * samples.OFFSET_UNIT_MM:.2f}",
                                f"{optimiser.param_groups[0]['lr']:.2e}", f"{seconds:.0f}", len(files)])
                log.flush()
                save(checkpoint, {"model": model.state_dict(), "average": average, "optimiser": optimiser.state_dict(), "step": step,
                                  "seconds": seconds, "begun": options.begun})
                export.weights({name: tensor.cpu() for name, tensor in average.items()}, options.work / f"{export.NAME}.safetensors", step)
            if is_over:
                for future in ahead.values():
                    future.cancel()
                break


def save(file, what):
    part = file.with_suffix(".part")
    torch.save(what, part)
    part.rename(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--geometries", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, required=True, help="in all")
    parser.add_argument("--cool-down", type=int, default=0)
    parser.add_argument("--rate-factor", type=float, default=1.0)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--first-step", type=int, default=0, help="of a training that begins from --start")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--painters", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1, help="crops of a step")
    parser.add_argument("--minutes", type=float, help="stop, with a checkpoint, after so long")
    parser.add_argument("--single-precision", dest="bfloat16", action="store_false")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    train(options)


if __name__ == "__main__":
    main()
