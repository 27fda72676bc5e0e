# Makes segmentation.json: run `python segmentation.py` in this folder (MedPy, SciPy, NumPy). Masks are written as runs of
# voxel indices, x fastest, end excluded; MedPy gives all but the directed 95th percentiles, which are NumPy's of
# SciPy's exact distance transform.
import importlib.metadata, json
import numpy as np, scipy
from medpy.metric import binary
from scipy import ndimage

def grid(size):
    z, y, x = np.meshgrid(*[np.arange(n) for n in size[::-1]], indexing="ij")
    return x, y, z
def ball(size, spacing, centre, radius):
    x, y, z = grid(size)
    return ((x * spacing[0] - centre[0]) ** 2 + (y * spacing[1] - centre[1]) ** 2 + (z * spacing[2] - centre[2]) ** 2) < radius ** 2
def noise(size, a, b, c, m, below):
    x, y, z = grid(size)
    return (a * x + b * y + c * z + x * y + 2 * y * z + 3 * x * z) % m < below

sets = {
    "balls": ((20, 18, 16), (0.7, 0.7, 1.5), ball((20, 18, 16), (0.7, 0.7, 1.5), (6.5, 6.2, 11.3), 4.1), ball((20, 18, 16), (0.7, 0.7, 1.5), (7.6, 6.1, 12.4), 4.6)),
    "border": ((12, 10, 6), (1.0, 1.0, 3.0), ball((12, 10, 6), (1, 1, 3), (2.2, 1.1, 4.3), 5.3), ball((12, 10, 6), (1, 1, 3), (4.1, 2.3, 7.4), 6.2)),
    "noise": ((9, 8, 7), (0.5, 1.25, 2.0), noise((9, 8, 7), 3, 5, 7, 11, 2), noise((9, 8, 7), 2, 7, 5, 13, 3)),
    "apart": ((16, 4, 3), (1.0, 2.0, 2.5), ball((16, 4, 3), (1, 2, 2.5), (1.2, 2.1, 2.4), 1.9), ball((16, 4, 3), (1, 2, 2.5), (13.3, 4.2, 2.6), 2.1)),
}
def expected(spacing, reference, candidate):
    s = spacing[::-1]
    def surface(mask): return mask & ~ndimage.binary_erosion(mask)
    def directed(a, b): return ndimage.distance_transform_edt(~surface(b), sampling=s)[surface(a)]
    return {
        "dice": binary.dc(candidate, reference), "jaccard": binary.jc(candidate, reference),
        "hausdorff": binary.hd(candidate, reference, s), "pooled95": binary.hd95(candidate, reference, s),
        "assd": binary.assd(candidate, reference, s), "fromCandidate": binary.asd(candidate, reference, s), "fromReference": binary.asd(reference, candidate, s),
        "directed95": max(np.percentile(directed(reference, candidate), 95), np.percentile(directed(candidate, reference), 95)),
        "surfaceDice1": np.mean(np.concatenate([directed(reference, candidate), directed(candidate, reference)]) <= 1),
    }
def runs(mask):
    flat = mask.ravel().astype(np.int8); edges = np.flatnonzero(np.diff(np.concatenate([[0], flat, [0]])))
    return [[int(a), int(b)] for a, b in zip(edges[::2], edges[1::2])]
json.dump({
    "command": "python segmentation.py",
    "versions": {"MedPy": importlib.metadata.version("medpy"), "scipy": scipy.__version__, "numpy": np.__version__},
    "sets": [{"name": n, "size": list(size), "spacingMM": list(map(float, spacing)), "reference": runs(a), "candidate": runs(b),
              "expected": {k: float(v) for k, v in expected(spacing, a, b).items()}} for n, (size, spacing, a, b) in sets.items()],
}, open("segmentation.json", "w"), separators=(",", ":"), allow_nan=False)
