# Makes resampling.json: run `python resampling.py` in this folder (SciPy, NumPy).
# The resamples are those of xoshiro256** seeded by SplitMix64, written again here from the papers; the limits are
# scipy.stats.bootstrap's of those replicates.
import json
import numpy as np, scipy
from scipy import stats

MASK = (1 << 64) - 1
def rotl(x, k): return ((x << k) | (x >> (64 - k))) & MASK
def generator(seed):
    state = []
    for _ in range(4):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        state.append(z ^ (z >> 31))
    while True:
        yield (rotl((state[1] * 5) & MASK, 7) * 9) & MASK
        t = (state[1] << 17) & MASK
        state[2] ^= state[0]; state[3] ^= state[1]; state[1] ^= state[2]; state[0] ^= state[3]
        state[2] ^= t
        state[3] = rotl(state[3], 45)

class Replicates:
    def __init__(self, distribution): self.bootstrap_distribution = distribution

random = np.random.default_rng(11)
samples = {"ties": np.round(random.normal(10, 2, 40)), "small": random.normal(0, 1, 8), "skew": random.lognormal(0, 1, 200)}
# Sums of multiples of 1/64 are exact in any order, so that replicates equal to the estimate are equal in both implementations.
rounded = {name: np.round(sample * 64) / 64 for name, sample in samples.items()}
def deviation(x, axis=-1):
    n = x.shape[axis]
    total = x.sum(axis=axis)
    return np.sqrt(((x * x).sum(axis=axis) - total * total / n) / (n - 1))
statistics = {"mean": np.mean, "sd": deviation, "median": np.median}
sets = []
for name, sample in samples.items():
    words = generator(20)
    n, replicates = len(sample), 2000
    indices = np.array([[(next(words) * n) >> 64 for _ in range(n)] for _ in range(replicates)])
    for label, statistic in statistics.items():
        # The median of ties does not move when one case is left out: SciPy gives NaN.
        if label == "median" and name != "skew": continue
        sample = samples[name] if label == "median" else rounded[name]
        distribution = statistic(sample[indices], axis=-1)
        expected = {"standardError": float(distribution.std(ddof=1)), "value": float(statistic(sample))}
        for method in ["percentile", "BCa"]:
            result = stats.bootstrap((sample,), statistic, n_resamples=0, method=method, vectorized=True,
                                     bootstrap_result=Replicates(distribution), confidence_level=0.95)
            expected[method.lower()] = list(map(float, result.confidence_interval))
        sets.append({"name": name, "statistic": label, "sample": list(map(float, sample)), "replicates": replicates, "seed": 20, "expected": expected})
words = generator(1)
json.dump({"command": "python resampling.py", "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
           "words": [str(next(words)) for _ in range(4)], "sets": sets}, open("resampling.json", "w"), separators=(",", ":"), allow_nan=False)
