# Makes categorical.json: run `python categorical.py` in this folder (statsmodels, scikit-learn, irrCAC, Rscript with psych).
# irrCAC needs an older NumPy than the others: IRRCAC names the Python that has it.
import json, os, subprocess, sys
import numpy as np, scipy, sklearn, statsmodels
from scipy.stats import t
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

def drawn(seed, k, n, agree, skew):
    random = np.random.default_rng(seed)
    share = np.exp(-skew * np.arange(k)); share /= share.sum()
    truth = random.choice(k, n, p=share)
    near = np.clip(truth + random.integers(-1, 2, n), 0, k - 1)
    second = np.where(random.random(n) < agree, truth, near)
    table = np.zeros((k, k), int)
    np.add.at(table, (truth, second), 1)
    return table

tables = {
    "balanced": drawn(1, 4, 120, 0.5, 0.0), "small": drawn(2, 3, 9, 0.4, 0.2), "skew": drawn(3, 5, 300, 0.6, 1.2),
    "binary": drawn(5, 2, 40, 0.5, 0.5),
    # Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323, table 1: 200 subjects.
    "FleissCohenEveritt1969": np.array([[106, 10, 4], [22, 28, 10], [2, 12, 6]]),
}
def kappas(table):
    result = {}
    rows = np.repeat(np.arange(len(table)), table.sum(1)); columns = np.concatenate([np.repeat(np.arange(len(table)), r) for r in table])
    for name, wt, label in [("none", None, None), ("linear", "linear", "linear"), ("quadratic", "quadratic", "quadratic")]:
        r = cohens_kappa(table, wt=wt)
        result[name] = {"kappa": r.kappa, "standardError": r.std_kappa, "nullStandardError": r.std_kappa0, "z": r.z_value,
                        "p": r.pvalue_two_sided, "lower": r.kappa_low, "upper": r.kappa_upp,
                        "sklearn": cohen_kappa_score(rows, columns, weights=label)}
    return result

def ratings(seed, n, k, raters, agree):
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, n)
    table = np.zeros((n, k), int)
    for subject in range(n):
        for _ in range(raters):
            table[subject, truth[subject] if random.random() < agree else random.integers(0, k)] += 1
    return table
fleiss = {
    "five": ratings(1, 40, 4, 5, 0.6), "small": ratings(2, 6, 3, 3, 0.5), "binary": ratings(3, 80, 2, 4, 0.3),
    # The worked example that Wikipedia's article on Fleiss' kappa prints: 0.210.
    "worked": np.array([[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
                        [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]),
}
program = """
import json, sys, pandas, irrCAC.raw
from importlib.metadata import version
out = {'version': version('irrCAC')}
for name, table in json.load(sys.stdin).items():
    rows = [[c for c, m in enumerate(r) for _ in range(m)] for r in table]
    e = irrCAC.raw.CAC(pandas.DataFrame(rows), digits=15).fleiss()['est']
    out[name] = [e['coefficient_value'], e['se']]
print(json.dumps(out))
"""
cac = json.loads(subprocess.run([os.environ.get("IRRCAC", sys.executable), "-c", program], input=json.dumps({n: t.tolist() for n, t in fleiss.items()}),
                                capture_output=True, text=True, check=True).stdout)
# irrCAC's limits are its value and error with t(n - 1), whose quantile its older SciPy gives to eight digits only: ours are made here.
for name, table in fleiss.items():
    cac[name] += [cac[name][0] + side * t.ppf(0.975, len(table) - 1) * cac[name][1] for side in (-1, 1)]
psych = {}
for name, table in tables.items():
    text = "matrix(c(%s),%d,byrow=TRUE)" % (",".join(map(str, table.ravel())), len(table))
    r = subprocess.run(["Rscript", "-e", f"suppressMessages(library(psych)); k<-cohen.kappa({text}); cat(sprintf('%.17g %.17g', k$kappa, k$weighted.kappa), as.character(packageVersion('psych')))"],
                       capture_output=True, text=True, check=True).stdout.split()
    psych[name] = [float(r[0]), float(r[1])]; psychVersion = r[2]
json.dump({
    "command": "python categorical.py",
    "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "scikit-learn": sklearn.__version__, "irrCAC": cac.pop("version"), "psych": psychVersion},
    "cohen": [{"name": n, "counts": t.tolist(), "psych": psych[n], "expected": {a: {b: float(c) for b, c in d.items()} for a, d in kappas(t).items()}} for n, t in tables.items()],
    "fleiss": [{"name": n, "counts": t.tolist(), "statsmodels": float(fleiss_kappa(t)), "irrCAC": cac[n]} for n, t in fleiss.items()],
}, open("categorical.json", "w"), separators=(",", ":"), allow_nan=False)
