# Makes supplement.csv: python supplement.py in this folder (SciPy, statsmodels, dcurves). Data: continuous_data.csv, classification.json.
import json
import numpy as np, pandas as pd, scipy, scipy.stats as st, statsmodels
from statsmodels.stats.multitest import multipletests
from importlib.metadata import version
from dcurves import dca

data = {}
for line in open("continuous_data.csv"):
    name, *values = line.strip().split(",")
    data[name] = np.array([float(v) for v in values])
out = open("supplement.csv", "w")
out.write(f"# SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, dcurves {version('dcurves')}; python supplement.py\n")
def row(name, *v): out.write(name + "," + ",".join(repr(float(q)) for q in v) + "\n")
z = st.norm.ppf(.975)
def bland(d):
    n, m, s = len(d), d.mean(), d.std(ddof=1)
    h = st.t.ppf(.975, n - 1) * s * np.sqrt(1 / n + z * z / 2 / (n - 1))
    exact = m + s / np.sqrt(n) * st.nct.ppf([.025, .975], n - 1, -z * np.sqrt(n))
    return [m, *st.t.interval(.95, n - 1, m, st.sem(d)), m - z * s, m - z * s - h, m - z * s + h, *exact, m + z * s]
for k in ("peakflow", "ties", "small", "skew", "large"):
    a, b = data[f"pair/{k}/first"], data[f"pair/{k}/second"]
    row(f"lower/{k}", *bland(a - b))
    if min(a.min(), b.min()) > 0:
        row(f"ratio/{k}", *np.exp(bland(np.log(a) - np.log(b))))
        row(f"percent/{k}", *bland(100 * (a - b) / ((a + b) / 2)))
    row(f"reference/{k}", *bland(a - np.round(b.mean())))
    # Bonett & Wright's standard error of Fisher's z of a rank correlation: sqrt((1 + r^2 / 2) / (n - 3)).
    r = st.spearmanr(a, b).statistic
    if abs(r) > 1 - 1e-12: r = None
    h = None if r is None else z * np.sqrt((1 + r * r / 2) / (len(a) - 3))
    if r is not None: row(f"spearmaninterval/{k}", *np.tanh(np.arctanh(r) + h * np.array([-1, 1])))
    m, d = (a + b) / 2, a - b
    l = st.linregress(m, d); e = abs(d - l.intercept - l.slope * m); q = st.linregress(m, e)
    for x in np.quantile(m, [.1, .5, .9]):
        s = max(0, q.intercept + q.slope * x) * np.sqrt(np.pi / 2) if q.pvalue < .05 else np.sqrt((e * e).sum() / (len(d) - 2))
        c = l.intercept + l.slope * x
        row(f"limitsat/{k}", x, c - z * s, c, c + z * s)
rng = np.random.default_rng(5)
for k, d in {"ties": np.round(rng.normal(0, 3, 180)), "normal": rng.normal(1, 2, 400), "skew": rng.lognormal(0, 1, 200)}.items():
    row(f"freedata/{k}", *d)
    o, n = np.sort(d), len(d)
    for p, name in ((.025, "lower"), (.975, "upper")):
        lo, hi = int(st.binom.ppf(.025, n, p)), int(st.binom.ppf(.975, n, p))
        row(f"free/{k}/{name}", np.quantile(d, p, method="weibull"), *( [o[lo - 1], o[hi]] if lo >= 1 and hi + 1 <= n else []))
for k, p in {"ties": [.01, .01, .02, .5, .5, .049], "one": [.03], "many": np.round(rng.beta(.3, 2, 60), 6)}.items():
    row(f"pvalues/{k}", *p)
    for m in ("bonferroni", "holm", "fdr_bh"): row(f"multiple/{k}/{m}", *multipletests(p, method=m)[1])
for s in json.load(open("classification.json"))["sets"]:
    frame = pd.DataFrame({"y": np.array(s["outcomes"], int), "p": s["probabilities"]})
    # dcurves calls a case positive at a probability above the threshold, here at or above it: thresholds are none of the probabilities.
    chosen = [.03, .12, .2345, .37, .62]
    net = dca(data=frame, outcome="y", modelnames=["p"], thresholds=np.array(chosen))
    row(f"netbenefit/{s['name']}", *chosen, *net[net.model == "p"].net_benefit, *net[net.model == "all"].net_benefit)
