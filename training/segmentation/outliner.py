"""Net B, at 1.5 mm round one vertebra whose centre is known: what is its own, what is another's.

Inputs: the picture (samples.network_input), a bell round the vertebra's own centre, bells round the other vertebrae's.
"""
import json

import numpy as np

import geometry as g
import kinds
import levels
import locator
import painter
import samples
import torso

NAME, VERSION = "osteon-outliner", "0.1"
INPUTS = 3
CLASS_NAMES = ["own body", "own posterior", "other vertebrae and sacrum", "disc", "canal", "ribs, pelvis and other bones"]
CLASSES = OUTPUTS = 1 + len(CLASS_NAMES)
OWN_BODY, OWN_POSTERIOR, OTHER_VERTEBRA, DISC, CANAL, OTHER_BONE = range(1, CLASSES)
SPACING_MM = samples.VOXEL_MM / samples.FINE
# The box that the program looks at: 72 mm along the body axis, 96 to the back, 96 across, its middle this far from the body's centre
# (z, y, x: to the head, the back, the left), as arches lie behind and reach further down than up. Our choice.
BOX = (48, 64, 64)
MIDDLE_MM = (-6.0, 22.5, 0.0)
BELL_MM = 8.0
# Steps see mostly parts of the box, for a cheap step.
SHAPES = [(40, 48, 48), (40, 48, 48), (40, 48, 64), (48, 64, 64)]
TEST_SHAPE = BOX
WEIGHTS = (0.3, 1, 1.5, 1, 1.5, 1, 1)
FIGURES = ["cross_entropy", "dice_loss"]
GREATEST_CENTRE_ERROR_MM = 5.0
COARSE_MM = (1.5, 3.2)


def losses(output, shares):
    return locator.overlap_losses(output, shares, WEIGHTS)


def figures(parts):
    return parts


def draw(file, shape, random, setting):
    """Inputs [3, z, y, x] and class shares [7, …], float32; axes to head, back, left."""
    facts = json.loads(file.with_suffix(".json").read_text())
    stored = np.load(file, mmap_mode="r")
    # Centres in voxels of the stored grid, z, y, x.
    centres = ((np.array(facts["centres"]) - np.array(facts["origin"])) / SPACING_MM)[:, ::-1]
    inside = [i for i in range(levels.C1 + 1, levels.SACRUM) if all(0 < c < n for c, n in zip(centres[i], stored.shape[1:]))]
    own = int(random.choice(inside))
    given = centres + np.clip(
        random.normal(0, setting.centre_error_mm, centres.shape), -GREATEST_CENTRE_ERROR_MM, GREATEST_CENTRE_ERROR_MM) / SPACING_MM
    size = np.array(shape)
    aim = np.array(MIDDLE_MM) / SPACING_MM + random.uniform(-0.5, 0.5, 3) * (np.array(BOX) - size)
    turn = deformation(random, setting.deformation)
    start = np.rint(given[own] + aim - (size - 1) / 2)
    kind, distance, instance, soft, insert = deformed(stored, start, size, given[own], turn)
    distance = distance.view(np.int8)
    if not setting.has_surroundings:
        strip(kind, distance, instance, soft)
    for name in setting.omitted_inserts:
        insert[insert == g.INSERTS[name]] = 0
    # Where the centres come to lie in the crop.
    given = (given - given[own]) @ np.linalg.inv(turn).T + given[own] - start

    hu = painter.painted((kind, distance, instance, soft, insert), SPACING_MM, random, setting)
    thin, thick = setting.slice_mm
    # Thin slices more often: net A has seen the thick ones.
    slices = painter.slice_matrix(size[0], SPACING_MM, size[0], SPACING_MM, thin + (thick - thin) * random.random() ** 2, random.random())
    hu = np.tensordot(slices, hu, 1)
    if random.random() < setting.coarse_share:
        hu = coarse_pixels(hu, random)
    classes = own_classes(kind, distance, instance, soft, own)
    hu = painter.scanned(hu, (SPACING_MM,) * 3, (insert == g.INSERTS["metal"]).any(), ((distance < 0) * 1).astype(np.float32), random, setting)
    if random.random() < setting.tight_share:
        cut(hu, classes, random)
    others = [i for i in range(1, levels.SACRUM + 1) if i != own and centres[i].any() and random.random() > 0.05]
    if random.random() < 0.1:
        others = []
    inputs = np.stack([samples.network_input(hu), bells(given[[own]], shape), bells(given[others], shape)])
    shares = (classes == np.arange(CLASSES)[:, None, None, None]).astype(np.float32)
    if random.random() < 0.5:
        inputs, shares = inputs[..., ::-1], shares[..., ::-1]
    return tuple(np.ascontiguousarray(a, dtype=np.float32) for a in (inputs, shares))


