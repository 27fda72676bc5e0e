"""A patient on a grid: bone kinds with signed distance, soft tissue, instances, inserts. Intensities come later (painter.py)."""
from dataclasses import dataclass

import numpy as np

import bones
import kinds
import levels
import solids
import spine as spines
import torso
import vertebra as vertebrae

# Of tissues: discs and what fills the canal (kinds.py has those of bone).
CLASS_OF_TISSUE = np.zeros(16, np.uint8)
CLASS_OF_TISSUE[torso.DISC] = 3
CLASS_OF_TISSUE[[torso.CSF, torso.CORD, torso.EPIDURAL_FAT]] = 4
# Instances beyond 24 (L5) and 25 (sacrum).
RIBS, PELVIS_LEFT, PELVIS_RIGHT, FEMORA, OTHERS = range(26, 31)
INSERTS = {"none": 0, "cement": 1, "metal": 2, "gas": 3}
# Distances are known up to here.
BAND_MM = 14.0


@dataclass
class Geometry:
    """Arrays are [z, y, x]: to the head, the back, the left."""
    spacing: float
    origin: np.ndarray  # World (x, y, z) of voxel [0, 0, 0].
    kind: np.ndarray  # uint8, of the nearest bone (kinds.py), also outside it.
    distance: np.ndarray  # int8, 0.1 mm, negative in bone.
    instance: np.ndarray  # uint8, of the nearest bone.
    soft: np.ndarray  # uint8, tissue ids, also beneath bone.
    insert: np.ndarray  # uint8
    centres: np.ndarray  # [26, 3], world (x, y, z) of body centres; 25: S1.

    def classes(self):
        bone = self.distance < 0
        return np.where(bone, kinds.CLASS[self.kind], CLASS_OF_TISSUE[self.soft])


class Canvas:
    """Distances to the nearest and the second nearest instance."""

    def __init__(self, shape, origin, spacing):
        self.axes = [(np.arange(n) * spacing + o).astype(np.float32) for n, o in zip(shape, origin[::-1])]
        self.spacing = spacing
        self.origin = origin
        self.near = np.full(shape, BAND_MM, np.float32)
        self.next = np.full(shape, BAND_MM, np.float32)
        self.instance = np.zeros(shape, np.uint8)
        self.kind = np.zeros(shape, np.uint8)
        self.insert = np.zeros(shape, np.uint8)

    def box(self, corners, margin):
        """Slices of the grid that hold world points and a margin; None if none do."""
        low, high = np.min(corners, 0) - margin - self.origin, np.max(corners, 0) + margin - self.origin
        slices = []
        for a, b, n in zip(low[::-1], high[::-1], self.near.shape):
            start, end = max(0, int(np.floor(a / self.spacing))), min(n, int(np.ceil(b / self.spacing)) + 1)
            if start >= end:
                return None
            slices.append(slice(start, end))
        return tuple(slices)

    def points(self, box):
        z, y, x = (axis[s] for axis, s in zip(self.axes, box))
        return x[None, None, :], y[None, :, None], z[:, None, None]

    def stamp(self, box, distance, instance, kind):
        near, following = self.near[box], self.next[box]
        closer = distance < near
        following[...] = np.where(closer, near, np.minimum(following, distance))
        self.instance[box][closer] = instance
        self.kind[box][closer] = kind[closer] if isinstance(kind, np.ndarray) else kind
        near[closer] = distance[closer]

    def stamp_struts(self, struts, instance, kind):
        """Struts of one bone, joined smoothly, each computed only round itself."""
        struts = [(s, self.box([s[0], s[1]], max(s[2], s[3]) * max(s[4]) + 6)) for s in struts]
        struts = [(s, box) for s, box in struts if box]
        if not struts:
            return
        whole = tuple(slice(min(b[i].start for _, b in struts), max(b[i].stop for _, b in struts)) for i in range(3))
        joined = np.full([s.stop - s.start for s in whole], BAND_MM, np.float32)
        for strut, box in struts:
            part = joined[tuple(slice(b.start - w.start, b.stop - w.start) for b, w in zip(box, whole))]
            part[...] = solids.smooth_union(part, solids.capsule(self.points(box), *strut), 4.0)
        self.stamp(whole, joined, instance, kind)


