"""Times osteon radiomics and PyRadiomics on the same files, in turns. Started by ./run.

Nothing large is imported here: on Linux the peak memory of a child begins with its parent's.
"""
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile

PYRADIOMICS = """
import json, logging, sys, time
import SimpleITK as sitk
from radiomics import featureextractor
logging.getLogger("radiomics").setLevel(logging.ERROR)
sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
params, image, mask, labels = sys.argv[1:]
start, used = time.perf_counter(), time.process_time()
extractor = featureextractor.RadiomicsFeatureExtractor(params)
for label in labels.split(","):
    extractor.execute(image, mask, label=int(label))
times = [1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)]
peak = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")][0]
print(json.dumps(times + [peak / 1024]))
"""

PARAMETERS = """
imageType:
  Original: {}
  LoG:
    sigma: [1.0, 3.0, 5.0]
  Wavelet:
    wavelet: coif1
    start_level: 0
    level: 1
  Gradient: {}
setting:
  resampledPixelSpacing: [1, 1, 1]
  binWidth: 25
  label: 1
"""
SETTINGS = {"hu_full": PARAMETERS, "ge2025": PARAMETERS + "  normalize: true\n  normalizeScale: 100\n  removeOutliers: 3\n"}


def pyradiomics(params, image, mask, labels):
    """Milliseconds from files to features by the clock and of the processor, peak MB."""
    out = subprocess.run([sys.executable, "-W", "ignore", "-c", PYRADIOMICS, params, image, mask, labels],
                         check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                         env={**os.environ, "OMP_NUM_THREADS": "1"}).stdout
    return json.loads(out.strip().splitlines()[-1])


def finished(command):
    """The processor's milliseconds and the peak MB of a process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"osteon failed with status {process.returncode}: {' '.join(command)}")
    return 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024


@functools.cache
def start_of_osteon():
    """The processor's milliseconds to start and to do nothing."""
    return min(finished([os.environ["OSTEON"], "--version"])[0] for _ in range(10))


def osteon(params, image, mask, labels):
    """The same; the processor's time is that of the process less that of one that does nothing."""
    output = params + ".json"
    command = [os.environ["OSTEON"], "radiomics", "--params", params, "--image", image, "--mask", mask, "--threads", "1",
               "--output", output]
    for label in labels.split(","):
        command += ["--label", label]
    used, peak = finished(command)
    with open(output) as document:
        timings = json.load(document)["cases"][0]["timingsMS"]
    extract = [t["milliseconds"] for t in timings if t["stage"] == "extract"][0]
    return extract, used - start_of_osteon(), peak


class Times:
    """Of some runs: minimum and median by the clock, least processor time, peak memory."""

    def __init__(self, runs):
        self.minimum = min(run[0] for run in runs)
        self.median = statistics.median(run[0] for run in runs)
        self.processor = min(run[1] for run in runs)
        self.peak = max(run[2] for run in runs)

    def __str__(self):
        return f"{self.minimum:.0f} / {self.median:.0f} / {self.processor:.0f} | {self.peak:.0f}"


def compared(repeats, *case):
    runs = [(pyradiomics(*case), osteon(*case)) for _ in range(repeats)]
    return Times([r[0] for r in runs]), Times([r[1] for r in runs])


def faster(theirs, ours):
    ratios = [theirs.minimum / ours.minimum, theirs.median / ours.median, theirs.processor / ours.processor]
    return " / ".join(f"{ratio:.3g}" for ratio in ratios)


def processor():
    with open("/proc/cpuinfo") as info:
        names = [line.split(":")[1].strip() for line in info if line.startswith("model name")]
    return f"{names[0]}, {len(names)} cores"


def show(text):
    print(text, flush=True)


def main():
    image, mask, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        def path(name):
            return os.path.join(folder, name)

        for name, text in SETTINGS.items():
            with open(path(name + ".yaml"), "w") as file:
                file.write(text)
        images = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images.py")
        subprocess.run([sys.executable, images, image, mask, folder], check=True)
        show(f"{processor()}; one thread each, in turns, {repeats} fresh processes; load {os.getloadavg()[0]:.1f} at the start.")
        show("Times in ms as minimum / median by the clock / least of the processor in-process.\n")
        show("| case | settings | PyRadiomics | MB | Osteon | MB | times faster |\n|---|---|---|---|---|---|---|")
        cases = [("as it is", image, mask, "1", ["ge2025", "hu_full"]),
                 ("in 512 × 512 × 300", path("image512.nii"), path("mask512.nii"), "1", ["ge2025", "hu_full"]),
                 ("five labels in it", path("image512.nii"), path("five512.nii"), "1,2,3,4,5", ["ge2025"])]
        measured = {}
        for name, i, m, labels, settings in cases:
            for setting in settings:
                theirs, ours = compared(repeats, path(setting + ".yaml"), i, m, labels)
                measured[name, setting] = ours
                show(f"| {name} | {setting} | {theirs} | {ours} | {faster(theirs, ours)} |")
        one, five = measured[cases[1][0], "ge2025"], measured[cases[2][0], "ge2025"]
        show(f"\nFive labels take Osteon {faster(five, one)} times as long as one.\n")
        show("| sphere in 96³ voxels of 1 mm, ge2025 | PyRadiomics | MB | Osteon | MB | Osteon ms per cm³ | times faster |")
        show("|---|---|---|---|---|---|---|")
        for volume in (1, 4, 16, 64):
            theirs, ours = compared(repeats, path("ge2025.yaml"), path("noise.nii"), path(f"sphere{volume}.nii"), "1")
            show(f"| {volume} cm³ | {theirs} | {ours} | {ours.minimum / volume:.1f} | {faster(theirs, ours)} |")
        show(f"\nLoad {os.getloadavg()[0]:.1f} at the end.")


main()