def coarse_pixels(hu, random):
    """As if the pixels were larger than this grid's, as in scans that were thinned for storage."""
    pixel = random.uniform(*COARSE_MM)
    for axis in (1, 2):
        n = hu.shape[axis]
        hu = np.moveaxis(np.tensordot(painter.slice_matrix(n, SPACING_MM, n, SPACING_MM, pixel, random.random()), hu, (1, axis)), 0, axis)
    return hu


def strip(kind, distance, instance, soft):
    """Muscle in place of all but vertebrae, sacrum, discs and canal. In place."""
    other = instance > levels.SACRUM
    kind[other], distance[other], instance[other] = kinds.NO_BONE, 127, 0
    soft[~np.isin(soft, (torso.DISC, torso.CSF, torso.CORD, torso.EPIDURAL_FAT))] = torso.MUSCLE


def deformation(random, strength):
    """A turn to the front or back, a stretch along each axis, a tilt, and a shear that moves arches up and down against their bodies: more
    postures and shapes than were stored. A strength of 0 bends nothing."""
    angle = np.deg2rad(strength * random.normal(0, 12))
    turn = np.array([[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    turn = turn @ (np.diag(1 + strength * (random.uniform(0.87, 1.15, 3) - 1)) + strength * random.normal(0, 0.04, (3, 3)))
    turn[0, 1] += strength * random.normal(0, 0.12)
    return turn


def deformed(stored, start, size, fixed, turn):
    """A crop of the stored patient, deformed about a point that stays where it is; the nearest voxels. Distances are not corrected."""
    places = np.stack(np.meshgrid(*(np.arange(n, dtype=np.float32) for n in size), indexing="ij"), -1) + (start - fixed).astype(np.float32)
    where = np.rint(places @ turn.T.astype(np.float32) + fixed.astype(np.float32)).astype(np.int32)
    low, high = where.reshape(-1, 3).min(0), where.reshape(-1, 3).max(0) + 1
    part = samples.crop(stored, low, high - low)
    z, y, x = np.moveaxis(where - low, -1, 0)
    return part[:, z, y, x]


def own_classes(kind, distance, instance, soft, own):
    bone = distance < 0
    classes = g.CLASS_OF_TISSUE[soft]
    classes = np.where(classes == 3, DISC, np.where(classes == 4, CANAL, 0))
    of_bone = np.where(instance == own, np.where(kinds.CLASS[kind] == 1, OWN_BODY, OWN_POSTERIOR),
                       np.where(instance <= levels.SACRUM, OTHER_VERTEBRA, OTHER_BONE))
    return np.where(bone, of_bone, classes)


def bells(centres, shape):
    """The greatest of the bells round centres (voxels) at each voxel; 0 of none."""
    whole = np.zeros(shape, np.float32)
    for centre in centres:
        z, y, x = (np.exp(-(((np.arange(n) - c) * SPACING_MM / BELL_MM) ** 2) / 2).astype(np.float32) for n, c in zip(shape, centre))
        whole = np.maximum(whole, z[:, None, None] * y[:, None] * x)
    return whole


def cut(hu, classes, random):
    """The scan's border on one to three sides, through the vertebra at times. In place."""
    keep = [slice(0, n) for n in hu.shape]
    for _ in range(random.integers(1, 4)):
        axis = random.integers(0, 3)
        depth = int(random.uniform(0, 0.4) * hu.shape[axis])
        keep[axis] = slice(depth, keep[axis].stop) if random.random() < 0.5 else slice(keep[axis].start, hu.shape[axis] - depth)
    inside = np.zeros(hu.shape, bool)
    inside[tuple(keep)] = True
    hu[~inside] = painter.OUTSIDE_HU
    classes[~inside] = 0