def make(random, setting, shape, spacing, focus, place):
    """A random patient, whose instance `focus` lies at the fraction `place` (z, y, x) of the grid; and the spine on it."""
    patient = spines.draw(random, setting)
    pose = solids.rotation(*random.normal(0, [5, 4, 5]))
    extent = np.array(shape[::-1]) * spacing
    centre = patient.vertebrae[focus].centre if focus < 25 else np.zeros(3)
    origin = pose @ centre - extent * np.array(place[::-1])
    canvas = Canvas(shape, origin, spacing)
    other = bones_of(patient, random)
    soft = soft_tissue(canvas, patient, pose, random)
    posed = turned(patient, pose)
    wobble = [wave(random, setting) for _ in range(3)]
    for level, v in posed.vertebrae.items():
        stamp_vertebra(canvas, soft, v, wobble)
    stamp_sacrum(canvas, soft, posed, random)
    for struts, instance, kind in other:
        canvas.stamp_struts([(pose @ s[0], pose @ s[1], *s[2:]) for s in struts], instance, kind)
    gap = np.float32(next(iter(posed.vertebrae.values())).facet_gap)
    distance = np.maximum(canvas.near, (canvas.near - canvas.next) / 2 + gap / 2)
    centres = np.zeros((26, 3))
    for level, v in posed.vertebrae.items():
        centres[level] = v.centre
    centres[levels.SACRUM] = posed.sacrum_frame @ [0, 0, -14 * posed.scale]
    return Geometry(spacing, origin, canvas.kind, np.clip(np.rint(distance * 10), -127, 127).astype(np.int8), canvas.instance, soft,
                    canvas.insert, centres), posed


def bones_of(patient, random):
    pelvis = [(list(bones.pelvis(patient, side, random)), PELVIS_LEFT if side > 0 else PELVIS_RIGHT, kinds.PELVIC) for side in (-1, 1)]
    thighs = [(list(bones.femur(patient, side, random)), FEMORA, kinds.FEMORAL) for side in (-1, 1)]
    return pelvis + thighs + [(list(bones.ribs(patient, random)), RIBS, kinds.RIB), (list(bones.others(patient, random)), OTHERS, kinds.OTHER)]


def turned(patient, pose):
    for v in patient.vertebrae.values():
        v.centre, v.frame = pose @ v.centre, pose @ v.frame
    patient.sacrum_frame = pose @ patient.sacrum_frame
    return patient


def soft_tissue(canvas, patient, pose, random):
    """At 3 mm, then repeated: nothing here is as fine as bone."""
    step = max(1, int(round(3 / canvas.spacing)))
    z, y, x = (axis[::step] + canvas.spacing * (step - 1) / 2 for axis in canvas.axes)
    x, y, z = x[None, None, :], y[None, :, None], z[:, None, None]
    points = [np.float32(c[0]) * x + np.float32(c[1]) * y + np.float32(c[2]) * z for c in pose.T]
    ids = torso.tissues(points, patient, random)
    for axis in range(3):
        ids = np.repeat(ids, step, axis)
    return np.ascontiguousarray(ids[tuple(slice(0, n) for n in canvas.near.shape)])


def wave(random, setting):
    """A smooth displacement along one axis: amplitude mm, and wave numbers and phases of a product of three sines (our choice)."""
    return random.uniform(*setting.wobble_mm), random.uniform(0.08, 0.3, 3), random.uniform(0, 2 * np.pi, 3)


def displaced(points, wobble):
    moved = []
    for p, (amplitude, waves, phases) in zip(points, wobble):
        product = np.float32(amplitude)
        for q, w, f in zip(points, waves, phases):
            product = product * np.sin(q * np.float32(w) + np.float32(f))
        moved.append(p + product)
    return moved


