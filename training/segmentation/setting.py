"""How freely patients and scanners are drawn. Training and test use different settings; each range is our choice."""
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Setting:
    """Pairs are (least, most) of a uniform draw, shares are probabilities."""
    name: str
    # Patient
    size: tuple = (0.82, 1.16)
    variation: float = 0.06
    disc_height: tuple = (0.45, 1.25)
    curvature: tuple = (0.3, 1.4)
    scoliosis_share: float = 0.25
    scoliosis_degrees: tuple = (8, 32)
    waist: tuple = (0.04, 0.26)
    squareness: tuple = (2.1, 3.2)
    fracture_share: float = 0.12
    fracture_loss: tuple = (0.1, 0.6)
    osteophyte_share: float = 0.35
    osteophyte_mm: tuple = (1, 7)
    schmorl_share: float = 0.06
    cement_share: float = 0.08
    screw_share: float = 0.08
    cleft_share: float = 0.03
    process: tuple = (0.75, 1.3)
    facet_gap_mm: tuple = (0.3, 1.8)
    wobble_mm: tuple = (0.2, 1.2)
    # Scanner
    low_marrow_share: float = 0.5
    low_marrow_hu: tuple = (-30, 130)
    high_marrow_hu: tuple = (90, 360)
    cortex_hu: tuple = (350, 1300)
    cortex_mm: tuple = (0.3, 1.3)
    arch_cortex_mm: tuple = (0.8, 3.0)
    contrast_share: float = 0.4
    contrast_hu: tuple = (120, 420)
    noise_hu: tuple = (3, 45)
    slice_mm: tuple = (0.5, 5.0)
    blur_mm: tuple = (0.4, 2.2)
    gain: tuple = (0.9, 1.12)
    offset_hu: tuple = (-25, 25)
    tight_share: float = 0.4
    # Net B's crops: pixels larger than its grid, how strongly a stored patient is bent, how far off its centres are given (net A's error, its card).
    coarse_share: float = 0.25
    deformation: float = 1.0
    centre_error_mm: float = 2.0
    # Other bones and tissues than the vertebrae, discs and canal; without them there is muscle.
    has_surroundings: bool = True
    # Kinds of insert (geometry.INSERTS) that are taken out of stored patients.
    omitted_inserts: tuple = ()


TRAINING = Setting("training")

# Of patients and scanners at and beyond the edge of the training's: for tests only.
SHIFTED = replace(
    TRAINING, name="shifted", size=(0.78, 1.2), variation=0.09, disc_height=(0.35, 1.1), curvature=(0.6, 1.7), scoliosis_share=0.35,
    scoliosis_degrees=(12, 36), waist=(0.10, 0.30), squareness=(2.4, 3.6), fracture_share=0.18, fracture_loss=(0.15, 0.65),
    osteophyte_share=0.5, osteophyte_mm=(2, 8), process=(0.7, 1.4), facet_gap_mm=(0.2, 1.2), wobble_mm=(0.5, 1.6),
    low_marrow_share=0.6, low_marrow_hu=(-40, 110), high_marrow_hu=(100, 400), cortex_hu=(450, 1400), cortex_mm=(0.25, 1.0),
    contrast_share=0.6, contrast_hu=(150, 450), noise_hu=(8, 50), blur_mm=(0.6, 2.4), gain=(0.88, 1.14), tight_share=0.5)

# The training's with one ingredient dropped each: what is it worth? Short trainings only (ablation.py).
WITHOUT = {setting.name: setting for setting in (
    replace(TRAINING, name="low marrow", low_marrow_share=0),
    replace(TRAINING, name="surroundings", has_surroundings=False),
    replace(TRAINING, name="tight fields", tight_share=0),
    replace(TRAINING, name="range of cortices", cortex_hu=(800, 800), cortex_mm=(0.8, 0.8), arch_cortex_mm=(1.6, 1.6)),
    replace(TRAINING, name="contrast", contrast_share=0),
    replace(TRAINING, name="range of scanners", noise_hu=(15, 15), slice_mm=(1, 1), blur_mm=(1, 1), gain=(1, 1), offset_hu=(0, 0), coarse_share=0),
    replace(TRAINING, name="deformation", deformation=0),
    replace(TRAINING, name="centre errors", centre_error_mm=0),
    replace(TRAINING, name="cement and metal", omitted_inserts=("cement", "metal")),
    replace(TRAINING, name="fractures", fracture_loss=(0, 0), omitted_inserts=("gas",)),
    replace(TRAINING, name="osteophytes", osteophyte_mm=(0, 0)),
    replace(TRAINING, name="curvature", curvature=(1, 1), scoliosis_degrees=(0, 0)))}
# Those that lie in the stored anatomy: without them the same patients are made once more.
IN_ANATOMY = ("fractures", "osteophytes", "curvature")

SETTINGS = {setting.name: setting for setting in (TRAINING, SHIFTED)}
