"""The other bones round the spine, as struts in the patient's axes (left, back, head; origin: middle of the sacrum's upper endplate).

Crude on purpose: they teach a network what is not a vertebra. Sizes are ours, after common adult proportions.
"""
import numpy as np

import levels

# Half axes of the ring of ribs at T1 to T12, and how far round (degrees) each goes.
RING_LATERAL = [50, 68, 85, 98, 108, 115, 120, 123, 125, 122, 118, 110]
RING_DEPTH = [38, 50, 64, 76, 86, 93, 98, 100, 100, 96, 92, 88]
RING_END = [150, 150, 148, 145, 143, 140, 135, 130, 125, 110, 80, 52]


def sacrum(spine, random):
    """Struts in the sacrum's own frame, and its canal as pairs of (centre, half width, half depth)."""
    k, front = spine.scale, spine.s1_depth / 2
    back = front + 14 * k
    struts = []
    path = [(0, 0, -15), (0, 3, -38), (0, 4, -58), (0, 0, -76), (0, -6, -90), (0, -16, -106)]
    for a, b, r, wide in zip(path, path[1:], [(13, 11), (11, 9.5), (9.5, 8), (8, 6), (6, 4)], [1.6, 1.6, 1.6, 1.6, 1.4]):
        struts.append((np.multiply(a, k), np.multiply(b, k), r[0] * k, r[1] * k, (wide, 1, 1)))

    def strut(start, end, radius, end_radius=None, stretch=(1, 1, 1)):
        radii = np.array([radius, end_radius or radius]) * k * random.uniform(0.85, 1.15)
        struts.append((np.multiply(start, k) + random.normal(0, 1, 3), np.multiply(end, k) + random.normal(0, 1, 3), *radii, stretch))

    y = back / k
    for s in (-1, 1):
        strut((s * 16, 2, -13), (s * 44, 12, -16), 11, 12)
        strut((s * 14, 6, -34), (s * 42, 17, -36), 10, 10)
        strut((s * 12, 8, -54), (s * 26, 14, -58), 8, 6)
        strut((s * 42, 14, -14), (s * 38, 17, -46), 9, 8)
        strut((s * 14, y - 6, -8), (0, y + 2, -16), 3, stretch=(1, 1, 2))
        strut((s * 18, y - 8, -12), (s * 19, y - 5, 5 + 5), 5.5, 4.5)
        strut((s * 15, y - 7, -10), (s * 12, y - 8, -60), 4, 3, (1.5, 1, 1))
        strut((s * 13, y - 6, -33), (0, y - 1, -36), 3, stretch=(1, 1, 2))
        strut((s * 11, y - 8, -52), (0, y - 4, -55), 3, stretch=(1, 1, 2))
    strut((0, y + 2, -14), (0, y - 2, -56), 3.5)
    return struts


def ribs(spine, random):
    last_end = random.uniform(25, 70)
    grow = random.normal(1, 0.08)
    for level in range(levels.T1, levels.T12 + 1):
        v = spine.vertebrae[level]
        i, k = level - levels.T1, spine.scale
        half = levels.TRANSVERSE_SPAN[level - 1] / 2 * k
        for s in (-1, 1):
            head = v.world((s * (v.width / 2 + 2), 0.55 * v.depth / 2, 0.42 * v.height))
            neck = v.world((s * (half + 3), v.depth / 2 + v.canal_depth + 4, 0.35 * v.height))
            lateral, depth = RING_LATERAL[i] * k * grow, RING_DEPTH[i] * k * grow
            end = last_end if level == levels.T12 else RING_END[i]
            turns = np.radians(np.linspace(min(np.degrees(np.arcsin(min((half + 12) / lateral, 0.9))), end - 8), end, 11))
            middle = neck[1] + 8 - depth * np.cos(turns[0])
            drop = random.uniform(22, 45) * k
            ring = [np.array([v.centre[0] + s * lateral * np.sin(t), middle + depth * np.cos(t), neck[2] - drop * (t - turns[0]) ** 1.1 - 3])
                    for t in turns]
            thick = random.uniform(3.2, 4.6) * k
            points = [head, neck, *ring]
            for a, b in zip(points, points[1:]):
                yield a, b, thick, thick, (1, 1, 1.5)


