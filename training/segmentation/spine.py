"""A patient's spine: where each vertebra lies and how it is shaped. Nothing here knows of voxels.

World axes are millimetres to the left, back and head; the origin is the middle of the sacrum's upper endplate.
"""
from dataclasses import dataclass, field

import numpy as np

import kinds
import levels
import solids


@dataclass
class Vertebra:
    level: int
    centre: np.ndarray
    frame: np.ndarray  # Columns: left, back, head.
    width: float
    depth: float
    height: float
    disc_below: float
    disc_above: float
    canal_width: float
    canal_depth: float
    waist: float
    squareness: float
    concavity: float
    wall_concavity: float
    wedge: float = 0.0
    biconcave: float = 0.0
    uncinate: float = 0.0
    osteophytes: list = field(default_factory=list)  # (towards the head: +1 or the feet: -1, direction rad, length mm)
    schmorl: tuple | None = None  # centre and radius mm
    struts: list = field(default_factory=list)  # (start, end, radius, radius, stretch), of the arch
    strut_kinds: list = field(default_factory=list)  # What each is a part of: see kinds.py.
    body_struts: list = field(default_factory=list)
    inserts: list = field(default_factory=list)  # (kind, start, end, radius, radius), in the frame
    facet_gap: float = 1.0

    def world(self, point):
        return self.centre + self.frame @ np.asarray(point, float)

    def local(self, x, y, z):
        """World coordinates that broadcast → the vertebra's own three full arrays."""
        x, y, z = (p - np.float32(c) for p, c in zip((x, y, z), self.centre))
        return tuple(np.float32(r[0]) * x + np.float32(r[1]) * y + np.float32(r[2]) * z for r in self.frame.T)


@dataclass
class Spine:
    vertebrae: dict  # level: Vertebra, 1 to 24
    sacrum_frame: np.ndarray
    scale: float
    s1_width: float
    s1_depth: float

    def line(self):
        """Centres from the feet to the head and their levels; 25 is S1 and 29 the sacrum's end, for what follows the spine."""
        down = self.sacrum_frame[:, 2]
        points = [-down * 14 * self.scale - np.array([0, 0, 26 * i]) * self.scale for i in range(5)]
        ids = [25.0 + i for i in range(5)]
        pairs = list(zip(ids, points)) + [(v.level, v.centre) for v in self.vertebrae.values()]
        pairs.sort(key=lambda pair: pair[1][2])
        return np.array([p for _, p in pairs]), np.array([i for i, _ in pairs])


def draw(random, setting):
    scale = random.uniform(*setting.size)
    curvature = random.uniform(*setting.curvature)
    lordosis_shift, disc_factor = random.normal(0, 4), random.uniform(*setting.disc_height)
    proportions = {name: random.normal(1, setting.variation) for name in ("width", "depth", "height", "canal", "process")}
    tilts, turns = curve_to_the_side(random, setting)
    waist, squareness = random.uniform(*setting.waist), random.uniform(*setting.squareness)
    process = random.uniform(*setting.process) * proportions["process"]
    facet_gap = random.uniform(*setting.facet_gap_mm)
    has_osteophytes = random.random() < setting.osteophyte_share

    def frame(level):
        return solids.rotation(levels.lean(level) * curvature + lordosis_shift, tilts[level], turns[level])

    sacrum = frame(25)
    at, up = np.zeros(3), sacrum[:, 2]
    vertebrae = {}
    for level in range(24, 0, -1):
        i, wobble = level - 1, lambda: 1 + random.normal(0, 0.04)
        disc = levels.DISC_BELOW[i] * scale * disc_factor * (1 + random.normal(0, 0.2))
        disc = max(disc, 1.2)
        collapsed = level > 2 and random.random() < setting.fracture_share
        height = levels.HEIGHT[i] * scale * proportions["height"] * wobble()
        kind = random.choice(["wedge", "biconcave", "crush", "mixed"]) if collapsed else "none"
        loss = random.uniform(*setting.fracture_loss) if collapsed else random.uniform(0, 0.06)
        height *= 1 - (0.75 * loss if kind == "crush" else 0.35 * loss if kind == "mixed" else 0)
        axes = frame(level)
        centre = at + up * disc / 2 + axes[:, 2] * (disc + height) / 2
        vertebra = Vertebra(
            level, centre, axes, width=levels.WIDTH[i] * scale * proportions["width"] * wobble(),
            depth=levels.DEPTH[i] * scale * proportions["depth"] * wobble(), height=height, disc_below=disc, disc_above=disc,
            canal_width=levels.CANAL_WIDTH[i] * scale * proportions["canal"] * wobble(),
            canal_depth=levels.CANAL_DEPTH[i] * scale * proportions["canal"] * wobble(),
            waist=np.clip(waist + random.normal(0, 0.03), 0, 0.32), squareness=squareness,
            concavity=random.uniform(0, 0.12) * height / 2, wall_concavity=random.uniform(0, 3.5),
            wedge=loss if kind in ("wedge", "mixed") else random.uniform(0, 0.12) if level > levels.C7 else 0,
            biconcave=loss if kind == "biconcave" else 0, uncinate=3.5 * scale if levels.C2 < level <= levels.C7 else 0,
            facet_gap=facet_gap)
        if level + 1 in vertebrae:
            vertebrae[level + 1].disc_above = disc
        if has_osteophytes and random.random() < 0.6:
            vertebra.osteophytes = [(int(random.choice([-1, 1])), random.uniform(np.pi, 2 * np.pi) + random.normal(0, 0.4),
                                     random.uniform(*setting.osteophyte_mm)) for _ in range(random.integers(1, 5))]
        if level > levels.C7 and random.random() < setting.schmorl_share:
            side, radius = random.choice([-1, 1]), random.uniform(3, 6)
            vertebra.schmorl = (np.array([random.uniform(-6, 6), random.uniform(-5, 5), side * height / 2]), radius)
        give_arch(vertebra, scale, process, random)
        vertebrae[level] = vertebra
        at, up = centre + axes[:, 2] * height / 2, axes[:, 2]
    give_inserts(vertebrae, random, setting)
    return Spine(vertebrae, sacrum, scale, levels.WIDTH[-1] * scale * proportions["width"], levels.DEPTH[-1] * scale * proportions["depth"])


