"""Makes the images of the comparison from one image and its mask: images.py IMAGE MASK FOLDER. Started by compare.py."""
import os
import sys

import numpy
import SimpleITK as sitk


def padded(image, size, value):
    grown = [max(0, s - n) for s, n in zip(size, image.GetSize())]
    return sitk.ConstantPad(image, [g // 2 for g in grown], [g - g // 2 for g in grown], value)


def five(mask):
    """Five copies of the region 40 mm apart along z, each a label of its own."""
    region = sitk.GetArrayFromImage(mask) == 1
    step = round(40 / mask.GetSpacing()[2])
    labels = numpy.zeros(region.shape, numpy.uint8)
    for label in range(1, 6):
        labels[numpy.roll(region, step * (label - 3), axis=0)] = label
    image = sitk.GetImageFromArray(labels)
    image.CopyInformation(mask)
    return image


def sphere(volume_cm3, side):
    """A sphere in the middle of noise of 1 mm voxels: 150 ± 60, neighbours alike."""
    noise = numpy.random.default_rng(1).normal(0, 1, (side, side, side))
    for axis in range(3):
        noise = (numpy.roll(noise, 1, axis) + 2 * noise + numpy.roll(noise, -1, axis)) / 4
    image = (150 + 60 * noise / noise.std()).astype(numpy.int16)
    grid = numpy.indices(image.shape) - (side - 1) / 2
    radius = (3000 * volume_cm3 / (4 * numpy.pi)) ** (1 / 3)
    return image, ((grid**2).sum(axis=0) <= radius**2).astype(numpy.uint8)


def main():
    image_path, mask_path, folder = sys.argv[1:]

    def write(image, name):
        sitk.WriteImage(image, os.path.join(folder, name))

    size = [512, 512, 300]
    write(padded(sitk.ReadImage(image_path), size, -1024), "image512.nii")
    mask = padded(sitk.ReadImage(mask_path), size, 0)
    write(mask, "mask512.nii")
    write(five(mask), "five512.nii")
    for volume in (1, 4, 16, 64):
        image, region = sphere(volume, side=96)
        write(sitk.GetImageFromArray(image), "noise.nii")
        write(sitk.GetImageFromArray(region), f"sphere{volume}.nii")


main()
