"""Runs `osteon segment` and reads what it wrote; scans as arrays [x, y, z] with their affine."""
import json
import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import nibabel
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("OSTEON", ROOT / ".build/debug/osteon"))
DATA = Path(os.environ.get("OSTEON_TEST_DATA", ROOT.parent / "shared/data"))


@dataclass
class Scan:
    """HU and where they are."""
    hu: np.ndarray
    affine: np.ndarray

    @property
    def spacing(self):
        return np.linalg.norm(self.affine[:3, :3], axis=0)

    def write(self, file):
        file.parent.mkdir(parents=True, exist_ok=True)
        nibabel.save(nibabel.Nifti1Image(np.rint(self.hu).astype(np.int16), self.affine), file)


@dataclass
class Found:
    """What the program made of a scan. Label values: 1 (C1) to 24 (L5), 101 and up for unknown levels."""
    vertebrae: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    whole: np.ndarray = None
    bodies: np.ndarray = None
    parts: np.ndarray = None
    affine: np.ndarray = None
    refusal: str = ""
    seconds: float = 0.0

    @property
    def names(self):
        return [v["name"] for v in self.vertebrae]

    def outlined(self, vertebra):
        """The mask of a whole vertebra; None where no plausible body was found."""
        mask = self.whole == vertebra["labelValue"]
        return mask if mask.any() else None


def read(file):
    image = nibabel.load(file)
    return Scan(np.asarray(image.dataobj).astype(np.float32), image.affine)


def segment(file, folder, models=None):
    """Runs the program, or reads what an earlier run left in the folder. A refusal is a result, too."""
    report = folder / "report.json"
    if not report.exists() and not (folder / "refusal.txt").exists():
        folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        command = [str(PROGRAM), "segment", str(file), "--output", str(folder)] + (["--models", str(models)] if models else [])
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            (folder / "refusal.txt").write_text(done.stderr)
        (folder / "seconds.txt").write_text(f"{time.monotonic() - began:.1f}")
    seconds = float((folder / "seconds.txt").read_text())
    if not report.exists():
        return Found(refusal=(folder / "refusal.txt").read_text().strip(), seconds=seconds)
    spine = json.loads(report.read_text())["spine"]
    whole = nibabel.load(folder / "segmentation.nii.gz")
    bodies, parts = (np.asarray(nibabel.load(folder / f"{name}.nii.gz").dataobj) for name in ("bodies", "parts"))
    return Found(spine["vertebrae"], spine["notes"], np.asarray(whole.dataobj), bodies, parts, whole.affine, seconds=seconds)


def dice(a, b):
    total = np.count_nonzero(a) + np.count_nonzero(b)
    return 2 * np.count_nonzero(a & b) / total if total else float("nan")