def curve_to_the_side(random, setting):
    """Tilt and turn of each id 1 to 25, degrees: one or two bends, turned with the bend (coupled rotation)."""
    ids = np.arange(30)
    tilts = random.normal(0, 2) * np.ones(30) + random.normal(0, 0.8, 30)
    if random.random() < setting.scoliosis_share:
        for _ in range(random.integers(1, 3)):
            apex, width = random.uniform(9, 23), random.uniform(2.5, 5)
            cobb = random.uniform(*setting.scoliosis_degrees) * random.choice([-1, 1])
            # A bend's tilt is the slope of a bump: its extremes differ by the Cobb angle.
            s = (ids - apex) / width
            tilts = tilts + cobb / 1.21 * s * np.exp(0.5 - s * s / 2) * 0.6
    turns = -0.5 * np.cumsum(tilts - tilts.mean()) * 0.25 + random.normal(0, 1.2, 30)
    return tilts, np.clip(turns, -20, 20)


def give_arch(v, scale, process, random):
    """The struts of the arch and its processes, in the vertebra's frame, for each side with its own chance."""
    i, h, k = v.level - 1, v.height, scale
    front, cw, cd = v.depth / 2, v.canal_width / 2, v.canal_depth
    back, span = front + cd, levels.TRANSVERSE_SPAN[i] / 2 * scale * process
    pedicle = levels.PEDICLE_WIDTH[i] / 2 * scale
    tall = levels.PEDICLE_HEIGHT[i] / levels.PEDICLE_WIDTH[i]
    kind = levels.region(v.level)
    down = v.disc_below + h / 2

    def strut(part, start, end, radius, end_radius=None, stretch=(1, 1, 1)):
        radii = np.array([radius, end_radius or radius]) * random.uniform(0.85, 1.2)
        if part != kinds.WALL:
            v.strut_kinds.append(part)
        into = v.body_struts if part == kinds.WALL else v.struts
        into.append((np.array(start) + random.normal(0, 0.5, 3), np.array(end) + random.normal(0, 1.0, 3), *radii, stretch))

    for s in (-1, 1):
        if v.level == levels.C1:
            strut(kinds.WALL, (s * 13 * k, -2 * k, 0), (s * 1, -front - 3.5 * k, 0), 3 * k, stretch=(1, 1, 1.5))
            strut(kinds.WALL, (s * 15 * k, 2 * k, -4 * k), (s * 16 * k, 3 * k, 4 * k), 6.5 * k)
            strut(kinds.ARCH, (s * 16 * k, 6 * k, 0), (s * 13 * k, back - 6 * k, 0), 2.8 * k, stretch=(1, 1, 1.4))
            strut(kinds.ARCH, (s * 13 * k, back - 6 * k, 0), (0, back + 2.5 * k, 0), 2.8 * k, stretch=(1, 1, 1.4))
            strut(kinds.TRANSVERSE, (s * 18 * k, 2 * k, 0), (s * span, 5 * k, -1), 3.8 * k)
            continue
        side = kinds.PEDICLE_LEFT if s > 0 else kinds.PEDICLE_RIGHT
        strut(side, (s * (cw + 0.8 * pedicle), front - 4 * k, 0.2 * h), (s * (cw + pedicle), front + 0.65 * cd, 0.2 * h), pedicle, stretch=(1, 1, tall))
        if kind == "lumbar":
            strut(kinds.ARCH, (s * (cw + 1), back - 4 * k, -0.05 * h), (s, back + 3 * k, -0.3 * h), 3.2 * k, stretch=(1, 1, 2))
            strut(kinds.FACET, (s * (cw + 5 * k), back - 5 * k, 0.15 * h), (s * (cw + 7 * k), back - 3 * k, h / 2 + 0.6 * v.disc_above + 2), 4.5 * k, 4 * k)
            strut(kinds.FACET, (s * (cw + 1.5), back, -0.2 * h), (s * (cw + 2.5 * k), back + 2 * k, -down - 3 * k), 5 * k, 4.5 * k)
            strut(kinds.TRANSVERSE, (s * (cw + 6 * k), front + 0.55 * cd, 0.12 * h), (s * span, front + 0.75 * cd, 0.17 * h), 4.2 * k, 2.8 * k, (1, 1, 1.4))
        elif kind == "thoracic":
            strut(kinds.ARCH, (s * (cw + 1), back - 3 * k, 0), (s, back + 3 * k, -0.35 * h), 3 * k, stretch=(1, 1, 2.2))
            strut(kinds.FACET, (s * (cw + 2 * k), back - 3 * k, 0.2 * h), (s * (cw + 2 * k), back - k, h / 2 + v.disc_above + 3 * k), 3.4 * k)
            strut(kinds.FACET, (s * (cw + k), back + 2.5 * k, -0.3 * h), (s * (cw + 0.5), back + 3.5 * k, -down - 3 * k), 3.2 * k)
            strut(kinds.TRANSVERSE, (s * (cw + 3 * k), back - 3 * k, 0.15 * h), (s * span, back + 10 * k, 0.35 * h), 4.8 * k)
        else:
            strut(kinds.FACET, (s * (cw + 4.5 * k), front + 0.65 * cd, -down - 1), (s * (cw + 4.5 * k), front + 0.35 * cd, h / 2 + 3 * k), 4.8 * k)
            strut(kinds.ARCH, (s * (cw + 3 * k), front + 0.7 * cd, -0.1 * h), (s, back + 2.5 * k, -0.2 * h), 2.4 * k, stretch=(1, 1, 1.9))
            strut(kinds.TRANSVERSE, (s * (v.width / 2 - 1), -k, -0.1 * h), (s * span, 0, -0.25 * h), 2.6 * k)
            strut(kinds.TRANSVERSE, (s * (cw + 5 * k), front + 2 * k, 0), (s * span, k, -0.25 * h), 2.4 * k)
            if v.level == levels.C2:
                strut(kinds.FACET, (s * 11 * k, 1, 0.2 * h), (s * 14 * k, 2, 0.45 * h), 5.5 * k)
    if v.level == levels.C1:
        return
    if v.level == levels.C2:
        strut(kinds.WALL, (0, 0, 0.3 * h), (0, -1, h / 2 + 14 * k), 5.2 * k, 4.6 * k)
    length, bend = levels.SPINOUS[i] * scale * process, random.normal(0, 2)
    drop = {"lumbar": 0.15, "cervical": 0.3, "thoracic": float(np.interp(v.level, [8, 11, 15, 17, 19], [0.5, 0.7, 0.9, 0.5, 0.2]))}[kind]
    radius, stretch = {"lumbar": (2.8, 2.8), "thoracic": (2.6, 1.9), "cervical": (2.3, 1.6)}[kind]
    strut(kinds.SPINOUS, (0, back + 2 * k, -0.25 * h), (bend, back + 2 * k + length * (1 - 0.3 * drop), -0.3 * h - length * drop), radius * k,
          1.2 * radius * k, (1, 1, stretch))


