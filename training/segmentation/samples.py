"""What the network is shown: crops of stored geometries at 3 mm, painted anew, with soft labels and offsets."""
import json
from pathlib import Path

import numpy as np

import geometry as g
import kinds
import levels
import painter
import torso

VOXEL_MM = 3.0
FINE = 2  # Stored geometry voxels to an edge of the network's.
GEOMETRY_SHAPE = (224, 144, 168)  # 336 × 216 × 252 mm
CLASSES = 8
OFFSET_UNIT_MM = 30.0
LOW, HIGH = -1.7, 4.0
# First and last level of each region; as many patients of each.
REGIONS = [(1, 6), (5, 10), (8, 14), (13, 19), (18, 24), (22, 25)]


def network_input(hu):
    return np.clip((hu - 100) / 300, LOW, HIGH).astype(np.float32)


def make(seed, setting, folder):
    """Stores one patient as SEED.npy (uint8 [5, z, y, x]) and SEED.json; one that is there already is not made again."""
    target = Path(folder) / f"{seed}.npy"
    if target.exists():
        return
    random = np.random.default_rng([7, seed])
    first, last = REGIONS[seed % len(REGIONS)]
    focus = int(random.integers(first, last + 1))
    place = (random.uniform(0.35, 0.65), random.uniform(0.5, 0.68), random.uniform(0.42, 0.58))
    patient, _ = g.make(random, setting, GEOMETRY_SHAPE, VOXEL_MM / FINE, focus, place)
    facts = {"origin": patient.origin.tolist(), "centres": patient.centres.tolist(), "setting": setting.name, "focus": focus}
    target.with_suffix(".json").write_text(json.dumps(facts))
    part = target.with_suffix(".part")
    with open(part, "wb") as file:
        np.save(file, np.stack([patient.kind, patient.distance.view(np.uint8), patient.instance, patient.soft, patient.insert]))
    part.rename(target)


def draw(file, shape, random, setting):
    """Image [1, z, y, x], class shares [8, …], offsets [3, …] and where they count [1, …], float32; axes to head, back, left."""
    facts = json.loads(file.with_suffix(".json").read_text())
    stored = np.load(file, mmap_mode="r")
    spacing = VOXEL_MM / FINE
    origin, centres = np.array(facts["origin"]), np.array(facts["centres"])
    inside = [i for i in range(1, 26) if all(0 < c < n * spacing for c, n in zip(centres[i] - origin, stored.shape[:0:-1]))]
    # The sacrum and what lies beside the spine (pelvis, femora, ribs) would else be seen too seldom.
    chance = np.array([3.0 if i == levels.SACRUM else 1.0 for i in inside])
    spread = np.array([26, 16, 20]) * (3 if random.random() < 0.3 else 1)
    aim = ((centres[random.choice(inside, p=chance / chance.sum())] - origin) / spacing)[::-1] + random.uniform(-1, 1, 3) * spread
    size = np.array(shape) * FINE
    room = np.array(stored.shape[1:]) - size
    start = np.where(room > 0, np.clip(aim - size / 2, 0, np.maximum(room, 0)), room / 2).astype(int)
    kind, distance, instance, soft, insert = crop(stored, start, size)
    distance = distance.view(np.int8)

    fine = painter.painted((kind, distance, instance, soft, insert), spacing, random, setting)
    hu = fine.reshape(size[0], shape[1], FINE, shape[2], FINE).mean((2, 4))
    slices = painter.slice_matrix(size[0], spacing, shape[0], VOXEL_MM, random.uniform(*setting.slice_mm), random.random())
    hu = np.tensordot(slices, hu, 1)
    shares = class_shares(kind, distance, soft, shape)
    hu = painter.scanned(hu, (VOXEL_MM,) * 3, (insert == 2).any(), shares[[1, 2, 5, 7]].sum(0), random, setting)
    offsets, counts = own_offsets(instance, distance, centres, origin + start[::-1] * spacing, shape)
    if random.random() < setting.tight_share:
        cut_tightly(hu, shares, counts, (centres - origin)[1:26, ::-1] / VOXEL_MM - start / FINE, random)
    image = network_input(hu)[None]
    if random.random() < 0.5:
        image, shares, offsets, counts = (a[..., ::-1] for a in (image, shares, offsets, counts))
        offsets = offsets * np.array([-1, 1, 1], np.float32)[:, None, None, None]
    return tuple(np.ascontiguousarray(a, dtype=np.float32) for a in (image, shares, offsets, counts))


