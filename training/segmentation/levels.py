"""The vertebrae and their typical sizes.

Typical adult figures in millimetres, rounded, in the range of Panjabi et al. 1991-1992 (10.1097/00007632-199108000-00002 thoracic,
10.1097/00007632-199203000-00010 lumbar) and Berry et al. 1987; each patient is scaled and varied round them (spine.py).
"""
import numpy as np

LEVELS = [f"C{i}" for i in range(1, 8)] + [f"T{i}" for i in range(1, 13)] + [f"L{i}" for i in range(1, 6)]
# Instance ids: 1 to 24 for C1 to L5, 25 for the sacrum; the same numbers that Osteon's label maps use.
SACRUM = 25
C1, C2, C7, T1, T12, L1, L5 = (LEVELS.index(name) + 1 for name in ("C1", "C2", "C7", "T1", "T12", "L1", "L5"))

WIDTH = [24, 19, 19, 20, 21, 22, 24, 27, 26.5, 25.5, 26, 27, 28, 29, 30.5, 32, 34, 37, 40, 42, 44, 46, 48, 50]
DEPTH = [12, 15, 15.5, 15.5, 16, 16.5, 17, 17, 18, 20, 21.5, 23, 24.5, 26, 27.5, 29, 30, 31, 32, 33, 34, 34.5, 35, 35]
HEIGHT = [12, 20, 13, 13, 12.5, 12.8, 14, 15.5, 17, 17.5, 18, 18.5, 19, 19.5, 20, 20.5, 21.5, 22.5, 24, 25.5, 26.5, 27, 27, 26.5]
DISC_BELOW = [1, 4.5, 5, 5.2, 5.5, 5.5, 5.3, 4.5, 3.5, 3, 3, 3.2, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9, 10, 11, 10]
CANAL_WIDTH = [28, 24, 23, 24, 24.5, 25, 24, 21, 19, 18, 17.5, 17.5, 17.5, 17.5, 18, 18, 18.5, 20, 22, 23, 23.5, 24, 25, 27]
CANAL_DEPTH = [19, 18, 15.5, 15, 15, 15, 15.5, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16.5, 17.5, 18, 17.5, 17, 17, 17.5]
PEDICLE_WIDTH = [6, 6, 5.5, 5.5, 5.7, 6, 6.5, 8, 7, 5.5, 4.8, 4.7, 4.8, 5, 5.5, 6, 7, 8, 7.8, 8, 8.5, 9.5, 11.5, 15]
PEDICLE_HEIGHT = [8, 8, 7, 7, 7, 7, 7.5, 9.5, 11, 11.5, 11.5, 11.5, 11.5, 12, 12.5, 13.5, 15, 16.5, 16, 15.5, 15, 14.5, 15, 14.5]
SPINOUS = [4, 17, 14, 14, 17, 22, 30, 30, 30, 29, 29, 29, 30, 30, 29, 28, 25, 22, 23, 27, 29, 30, 28, 21]
TRANSVERSE_SPAN = [74, 52, 52, 53, 55, 58, 66, 74, 70, 66, 64, 63, 62, 62, 61, 60, 58, 52, 48, 70, 80, 90, 86, 88]

# Lean of the upward axis to the front, degrees, at some levels: sacral slope, lumbar lordosis, thoracic kyphosis, cervical lordosis.
LEAN_AT = {"S1": 40, "L5": 22, "L3": 0, "L1": -12, "T12": -13, "T9": -6, "T6": 6, "T3": 20, "T1": 24, "C7": 22, "C5": 6, "C3": -2, "C1": -6}


def region(level):
    """`cervical`, `thoracic` or `lumbar`, of an instance id."""
    return "cervical" if level <= C7 else "thoracic" if level <= T12 else "lumbar"


def lean(level):
    """Typical lean of an instance id (25: S1), degrees."""
    ids = sorted((25 if name == "S1" else LEVELS.index(name) + 1, value) for name, value in LEAN_AT.items())
    return float(np.interp(level, *zip(*ids)))
