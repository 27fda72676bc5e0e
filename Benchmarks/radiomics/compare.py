"""Times osteon radiomics and PyRadiomics on the same files. Started by ./run."""
import json
import logging
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile

import SimpleITK as sitk

ONE = """
import json, logging, resource, sys, time
import SimpleITK as sitk
from radiomics import featureextractor
logging.getLogger("radiomics").setLevel(logging.ERROR)
sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
params, image, mask, labels = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split(",")
start = time.perf_counter()
extractor = featureextractor.RadiomicsFeatureExtractor(params)
for label in labels:
    extractor.execute(image, mask, label=int(label))
print(json.dumps([1000 * (time.perf_counter() - start), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def pyradiomics(params, image, mask, labels):
    out = subprocess.run([sys.executable, "-W", "ignore", "-c", ONE, params, image, mask, labels],
                         check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}).stdout
    return json.loads(out.strip().splitlines()[-1])


def osteon(params, image, mask, labels, folder):
    output = os.path.join(folder, "osteon.json")
    command = [os.environ["OSTEON"], "radiomics", "--params", params, "--image", image, "--mask", mask, "--threads", "1",
               "--output", output]
    for label in labels.split(","):
        command += ["--label", label]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"osteon radiomics failed with status {status}")
    timings = json.load(open(output))["cases"][0]["timingsMS"]
    return [t["milliseconds"] for t in timings if t["stage"] == "extract"][0], usage.ru_maxrss / 1024


def padded(image, size, value):
    grown = [max(0, s - n) for s, n in zip(size, image.GetSize())]
    return sitk.ConstantPad(image, [g // 2 for g in grown], [g - g // 2 for g in grown], value)


def five(mask):
    """Five shifted copies of the region, each a label of its own."""
    result = sitk.Image(mask.GetSize(), sitk.sitkUInt8)
    result.CopyInformation(mask)
    for label in range(1, 6):
        moved = sitk.Resample(mask, mask, sitk.TranslationTransform(3, [0, 0, 40.0 * (label - 3)]), sitk.sitkNearestNeighbor)
        result = sitk.Mask(result, moved != 1) + sitk.Cast(moved == 1, sitk.sitkUInt8) * label
    return result


def prepare(image_path, mask_path, folder):
    size = [512, 512, 300]
    image, mask = sitk.ReadImage(image_path), sitk.ReadImage(mask_path)
    sitk.WriteImage(padded(image, size, -1024), os.path.join(folder, "image512.nii"))
    large = padded(mask, size, 0)
    sitk.WriteImage(large, os.path.join(folder, "mask512.nii"))
    sitk.WriteImage(five(large), os.path.join(folder, "five512.nii"))


def main():
    image_path, mask_path, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
    params_text = "setting:\n  resampledPixelSpacing: [1, 1, 1]\n  binWidth: 25\n  label: 1\n"
    images = "imageType:\n  Original: {}\n  LoG:\n    sigma: [1.0, 3.0, 5.0]\n  Wavelet:\n    wavelet: coif1\n    start_level: 0\n    level: 1\n  Gradient: {}\n"
    with tempfile.TemporaryDirectory() as folder:
        def path(name):
            return os.path.join(folder, name)

        open(path("hu_full.yaml"), "w").write(images + params_text)
        open(path("ge2025.yaml"), "w").write(
            images + params_text + "  normalize: true\n  normalizeScale: 100\n  removeOutliers: 3\n")
        # In a process of its own: on Linux a child's peak memory begins with its parent's.
        preparing = multiprocessing.Process(target=prepare, args=(image_path, mask_path, folder))
        preparing.start()
        preparing.join()
        if preparing.exitcode:
            sys.exit("the padded images could not be made")
        cases = [("as it is", image_path, mask_path, "1"), ("in 512 x 512 x 300", path("image512.nii"), path("mask512.nii"), "1"),
                 ("five labels in 512 x 512 x 300", path("image512.nii"), path("five512.nii"), "1,2,3,4,5")]
        print("| case | settings | PyRadiomics min / median ms | MB | Osteon min / median ms | MB | ratio of minima |")
        print("|---|---|---|---|---|---|---|")
        for name, i, m, labels in cases:
            for params in ["ge2025", "hu_full"]:
                theirs = [pyradiomics(path(params + ".yaml"), i, m, labels) for _ in range(repeats)]
                ours = [osteon(path(params + ".yaml"), i, m, labels, folder) for _ in range(repeats)]
                a, b = [t[0] for t in theirs], [t[0] for t in ours]
                print(f"| {name} | {params} | {min(a):.0f} / {statistics.median(a):.0f} | {max(t[1] for t in theirs):.0f} "
                      f"| {min(b):.0f} / {statistics.median(b):.0f} | {max(t[1] for t in ours):.0f} | {min(a) / min(b):.1f} |",
                      flush=True)


logging.disable(logging.WARNING)
main()
