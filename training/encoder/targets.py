"""What the encoder must tell of a vertebra's undisturbed box: its grey values in Hounsfield units, which its input no longer has.

The blocks are those of the body's own box, without the margin. Nothing that the generator knows is used, nor the body's mask
beyond its box.
"""
import numpy as np
import torch

import boxes

BLOCKS = 5
BLOCK_QUANTILES = (0.1, 0.9)
QUANTILES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
# Half axes of the ellipsoid that lies inside nearly every body, as shares of its box's (head, back, left; our choice).
INNER = (0.8, 0.75, 0.75)
# Voxels: what is left of a value so blurred is less noise and more tissue (our choice).
BLUR = 1.0
# Vertebrae that stick out do not rule the loss (our choice).
LARGEST = 4.0


def squashed(hu):
    """Fine between soft tissue and marrow, coarse towards gas and bone (our choice)."""
    return np.arcsinh((hu - 100) / 50)


def of(vertebra):
    """Mean and quantiles of each block, [3, BLOCKS, BLOCKS, BLOCKS]; quantiles of the inner ellipsoid, plain and blurred."""
    box = vertebra["region"][tuple(slice(a, b) for a, b in zip(vertebra["low"], vertebra["high"]))].astype(np.float32)
    places = [np.arange(size) * BLOCKS // size for size in box.shape]
    blocks = np.zeros((1 + len(BLOCK_QUANTILES), BLOCKS, BLOCKS, BLOCKS), np.float32)
    for z, y, x in np.ndindex(blocks.shape[1:]):
        values = box[np.ix_(places[0] == z, places[1] == y, places[2] == x)]
        blocks[:, z, y, x] = values.mean(), *np.quantile(values, BLOCK_QUANTILES)
    axes = [((2 * np.arange(size) + 1) / size - 1) / half for size, half in zip(box.shape, INNER)]
    inside = axes[0][:, None, None] ** 2 + axes[1][:, None] ** 2 + axes[2] ** 2 < 1
    smooth = boxes.blurred(torch.from_numpy(box)[None, None], BLUR)[0, 0].numpy()
    whole = np.concatenate([np.quantile(image[inside], QUANTILES) for image in (box, smooth)])
    return squashed(blocks), squashed(whole).astype(np.float32)


def standardised(vertebrae):
    """Both parts of all vertebrae: zero mean and unit standard deviation of each number over them and their mirror images."""
    blocks, whole = (torch.from_numpy(np.stack(part)) for part in zip(*map(of, vertebrae)))
    both = torch.cat([blocks, blocks.flip(-1)])
    blocks = (blocks - both.mean(0)) / both.std(0)
    whole = (whole - whole.mean(0)) / whole.std(0)
    return blocks.clamp(-LARGEST, LARGEST), whole.clamp(-LARGEST, LARGEST)