def pelvis(spine, side, random):
    k, s = spine.scale * random.normal(1, 0.04), side

    def at(x, y, z):
        return np.array([s * x, y, z]) * k + random.normal(0, 2, 3)

    crest = [at(48, 50, -12), at(58, 45, 18), at(85, 22, 40), at(112, -8, 45), at(126, -38, 32), at(128, -66, 8)]
    root, hip = at(84, -8, -52), at(74, 18, -40)
    for a, b in zip(crest, crest[1:]):
        yield a, b, 6 * k, 6 * k, (1, 1, 1)
    for a, b in zip(crest, crest[1:]):
        for share in (0, 0.5):
            yield (root if a[1] < 20 else hip), a + share * (b - a), 7 * k, 4.5 * k, (1, 1, 1)
    yield at(50, 36, 2), at(50, 34, -42), 8 * k, 9 * k, (1, 1, 1)
    yield hip, root, 10 * k, 12 * k, (1, 1, 1)
    for y, z in [(-52, -88), (-45, -118), (-22, -128), (4, -118), (8, -92), (-6, -68), (-34, -66)]:
        yield at(72, -24, -94), at(90, y, z), 5 * k, 6 * k, (1, 1, 1)
    yield at(80, 2, -110), at(64, 12, -152), 12 * k, 13 * k, (1, 1, 1)
    yield at(78, -46, -92), at(12, -76, -122), 8 * k, 9 * k, (1, 1, 1)
    yield at(15, -73, -126), at(58, 4, -152), 6 * k, 8 * k, (1, 1, 1)


def femur(spine, side, random):
    k, s = spine.scale, side

    def at(x, y, z):
        return np.array([s * x, y, z]) * k + random.normal(0, 1, 3)

    yield at(90, -24, -95), at(91, -24, -96), 23 * k, 23 * k, (1, 1, 1)
    yield at(92, -24, -97), at(126, -20, -126), 15 * k, 17 * k, (1, 1, 1)
    yield at(138, -10, -108), at(138, -12, -135), 12 * k, 16 * k, (1, 1, 1)
    yield at(133, -18, -140), at(118, -20, -340), 17 * k, 14 * k, (1, 1, 1)


def others(spine, random):
    """Skull base, mandible, shoulder girdle, sternum: bright bone that is no class."""
    k, v = spine.scale, spine.vertebrae
    atlas = v[levels.C1].centre
    for s in (-1, 1):
        yield atlas + np.array([s * 14, 2, 13]) * k, atlas + np.array([s * 18, -2, 19]) * k, 6 * k, 7 * k, (1, 1, 1)
        for a, b in [((18, -4, 20), (40, 5, 24)), ((40, 5, 24), (60, 10, 32)), ((16, 20, 20), (45, 40, 28)), ((45, 40, 28), (58, 20, 32)),
                     ((5, -18, 18), (12, -8, 22)), ((0, 48, 24), (45, 44, 30)), ((0, 32, 20), (0, 52, 28))]:
            yield atlas + np.array([s * a[0], *a[1:]]) * k, atlas + np.array([s * b[0], *b[1:]]) * k, 4.5 * k, 5 * k, (1, 1, 1)
        for a, b in [((48, -18, 5), (46, -22, -35)), ((46, -22, -35), (34, -60, -42)), ((34, -60, -42), (8, -85, -45))]:
            yield atlas + np.array([s * a[0], *a[1:]]) * k, atlas + np.array([s * b[0], *b[1:]]) * k, 5 * k, 5 * k, (1, 1, 2)
        shoulder, chest = v[levels.T1 + 1].centre, v[levels.T1].centre
        yield chest + np.array([s * 18, -62, -30]) * k, chest + np.array([s * 135, -12, 0]) * k, 5.5 * k, 5.5 * k, (1, 1, 1)
        for a, b, r in [((88, 62, 5), (80, 68, -105), 4), ((88, 62, 5), (130, 25, 0), 6), ((80, 68, -105), (128, 25, -10), 5),
                        ((84, 65, -30), (128, 30, -5), 4), ((82, 66, -60), (128, 28, -6), 3.5), ((86, 72, -20), (140, 45, 10), 5)]:
            yield shoulder + np.array([s * a[0], *a[1:]]) * k, shoulder + np.array([s * b[0], *b[1:]]) * k, r * k, r * k, (1, 1, 1)
        yield shoulder + np.array([s * 150, 12, 0]) * k, shoulder + np.array([s * 160, 10, -120]) * k, 22 * k, 12 * k, (1, 1, 1)
    top, low = v[levels.T1 + 2].centre, v[levels.T1 + 8].centre
    yield np.array([top[0], top[1] - 78 * k, top[2] - 15]), np.array([low[0], low[1] - 120 * k, low[2]]), 6 * k, 6 * k, (3, 1, 1)