def stamp_vertebra(canvas, soft, v, wobble):
    low, high = vertebrae.reach(v)
    low[2] = min(low[2], -v.height / 2 - v.disc_below - 5)
    corners = [v.world([(low, high)[i >> a & 1][a] for a in range(3)]) for i in range(8)]
    box = canvas.box(corners, 3)
    if box is None:
        return
    points = v.local(*displaced(canvas.points(box), wobble))
    body = vertebrae.body(points, v)
    arch, part = vertebrae.arch(points, v)
    x, y, z = (np.abs(p) * np.float32(2 / size) for p, size in zip(points, (v.width, v.depth, v.height)))
    is_body = (body <= 0) | (body < arch)
    kind = np.where(is_body, np.where(z > np.maximum(x, y), kinds.ENDPLATE, kinds.WALL), part).astype(np.uint8)
    fill_disc_and_canal(soft[box], points, v)
    canvas.stamp(box, solids.smooth_union(body, arch, vertebrae.FILLET_MM), v.level, kind)
    for name, start, end, r0, r1 in v.inserts:
        inside = solids.capsule(points, start, end, r0, r1) < 0
        canvas.insert[box][inside if name == "metal" else inside & (body < 1)] = INSERTS[name]


def fill_disc_and_canal(soft, points, v):
    x, y, z = points
    if v.level > levels.C1:
        across = (np.abs(x) * np.float32(2.04 / v.width)) ** 2.5 + (np.abs(y) * np.float32(2.04 / v.depth)) ** 2.5 < 1
        top = -v.height / 2 + max(4, v.concavity + 0.5 * v.biconcave * v.height + 1)
        soft[across & (z < np.float32(top)) & (z > np.float32(-v.height / 2 - v.disc_below - 4))] = torso.DISC
    front = v.depth / 2
    fill_canal(soft, points, front + v.canal_depth / 2, v.canal_width / 2, v.canal_depth / 2,
               (-v.height / 2 - v.disc_below / 2 - 3, v.height / 2 + v.disc_above / 2 + 3), v.level <= levels.L1)


def fill_canal(soft, points, middle, half_width, half_depth, reach, has_cord):
    x, y, z = points
    rho = (x * np.float32(1 / half_width)) ** 2 + ((y - np.float32(middle)) * np.float32(1 / half_depth)) ** 2
    rho = np.where((z > np.float32(reach[0])) & (z < np.float32(reach[1])), rho, 9)
    soft[rho < 1] = torso.EPIDURAL_FAT
    soft[rho < 0.7] = torso.CSF
    if has_cord:
        soft[rho < 0.28] = torso.CORD


def stamp_sacrum(canvas, soft, patient, random):
    struts = bones.sacrum(patient, random)
    frame, k = patient.sacrum_frame, patient.scale
    s1 = spines.Vertebra(
        levels.SACRUM, frame @ [0, 0, -14.5 * k], frame, patient.s1_width, patient.s1_depth, 29 * k, 0, 0, 30 * k, 15 * k, 0.2, 2.4, 1.0, 2.0)
    box = canvas.box([frame @ p for p in np.array([[-60, -40, -115], [60, 45, -115], [-60, -40, 14], [60, 45, 14]]) * k], 8)
    if box is None:
        return
    points = s1.local(*canvas.points(box))
    body = vertebrae.body(points, s1)
    moved = (points[0], points[1], points[2] - np.float32(14.5 * k))
    rest = vertebrae.united(moved, struts)
    distance = solids.smooth_union(body, rest, vertebrae.FILLET_MM)
    # A rudimentary disc below S1 in some.
    if random.random() < 0.5:
        slit = solids.ellipsoid(moved, (0, 2 * k, -28 * k), (17 * k, 10 * k, random.uniform(1, 2.5) * k))
        distance = np.maximum(distance, -slit)
    curve = np.interp(-moved[2] / k, [0, 38, 60, 80], [0, 2, 1, -5]).astype(np.float32) * np.float32(k)
    middle, half = patient.s1_depth / 2 + 7 * k, np.interp(-moved[2] / k, [0, 60], [1, 0.45])
    canal = ((points[0] / (13 * k * half)) ** 2 + ((points[1] - curve - middle + 4 * k * (1 - half)) / (7 * k * half)) ** 2)
    canal = np.where((moved[2] < 6 * k) & (moved[2] > -62 * k), canal, 9)
    distance = np.maximum(distance, (1 - np.sqrt(canal)).astype(np.float32) * np.float32(5))
    soft[box][canal < 1] = torso.CSF
    canvas.stamp(box, distance.astype(np.float32), levels.SACRUM, kinds.SACRAL)