def give_inserts(vertebrae, random, setting):
    """Cement, gas clefts, and screws with rods in a run of levels."""
    for v in vertebrae.values():
        half = np.array([v.width, v.depth, v.height]) / 2
        if v.level > levels.C7 and random.random() < setting.cement_share:
            for _ in range(random.integers(1, 4)):
                start, end = (half * random.uniform(-0.55, 0.55, 3) for _ in range(2))
                v.inserts.append(("cement", start, end, *random.uniform(2, 7, 2)))
        if v.level > levels.C7 and random.random() < setting.cleft_share:
            z = half[2] * random.uniform(-0.5, 0.5)
            v.inserts.append(("gas", np.array([-half[0] * 0.4, 0, z]), np.array([half[0] * 0.4, 0, z]), *random.uniform(1.2, 3, 2)))
    if random.random() < setting.screw_share:
        first = int(random.integers(levels.T1, levels.L5 - 1))
        radius, length = random.uniform(2.2, 3.3), int(random.integers(2, 5))
        for s in (-1, 1):
            heads = []
            for level in range(first, min(first + length, 25)):
                v = vertebrae[level]
                x = s * (v.canal_width / 2 + levels.PEDICLE_WIDTH[level - 1] / 2)
                head = np.array([x * 1.25, v.depth / 2 + v.canal_depth + 16, 0.3 * v.height])
                v.inserts.append(("metal", head, np.array([x * 0.55, -0.2 * v.depth, 0.1 * v.height]), radius, radius * 0.8))
                v.inserts.append(("metal", head, head + [0, 8, 0], 5.5, 5.5))
                heads.append(v.world(head + [0, 6, 0]))
            for below, above, level in zip(heads[1:], heads, range(first, 25)):
                v = vertebrae[level]
                v.inserts.append(("metal", *(v.frame.T @ (p - v.centre) for p in (below, above)), 2.8, 2.8))
