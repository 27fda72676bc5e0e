"""Signed distances of simple solids, millimetres, negative inside. Points are three arrays (x, y, z) that broadcast together."""
import numpy as np


def capsule(points, start, end, start_radius, end_radius=None, stretch=(1, 1, 1)):
    """A rod with round ends. `stretch` makes its section longer along an axis; distances there are then too small, never too large."""
    end_radius = start_radius if end_radius is None else end_radius
    a, axis = np.divide(start, stretch), np.subtract(end, start) / stretch
    x, y, z = (p * np.float32(1 / s) - np.float32(o) for p, s, o in zip(points, stretch, a))
    along = (x * np.float32(axis[0]) + y * np.float32(axis[1]) + z * np.float32(axis[2])) * np.float32(1 / max(axis @ axis, 1e-6))
    np.clip(along, 0, 1, out=along)
    square = (x - along * np.float32(axis[0])) ** 2
    square += (y - along * np.float32(axis[1])) ** 2
    square += (z - along * np.float32(axis[2])) ** 2
    np.sqrt(square, out=square)
    square -= along * np.float32(end_radius - start_radius) + np.float32(start_radius)
    return square * np.float32(min(stretch))


def ellipsoid(points, centre, radii):
    """Approximate: exact on the surface and along the axes."""
    x, y, z = (np.float32(1 / r) * (p - np.float32(c)) for p, c, r in zip(points, centre, radii))
    length = np.sqrt(x * x + y * y + z * z)
    return (length - 1) * np.float32(min(radii))


def smooth_union(a, b, width):
    """The smaller of two distances, filleted over `width` (Quilez's polynomial smooth minimum)."""
    share = np.clip(0.5 + (b - a) * np.float32(0.5 / width), 0, 1)
    return b + (a - b) * share - np.float32(width) * share * (1 - share)


def smooth_intersection(a, b, width):
    return -smooth_union(-a, -b, width)


def rotation(lean, tilt, turn):
    """Axes of a frame as columns (left, back, head): leaning to the front, tilted to the left, turned to the left, degrees."""
    a, b, c = np.radians([lean, tilt, turn])
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return about_y @ about_x @ about_z
