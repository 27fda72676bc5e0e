"""Grey values for a geometry: tissues anew at every call, partial volume from the signed distance, then a scanner. HU throughout."""
import numpy as np
from scipy import ndimage

import kinds
import torso

OUTSIDE_HU = -1000.0


def tissue_values(random, setting):
    """HU of each tissue id."""
    has_contrast = random.random() < setting.contrast_share
    artery = random.uniform(*setting.contrast_hu) if has_contrast else random.uniform(25, 60)
    values = np.zeros(16, np.float32)
    values[torso.AIR] = -1000
    values[torso.FAT] = random.uniform(-120, -70)
    values[torso.MUSCLE] = random.uniform(30, 75)
    values[torso.LUNG] = random.uniform(-900, -600)
    values[torso.ORGAN] = random.uniform(20, 70)
    values[torso.BRIGHT_ORGAN] = random.uniform(60, 200) if has_contrast else random.uniform(25, 70)
    values[torso.ARTERY] = artery
    values[torso.VEIN] = artery * random.uniform(0.3, 1.0) if has_contrast else random.uniform(25, 60)
    values[torso.BOWEL] = random.uniform(150, 400) if random.random() < 0.15 else random.uniform(-30, 80)
    values[torso.GAS] = random.uniform(-1000, -850)
    values[torso.DISC] = random.uniform(45, 135)
    values[torso.CSF] = random.uniform(-5, 45)
    values[torso.CORD] = random.uniform(20, 60)
    values[torso.EPIDURAL_FAT] = random.uniform(-100, 30)
    values[torso.TABLE] = random.uniform(-300, 150)
    values[torso.FOAM] = random.uniform(-990, -900)
    return values


def bone_values(random, setting):
    """Marrow HU by [kind, instance], cortex HU and cortex thickness mm by kind."""
    is_low = random.random() < setting.low_marrow_share
    marrow = random.uniform(*(setting.low_marrow_hu if is_low else setting.high_marrow_hu))
    by_instance = marrow + random.normal(0, 12, 32)
    odd = random.random(32)
    by_instance[odd < 0.04] += random.uniform(60, 300)  # Sclerotic: a fresh fracture or a metastasis.
    by_instance[odd > 0.98] -= random.uniform(40, 120)  # Lytic.
    denser = {kinds.ENDPLATE: (0, 60), kinds.ARCH: (-90, 90), kinds.SACRAL: (-50, 20), kinds.RIB: (-50, 80), kinds.PELVIC: (-60, 60),
              kinds.FEMORAL: (-60, 120), kinds.OTHER: (0, 150)}
    by_kind = np.zeros(kinds.COUNT)
    for kind, span in denser.items():
        by_kind[kind] = random.uniform(*span)
    cortex = random.uniform(*setting.cortex_hu) * random.normal(1, 0.1, kinds.COUNT)
    wall = random.uniform(*setting.cortex_mm)
    arch = random.uniform(*setting.arch_cortex_mm)
    thickness = np.array([0, wall, wall * random.uniform(1, 2.6), arch, wall * random.uniform(1, 2), random.uniform(0.5, 1.5),
                          random.uniform(0.8, 2.5), random.uniform(1, 4), random.uniform(1, 4), *[arch] * 5])
    for values in (by_kind, cortex):
        values[kinds.PEDICLE_LEFT:] = values[kinds.ARCH]
    floor = max(marrow + 120, 250)
    return (by_kind[:, None] + by_instance).astype(np.float32), np.maximum(cortex, floor).astype(np.float32), thickness.astype(np.float32)


def painted(arrays, spacing, random, setting):
    """HU on the geometry's own grid. `arrays`: kind, distance (int8, 0.1 mm), instance, soft, insert."""
    kind, distance, instance, soft, insert = arrays
    hu = tissue_values(random, setting)[soft]
    marrow, cortex, thickness = bone_values(random, setting)
    near = np.flatnonzero((distance < 5 * spacing).ravel() & (kind > 0).ravel())
    what, d = kind.ravel()[near], distance.ravel()[near] * np.float32(0.1 / spacing)
    # Share of a voxel inside a surface at its centre's distance: exact for a plane along an axis.
    bone = np.clip(0.5 - d, 0, 1)
    inner = np.clip(0.5 - d - thickness[what] / np.float32(spacing), 0, 1)
    flat = hu.reshape(-1)
    flat[near] = (1 - bone) * flat[near] + (bone - inner) * cortex[what] + inner * marrow[what, instance.ravel()[near]]
    values = np.array([0, random.uniform(600, 2500), random.uniform(2500, 6000), random.uniform(-950, -300)], np.float32)
    if insert.any():
        hu = np.where(insert > 0, values[insert], hu)
    return hu


