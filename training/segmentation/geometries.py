#!/usr/bin/env python3
"""Stores generated patients for the training.

    geometries.py --count 300 --output DIR [--first 1]

A patient is a random spine with its surroundings on a grid of 1.5 mm: bones, tissues and distances, no grey values (samples.py). Every
region of the spine comes equally often. One that is there already is not made again.
"""
import argparse
from pathlib import Path

import samples
from setting import TRAINING


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    for seed in range(options.first, options.first + options.count):
        samples.make(seed, TRAINING, options.output)


if __name__ == "__main__":
    main()
