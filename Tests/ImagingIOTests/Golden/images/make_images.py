# Makes the image files of this folder and images.json: run `python make_images.py` in this folder
# (SimpleITK 2.5.7, pynrrd 1.1.3, nibabel 5.4.2). images.json holds what SimpleITK reads from each file; voxels x fastest.
import json, pathlib
import nibabel, nrrd, numpy as np
import SimpleITK as sitk

size = (5, 4, 3)
spacing, origin = (0.7, 1.25, 3.0), (-12.5, 30.1, -400.7)
a, b = np.deg2rad(20), np.deg2rad(-11)
turn_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
turn_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
directions = {"axial": np.eye(3), "sagittal": np.array([[0, 0, -1.0], [1, 0, 0], [0, -1, 0]]), "oblique": turn_z @ turn_x}
ramp = np.arange(60).reshape(3, 4, 5)


def array(kind):
    signed = not kind.startswith("u")
    values = ramp * 3 - (80 if signed else 0)
    return (values + (0.3 if kind.startswith("float") else 0)).astype(kind)


def write(name, kind, direction, **options):
    image = sitk.GetImageFromArray(array(kind))
    image.SetSpacing(spacing), image.SetOrigin(origin), image.SetDirection(directions[direction].ravel().tolist())
    sitk.WriteImage(image, name, **options)


# SimpleITK: raw and gzip, single files and detached ones, NRRD and NIfTI.
write("sitk-int16-oblique.nrrd", "int16", "oblique", useCompression=False)
write("sitk-uint8-axial-gzip.nrrd", "uint8", "axial", useCompression=True)
write("sitk-float32-sagittal.nhdr", "float32", "sagittal", useCompression=False)
write("sitk-float64-oblique-gzip.nrrd", "float64", "oblique", useCompression=True)
write("sitk-uint16-axial-gzip.nhdr", "uint16", "axial", useCompression=True)
write("sitk-int16-oblique.nii.gz", "int16", "oblique")
write("sitk-uint8-sagittal.nii", "uint8", "sagittal")
write("sitk-float32-axial.nii.gz", "float32", "axial")
write("sitk-float64-oblique.nii", "float64", "oblique")
write("sitk-int32-axial.nii.gz", "int32", "axial")

# pynrrd: big-endian, text, and spacings alone.
steps = (directions["oblique"] * np.array(spacing)).T
geometry = {"space": "left-posterior-superior", "space directions": steps, "space origin": np.array(origin)}
for name, options in {
    "pynrrd-int16-big.nrrd": dict(geometry, endian="big", encoding="raw"),
    "pynrrd-float64-big-gzip.nrrd": dict(geometry, endian="big", encoding="gzip"),
}.items():
    kind = ">" + {"int16": "i2", "float64": "f8"}[name.split("-")[1]]
    nrrd.write(name, array(name.split("-")[1]).astype(kind), options, index_order="C")
nrrd.write("pynrrd-uint16-spacings.nrrd", array("uint16"), {"spacings": list(spacing), "encoding": "raw"}, index_order="C")

# nibabel: big-endian headers, a slope, a qform alone.
affine = np.eye(4)
affine[:3, :3] = np.diag([-1, -1, 1]) @ directions["oblique"] @ np.diag(spacing)
affine[:3, 3] = np.diag([-1, -1, 1]) @ np.array(origin)


def save(name, kind, endianness="<", slope=None, sform=True):
    header = nibabel.Nifti1Header(endianness=endianness)
    header.set_data_dtype(np.dtype(kind).newbyteorder(endianness))
    image = nibabel.Nifti1Image(array(kind).T, affine, header)
    image.header.set_xyzt_units("mm")
    image.set_qform(affine, 1)
    image.set_sform(affine if sform else None, 1 if sform else 0)
    if slope:
        image.header.set_slope_inter(*slope)
    nibabel.save(image, name)


save("nibabel-int16-big.nii", "int16", ">")
save("nibabel-float32-big.nii.gz", "float32", ">")
save("nibabel-int16-slope.nii.gz", "int16", slope=(0.5, -1024.0))
save("nibabel-uint8-qform.nii", "uint8", sform=False)

files = {}
for path in sorted(pathlib.Path(".").glob("*-*")):
    if path.name.split(".")[-1] in ("raw",) or path.name.endswith(".raw.gz"):
        continue
    image = sitk.ReadImage(path.name)
    values = sitk.GetArrayFromImage(image)
    files[path.name] = {
        "type": values.dtype.name, "size": image.GetSize(), "spacing": image.GetSpacing(), "origin": image.GetOrigin(),
        "direction": image.GetDirection(), "values": values.ravel().tolist(),
    }
json.dump(files, open("images.json", "w"), separators=(",", ":"))
print({n: (f["type"], f["size"], f["values"][:2]) for n, f in files.items()})
