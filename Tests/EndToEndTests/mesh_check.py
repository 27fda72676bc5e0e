"""Reads surfaces with trimesh: mesh_check.py FOLDER

FOLDER holds meshes.glb, segmentation.nii.gz, report.json and LEVEL.stl of every vertebra."""
import gzip
import json
import sys
from pathlib import Path

import numpy
import trimesh

folder = Path(sys.argv[1])


def check(what, condition):
    if not condition:
        sys.exit(f"failed: {what}")


def label_map():
    """The values of a NIfTI file, x fastest, and its affine to RAS; no more than our own files need."""
    data = gzip.decompress((folder / "segmentation.nii.gz").read_bytes())
    size = numpy.frombuffer(data, "<i2", 8, 40)[1:4]
    datatype = {2: "u1", 4: "<i2", 512: "<u2"}[int(numpy.frombuffer(data, "<i2", 1, 70)[0])]
    affine = numpy.frombuffer(data, "<f4", 12, 280).reshape(3, 4).astype(float)
    start = int(numpy.frombuffer(data, "<f4", 1, 108)[0])
    return numpy.frombuffer(data, datatype, int(numpy.prod(size)), start).reshape(size[::-1]).transpose(2, 1, 0), affine


labels, affine = label_map()
voxel = abs(numpy.linalg.det(affine[:, :3]))
spine = json.loads((folder / "report.json").read_text())["spine"]["vertebrae"]
outlined = [vertebra for vertebra in spine if vertebra.get("bodyVolumeML")]
scene = trimesh.load(folder / "meshes.glb")
check("names", set(scene.geometry) == {vertebra["name"] for vertebra in outlined} and outlined)

for vertebra in outlined:
    name = vertebra["name"]
    transform, geometry = scene.graph[name]
    inside = numpy.argwhere(labels == vertebra["labelValue"])
    # The scene is in metres: left, superior, anterior. RAS to that: -x, z, y.
    ras = inside @ affine[:, :3].T + affine[:, 3]
    left_superior_anterior = ras[:, [0, 2, 1]] * [-1, 1, 1] / 1000
    node = scene.geometry[geometry].copy()
    node.apply_transform(transform)
    single = trimesh.load(folder / f"{name}.stl")
    volume = len(inside) * voxel
    for mesh, scale in [(node, 1e9), (single, 1)]:
        check(f"{name} is closed", mesh.is_watertight)
        check(f"{name} is turned outwards", mesh.is_winding_consistent and mesh.volume > 0)
        check(f"{name} has the mask's volume", abs(mesh.volume * scale / volume - 1) < 0.02)
    # In place to a voxel's diagonal.
    diagonal = numpy.linalg.norm(numpy.linalg.norm(affine[:, :3], axis=0)) / 1000
    box = numpy.array([left_superior_anterior.min(0), left_superior_anterior.max(0)])
    check(f"{name} lies where its voxels lie", numpy.abs(node.bounds - box).max() < diagonal)
    check(f"{name}.stl is LPS mm", numpy.abs((single.bounds[:, 2] / 1000) - box[:, 1]).max() < diagonal)
    check(f"{name}.stl is the node's surface", len(single.faces) == len(node.faces))

print(f"{len(outlined)} surfaces read")