def crop(stored, start, size):
    """Beyond the stored grid there is air, far from bone."""
    low, high = np.maximum(start, 0), np.minimum(start + size, stored.shape[1:])
    part = stored[(slice(None), *(slice(a, b) for a, b in zip(low, high)))]
    if (part.shape[1:] == size).all():
        return np.ascontiguousarray(part)
    whole = np.zeros((len(stored), *size), np.uint8)
    whole[1], whole[3] = 127, torso.AIR
    whole[(slice(None), *(slice(a - s, b - s) for a, b, s in zip(low, high, start)))] = part
    return whole


def class_shares(kind, distance, soft, shape):
    """Share of each class in each network voxel."""
    classes = np.where(distance < 0, kinds.CLASS[kind], g.CLASS_OF_TISSUE[soft])
    blocks = classes.reshape(shape[0], FINE, shape[1], FINE, shape[2], FINE)
    places = np.arange(np.prod(shape), dtype=np.int64).reshape(shape)[:, None, :, None, :, None] * CLASSES
    counts = np.bincount((places + blocks).ravel(), minlength=np.prod(shape) * CLASSES)
    return np.moveaxis(counts.reshape(*shape, CLASSES), -1, 0).astype(np.float32) / FINE ** 3


def own_offsets(instance, distance, centres, origin, shape):
    """Offsets (left, back, head) to the centre of the vertebra or sacrum that a voxel is in, in OFFSET_UNIT_MM."""
    own = np.where((distance < 0) & (instance <= levels.SACRUM), instance, 0)
    own = own.reshape(shape[0], FINE, shape[1], FINE, shape[2], FINE).max((1, 3, 5))
    at = [(np.arange(n) + 0.5) * VOXEL_MM - VOXEL_MM / FINE / 2 + o for n, o in zip(shape, origin[::-1])]
    where = centres[own].astype(np.float32)
    offsets = np.stack([where[..., 0] - at[2][None, None, :].astype(np.float32), where[..., 1] - at[1][None, :, None].astype(np.float32),
                        where[..., 2] - at[0][:, None, None].astype(np.float32)]) / np.float32(OFFSET_UNIT_MM)
    counts = (own > 0)[None].astype(np.float32)
    return offsets * counts, counts


def cut_tightly(hu, shares, counts, centres, random):
    """A narrow field of view: from one to six sides, as near as 25 mm to the spine, cut vertebrae at its ends. In place."""
    shape = np.array(hu.shape)
    seen = centres[((centres > 0) & (centres < shape)).all(1)]
    if not len(seen):
        return
    low, high = np.zeros(3, int), shape.copy()
    nearest, furthest = 25 / VOXEL_MM, 70 / VOXEL_MM
    for axis in range(3):
        for end in range(2):
            if random.random() < 0.5:
                margin = random.uniform(nearest, furthest)
                if axis == 0:
                    edge = random.uniform(0, 0.4) * shape[0]
                    low[0], high[0] = (int(edge), high[0]) if end == 0 else (low[0], int(shape[0] - edge))
                elif end == 0:
                    low[axis] = max(0, int(seen[:, axis].min() - margin))
                else:
                    # The arch reaches behind the body: its tips may be cut.
                    high[axis] = min(shape[axis], int(seen[:, axis].max() + margin + (10 if axis == 1 else 0)))
    keep = np.zeros(hu.shape, bool)
    keep[tuple(slice(a, b) for a, b in zip(low, high))] = True
    hu[~keep] = painter.OUTSIDE_HU if random.random() < 0.85 else random.uniform(-1024, 50)
    shares[:, ~keep] = 0
    shares[0, ~keep] = 1
    counts[:, ~keep] = 0
