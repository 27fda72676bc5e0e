"""Net A, at 3 mm over the whole scan: which structure each voxel is, and where its own body's centre lies."""
import torch
from torch.nn import functional as F

import samples

NAME, VERSION = "osteon-locator", "0.2"
INPUTS, CLASSES = 1, samples.CLASSES
OUTPUTS = CLASSES + 3
CLASS_NAMES = ["body", "posterior", "disc", "canal", "sacrum", "rib", "pelvis"]
# Depth, height, width of a step's crops in voxels: mostly the spine and what is next to it, for a cheap step; some wide, some long.
# Our choice, as are single crops: on a slow machine many small steps teach more than few large ones.
SHAPES = [(64, 48, 48), (64, 48, 48), (56, 56, 80), (64, 64, 72), (104, 56, 56)]
TEST_SHAPE = (80, 64, 64)
# Background counts little in the cross-entropy, thin classes more (prototyped).
WEIGHTS = (0.3, 1, 1.5, 1.5, 1, 1, 1, 1)
FIGURES = ["cross_entropy", "dice_loss", "offset_error_mm"]

draw = samples.draw


def losses(output, shares, offsets, counts):
    """Weighted cross-entropy of soft labels, mean soft Dice of the classes present, mean absolute offset error (unit 10 mm)."""
    error = (output[:, CLASSES:] - offsets).abs().sum(1, keepdim=True) * counts
    return *overlap_losses(output[:, :CLASSES], shares, WEIGHTS), 3 * error.sum() / (3 * counts.sum() + 1)


def figures(parts):
    """What the log says of a step's losses."""
    entropy, overlap, error = parts
    return entropy, overlap, error / 3 * samples.OFFSET_UNIT_MM


def overlap_losses(logits, shares, weights):
    """Weighted cross-entropy of soft labels, and one less the mean soft Dice of the classes present but the first."""
    log = F.log_softmax(logits, 1)
    weights = torch.tensor(weights, device=logits.device)[None, :, None, None, None]
    entropy = -(weights * shares * log).sum() / (weights * shares).sum()
    told, axes = log.exp(), (0, 2, 3, 4)
    dice = (2 * (told * shares).sum(axes)[1:] + 1) / ((told + shares).sum(axes)[1:] + 1)
    present = shares.sum(axes)[1:] > 20
    return entropy, 1 - dice[present].mean() if present.any() else entropy * 0
