"""Signed distance of one vertebra's body and arch (spine.py draws them), millimetres, in its own frame."""
import numpy as np

import levels
import solids

FILLET_MM = 3.0  # Of struts with one another; our choice.


def body(points, v):
    if v.level == levels.C1:
        return united(points, v.body_struts)
    x, y, z = points
    a, b, half = np.float32(v.width / 2), np.float32(v.depth / 2), np.float32(v.height / 2)
    height = np.clip(z / half, -1.3, 1.3)
    scale = 1 - np.float32(v.waist) * np.clip(1 - height * height, 0, 1)
    if v.osteophytes:
        angle = np.arctan2(y, x)
        for side, direction, length in v.osteophytes:
            lip = np.exp(-((height - np.float32(side)) * half / 2.5) ** 2 - ((np.mod(angle - direction + np.pi, 2 * np.pi) - np.pi) / 0.45) ** 2)
            scale = scale + np.float32(length / min(a, b)) * lip
    # The posterior wall is concave from side to side.
    y = np.where(y > 0, y + np.float32(v.wall_concavity) * np.clip(1 - (x / a) ** 2, 0, 1), y)
    p = np.float32(v.squareness)
    rho = ((np.abs(x) / a) ** p + (np.abs(y) / b) ** p) ** (1 / p)
    rho /= scale
    lateral = np.sqrt(x * x + y * y) * (1 - 1 / np.maximum(rho, 0.05))
    hollow = np.clip(1 - rho * rho, 0, 1) * np.float32(v.concavity + 0.5 * v.biconcave * v.height)
    front = np.float32(v.wedge * v.height) * np.clip(0.5 - y / (2 * b), 0, 1.1)
    upper = half - hollow - np.float32(0.7) * front + np.float32(v.uncinate) * np.clip(np.abs(x) / a, 0, 1.1) ** 5
    lower = -half + hollow + np.float32(0.3) * front
    distance = solids.smooth_intersection(lateral, np.maximum(z - upper, lower - z), 2.0)
    if v.schmorl is not None:
        distance = np.maximum(distance, -solids.ellipsoid((x, y, z), v.schmorl[0], [v.schmorl[1]] * 3))
    if v.body_struts:
        distance = solids.smooth_union(distance, united((x, y, z), v.body_struts), FILLET_MM)
    return distance


def arch(points, v):
    """The distance, and the kind of the nearest strut."""
    distance = nearest = kind = None
    for strut, part in zip(v.struts, v.strut_kinds, strict=True):
        one = solids.capsule(points, *strut)
        if distance is None:
            distance = nearest = one
            kind = np.full(one.shape, part, np.uint8)
            continue
        kind[one < nearest] = part
        nearest = np.minimum(nearest, one)
        distance = solids.smooth_union(distance, one, FILLET_MM)
    return distance, kind


def united(points, struts):
    distance = None
    for strut in struts:
        one = solids.capsule(points, *strut)
        distance = one if distance is None else solids.smooth_union(distance, one, FILLET_MM)
    return distance


def reach(v):
    """Corners (low, high) of a box in its frame that holds all of it and its discs."""
    ends = np.array([np.array(p) for s in v.struts + v.body_struts for p in s[:2]])
    stretched = max(max(s[2], s[3]) * max(s[4]) for s in v.struts)
    half = np.array([v.width, v.depth, v.height]) / 2 + [7, 7, 2]
    return np.minimum(ends.min(0) - stretched, -half) - 3, np.maximum(ends.max(0) + stretched, half) + 3