def slice_matrix(count, spacing, out_count, out_spacing, slice_mm, phase):
    """[out, in]: slices of a thickness every slice_mm, interpolated to the output's planes."""
    centres = (np.arange(count) + 0.5) * spacing
    outs = (np.arange(out_count) + 0.5) * out_spacing
    if slice_mm <= out_spacing:
        places, weights = outs, np.eye(out_count)
    else:
        places = np.arange(phase * slice_mm, count * spacing + slice_mm, slice_mm)
        at = np.clip((outs - places[0]) / slice_mm, 0, len(places) - 1)
        low = np.minimum(at.astype(int), len(places) - 2)
        weights = np.zeros((out_count, len(places)))
        weights[np.arange(out_count), low] = 1 - (at - low)
        weights[np.arange(out_count), low + 1] = at - low
    # A slice is a trapezoid: its thickness, softened by a voxel.
    half = max(slice_mm, out_spacing if slice_mm <= out_spacing else 0, spacing) / 2
    profile = np.clip((half + spacing / 2 - np.abs(centres - places[:, None])) / spacing, 0, 1)
    profile[np.arange(len(places)), np.abs(centres - places[:, None]).argmin(1)] += 1e-6
    return (weights @ (profile / profile.sum(1, keepdims=True))).astype(np.float32)


def smooth_noise(random, shape, voxels):
    """Unit-variance noise with a grain of about `voxels`."""
    small = [max(2, int(np.ceil(n / voxels)) + 1) for n in shape]
    field = random.standard_normal(small, dtype=np.float32)
    for axis, n in enumerate(shape):
        places = np.linspace(0, small[axis] - 1.001, n)
        low = places.astype(int)
        share = (places - low).astype(np.float32).reshape([-1 if a == axis else 1 for a in range(3)])
        field = np.take(field, low, axis) * (1 - share) + np.take(field, low + 1, axis) * share
    return field


def scanned(hu, spacing_mm, has_metal, bone_share, random, setting):
    """Blur, texture, noise, streaks, gain and offset, on the scan's own grid. `spacing_mm`: (z, y, x)."""
    hu = np.clip(hu, -1024, 4000)
    sigma = random.uniform(*setting.blur_mm) / 2.355
    hu = ndimage.gaussian_filter(hu, [0.5 * sigma / spacing_mm[0], sigma / spacing_mm[1], sigma / spacing_mm[2]], truncate=2.5)
    shape = hu.shape
    hu = hu + (hu > -300) * random.uniform(2, 12) * smooth_noise(random, shape, random.uniform(2, 6))
    hu += bone_share * random.uniform(0, 40) * smooth_noise(random, shape, random.uniform(1, 4))
    hu += random.uniform(0, 15) * smooth_noise(random, shape, 24)
    noise = random.standard_normal(shape, dtype=np.float32)
    grain = random.uniform(0, 0.8)
    if grain > 0.3:
        noise = ndimage.gaussian_filter(noise, [0, grain, grain], truncate=2.5)
        noise /= noise.std()
    hu += random.uniform(*setting.noise_hu) * noise
    if random.random() < 0.3:
        # Streaks from shoulders or arms run from side to side.
        streak = ndimage.uniform_filter1d(random.standard_normal(shape, dtype=np.float32), 15, axis=2)
        rows = np.exp(-((np.arange(shape[0]) - random.uniform(0, shape[0])) / (0.25 * shape[0])) ** 2).astype(np.float32)
        hu += random.uniform(20, 90) * streak * 3.9 * rows[:, None, None]
    if has_metal:
        hu += metal_streaks(hu, random)
    return np.clip(hu * random.uniform(*setting.gain) + random.uniform(*setting.offset_hu), -1024, 3071)


def metal_streaks(hu, random):
    """Rays from the brightest voxel of each slice, dark and bright by direction (a caricature)."""
    streaks = np.zeros_like(hu)
    y, x = np.mgrid[:hu.shape[1], :hu.shape[2]].astype(np.float32)
    for k in np.flatnonzero((hu > 2200).any((1, 2))):
        row, column = np.unravel_index(hu[k].argmax(), hu[k].shape)
        angle = np.arctan2(y - row, x - column)
        waves = sum(random.normal() * np.cos(m * angle + random.uniform(0, 6.28)) for m in (2, 4, 7, 11))
        streaks[k] = random.uniform(30, 160) * waves / (1 + np.hypot(y - row, x - column) / 8)
    return streaks
