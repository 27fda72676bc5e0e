"""Soft tissue round the spine: crude organs that follow it, as ids of a voxel's tissue.

Crude shapes suffice: what matters is that fat, muscle, lung, gas and bright vessels lie where they lie.
"""
import numpy as np
from scipy import ndimage

AIR, FAT, MUSCLE, LUNG, ORGAN, BRIGHT_ORGAN, ARTERY, VEIN, BOWEL, GAS, DISC, CSF, CORD, EPIDURAL_FAT, TABLE, FOAM = range(16)

# By level (1: C1 … 24: L5, 25: S1 … 29): half width of the trunk, its reach to the front and to the back of the spine's line, mm.
AT = [1, 5, 7, 8, 10, 13, 16, 20, 23, 25, 29]
HALF_WIDTH = [75, 62, 90, 165, 175, 165, 158, 150, 155, 165, 175]
FRONT = [85, 60, 65, 75, 100, 130, 145, 150, 145, 130, 115]
BACK = [75, 62, 66, 70, 68, 66, 68, 74, 80, 85, 85]


def tissues(points, spine, random):
    """Ids at points: arrays (x, y, z) of the patient's axes on one regular grid, [z, y, x]."""
    x, y, z = points
    line, ids = spine.line()
    k = spine.scale
    at = np.interp(z[:, 0, 0], line[:, 2], ids)[:, None, None]
    # Beyond C1 the levels go on, so that a head is not a neck.
    dx = x - np.interp(z, line[:, 2], line[:, 0])
    dy = y - np.interp(z, line[:, 2], line[:, 1])
    girth, belly = random.uniform(0.85, 1.15), random.uniform(0.8, 1.5)

    def by_level(values):
        return np.interp(at, AT, values) * k

    half = by_level(HALF_WIDTH) * girth
    front, back = by_level(FRONT) * np.where(at > 18, belly, girth), by_level(BACK) * random.uniform(0.9, 1.2)
    middle, depth = (back - front) / 2, (front + back) / 2
    out = np.sqrt(np.abs(dx / half) ** 2.4 + np.abs((dy - middle) / depth) ** 2.4)
    skin_fat = random.uniform(3, 35) / half
    tissue = np.full(dx.shape, AIR, np.uint8)
    tissue[out < 1] = FAT
    wall = out < 1 - skin_fat
    tissue[wall] = MUSCLE
    cavity = (out < 1 - skin_fat - 18 / half) & (dy < 20 * k)
    streaks = ndimage.zoom(random.standard_normal([max(2, n // 4) for n in dx.shape]), [n / max(2, n // 4) for n in dx.shape], order=1)
    streaks = streaks[:dx.shape[0], :dx.shape[1], :dx.shape[2]]
    tissue[wall & (streaks > random.uniform(0.7, 1.6))] = FAT

    # Abdomen and pelvis: fat, organs, bowel.
    belly_room = cavity & (at > 18) & (dy < -10 * k)
    tissue[belly_room] = FAT
    for _ in range(random.integers(14, 30)):
        centre = random.uniform([-130, -130, -180], [130, -25, 260]) * k
        radii = random.uniform(12, 38, 3) * k
        blob = (((x - centre[0]) / radii[0]) ** 2 + ((dy - centre[1]) / radii[1]) ** 2 + ((z - centre[2]) / radii[2]) ** 2 < 1) & belly_room
        tissue[blob] = random.choice([BOWEL, BOWEL, ORGAN, GAS, BRIGHT_ORGAN])
    liver = (((dx + 75 * k) / 75) ** 2 + ((dy + 55 * k) / 75) ** 2 + ((at - 18.5) / 4) ** 2 < k) & cavity
    spleen = (((dx - 90 * k) / 35) ** 2 + ((dy + 5) / 45) ** 2 + ((at - 18) / 2.5) ** 2 < k) & wall
    tissue[liver | spleen] = BRIGHT_ORGAN
    for s in (-1, 1):
        kidney = ((dx - s * 62 * k) / 26) ** 2 + ((dy + 2) / 26) ** 2 + ((at - 21 - 0.3 * (s < 0)) / 1.8) ** 2 < k
        tissue[kidney] = BRIGHT_ORGAN
        psoas_size = np.interp(at, [19, 20, 24, 28], [2, 9, 24, 22]) * k
        psoas = (dx - s * np.interp(at, [19, 24, 28], [26, 40, 62]) * k) ** 2 + (dy + np.interp(at, [19, 24, 28], [-6, 2, 40]) * k) ** 2
        tissue[(psoas < psoas_size ** 2) & (at > 19)] = MUSCLE

    # Chest: lungs beside the spine, mediastinum before it.
    dome = 17.3 + np.clip(dy / (30 * k), -2.5, 0.8) + 0.4 * np.sin(dx / 40)
    lung_side = np.interp(-dy, [-40, 0, 30, 90, 140], [14, 17, 24, 55, 20]) * k + np.interp(at, [8, 10, 16], [14, 3, 0])
    lungs = (out < 1 - skin_fat - 22 / half) & (dy < 38 * k) & (np.abs(dx) > lung_side) & (at > 8.3) & (at < dome)
    tissue[lungs & (out * (1 + 0.25 * (at < 10)) < 1)] = LUNG
    heart = ((dx - 25 * k) / 58) ** 2 + ((dy + 85 * k) / 42) ** 2 + ((at - 14.8) / 2.6) ** 2 < k
    tissue[heart & cavity] = random.choice([ARTERY, VEIN, BRIGHT_ORGAN])

    # Vessels and airways before the spine.
    body = np.interp(at, [1, 7, 8, 19, 24], [8, 8, 9, 16, 18]) * k

    def tube(side, ahead, radius, low, high, what):
        run = (dx - side * k) ** 2 + (dy + body + ahead * k) ** 2 < (radius * k) ** 2
        tissue[run & (at > low) & (at < high)] = what

    aorta = random.uniform(9, 15)
    tube(np.interp(at, [11, 19, 23], [24, 6, 4]), np.interp(at, [11, 17, 24], [4, 10, aorta + 2]), aorta, 11, 23.7, ARTERY)
    tube(-22, 8, random.uniform(8, 13), 15, 24, VEIN)
    tube(2, 9, 7, 7, 17, ORGAN)
    tube(-4, 22, random.uniform(7, 10), 3, 12, GAS)
    for s in (-1, 1):
        tube(s * np.interp(at, [23, 26], [8, 35]), 10, 6, 23.5, 28, ARTERY)
        tube(s * 28, 8, 4, 2, 9, ARTERY)
        tube(s * 34, 4, 6, 2, 9, VEIN)
    if random.random() < 0.75:
        lay_on_table(tissue, dx, dy, back, random)
    return tissue


def lay_on_table(tissue, dx, dy, back, random):
    """A curved shell, with or without foam, behind all of the trunk."""
    plane = np.max(back) + random.uniform(2, 12) + random.uniform(-1, 0.2) * 1e-3 * dx ** 2
    under = (tissue == AIR) & (dy > plane)
    thickness = random.uniform(12, 45)
    tissue[under & (dy < plane + thickness)] = FOAM
    tissue[under & (dy < plane + 3)] = TABLE
    tissue[under & (dy > plane + thickness) & (dy < plane + thickness + 3)] = TABLE
