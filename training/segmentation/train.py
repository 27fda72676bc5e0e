#!/usr/bin/env python3
"""Trains a net on generated anatomy alone. Stopped at any moment, it goes on from its last checkpoint.

    train.py --net locator|outliner --geometries DIR --work DIR --steps N [--cool-down N] [--start FILE.safetensors]
             [--batch N] [--minutes N]

Uses a GPU where there is one; then the painting is the bottleneck: give it `--painters` and a larger `--batch`. Writes
DIR/checkpoint.pt, DIR/log.csv and, at every checkpoint, DIR/osteon-NET.safetensors: the averaged weights, folded, F16.
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
from safetensors.torch import load_file
from torch import nn

import export
import locator
import network
import outliner
from setting import TRAINING, WITHOUT

NETS = {"locator": locator, "outliner": outliner}
SEED = 7
RATE, DECAY, WARM_UP, AVERAGE = 3e-3, 1e-2, 40, 0.99
CHECKPOINT_EVERY = 50
# Crops from which borrowed weights learn the statistics of their new inputs.
FIRST_LOOK = 6


def batch(net, files, step, count, seed, setting):
    """The batch of a step depends on these arguments alone."""
    net = NETS[net]
    random = np.random.default_rng([seed, step])
    shape = net.SHAPES[random.integers(len(net.SHAPES))]
    drawn = [net.draw(files[random.integers(len(files))], shape, random, setting) for _ in range(count)]
    return [np.stack(parts) for parts in zip(*drawn)]


def rate(step, options):
    cool = min(1.0, (options.steps - step) / max(options.cool_down, 1)) if options.cool_down else 1.0
    return RATE * options.rate_factor * min(1.0, (step - options.begun + 1) / WARM_UP) * (0.5 - 0.5 * math.cos(math.pi * cool))


def train(options):
    torch.manual_seed(options.seed)
    setting = WITHOUT[options.without] if options.without else TRAINING
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net = NETS[options.net]
    model = network.UNet(net.INPUTS, net.OUTPUTS)
    if options.start:
        network.restart(model, load_file(options.start))
    if options.start_of_other:
        network.borrow(model, load_file(options.start_of_other))
        network.awaken(model, torch.from_numpy(batch(options.net, sorted(options.geometries.glob("*.npy")), 0, FIRST_LOOK,
                                                      options.seed, setting)[0]))
    model.to(device, memory_format=torch.channels_last_3d)
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
            lines.writerow(["step", *net.FIGURES, "rate", "core_seconds", "geometries"])
        ahead, recent = {}, []
        while step < options.steps:
            files = sorted(options.geometries.glob("*.npy"), key=lambda f: int(f.stem))
            for future in range(step, min(step + 1 + 2 * options.painters, options.steps)):
                if future not in ahead:
                    ahead[future] = painters.submit(batch, options.net, files, future, options.batch, options.seed, setting)
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
            parts = net.losses(output.float(), *tensors[1:])
            total = sum(parts)
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
                told = net.figures(np.mean(recent, axis=0))
                recent = []
                lines.writerow([step, *(f"{figure:.4f}" for figure in told), f"{optimiser.param_groups[0]['lr']:.2e}", f"{seconds:.0f}", len(files)])
                log.flush()
                save(checkpoint, {"model": model.state_dict(), "average": average, "optimiser": optimiser.state_dict(), "step": step,
                                  "seconds": seconds, "begun": options.begun})
                export.weights({name: tensor.cpu() for name, tensor in average.items()}, options.work / f"{net.NAME}.safetensors", step)
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
    parser.add_argument("--net", choices=NETS, default="locator")
    parser.add_argument("--geometries", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, required=True, help="in all")
    parser.add_argument("--cool-down", type=int, default=0)
    parser.add_argument("--rate-factor", type=float, default=1.0)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--start-of-other", type=Path, help="begin from the other net's exported weights, as far as they fit")
    parser.add_argument("--first-step", type=int, default=0, help="of a training that begins from --start")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--painters", type=int, default=1)
    parser.add_argument("--without", choices=WITHOUT, help="an ingredient of the generator to leave out (ablation.py)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--batch", type=int, default=1, help="crops of a step")
    parser.add_argument("--minutes", type=float, help="stop, with a checkpoint, after so long")
    parser.add_argument("--single-precision", dest="bfloat16", action="store_false")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    train(options)


if __name__ == "__main__":
    main()
