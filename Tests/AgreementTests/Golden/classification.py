# Makes classification.json: run `python classification.py` in this folder (scikit-learn, statsmodels, SciPy, NumPy; Rscript with
# pROC and epiR). The data are seeded draws with ties, small n and skew, and pROC's aSAH (Turck et al 2010, 113 patients).
import csv, io, json, subprocess, sys, tempfile
import numpy as np, scipy, sklearn, statsmodels
import statsmodels.api as sm
from scipy.special import logit, expit
from scipy.stats import chi2
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

def drawn(seed, n, prevalence, shift, rounding=None, skew=False):
    random = np.random.default_rng(seed)
    outcome = (random.random(n) < prevalence).astype(int)
    outcome[:3] = [1, 0, 1]
    outcome[3] = 0
    latent = random.normal(size=n)
    first = latent + shift * outcome
    second = 0.6 * latent + 0.8 * random.normal(size=n) + 0.6 * shift * outcome
    if skew:
        first, second = np.exp(1.5 * first), np.exp(second)
    if rounding is not None:
        first, second = np.round(first, rounding), np.round(second, rounding)
    probability = expit(logit(prevalence) + 0.8 * latent + 0.7 * outcome + 0.3)
    if rounding is not None:
        probability = np.round(probability, 1).clip(0.05, 0.95)
    return outcome, first, second, probability

sets = {
    "ties": drawn(1, 90, 0.4, 0.9, rounding=0),
    "small": drawn(2, 11, 0.5, 0.8),
    "skew": drawn(3, 250, 0.08, 1.1, skew=True),
    "large": drawn(4, 250, 0.3, 0.7),
}
text = subprocess.run(
    ["Rscript", "-e", "suppressMessages(library(pROC)); data(aSAH); write.csv(data.frame(o=as.integer(aSAH$outcome=='Poor'),"
     "a=aSAH$s100b,b=aSAH$ndka,w=as.integer(aSAH$wfns)),row.names=FALSE)"], capture_output=True, text=True, check=True).stdout
rows = list(csv.reader(io.StringIO(text)))[1:]
asah = np.array(rows, float)
grade = asah[:, 3]
sets["aSAH"] = (asah[:, 0].astype(int), asah[:, 1], asah[:, 2], (grade / 6).clip(0.05, 0.95))

with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
    file.write("set,outcome,first,second\n")
    for name, (outcome, first, second, _) in sets.items():
        for o, a, b in zip(outcome, first, second):
            file.write(f"{name},{o},{a!r},{b!r}\n".replace("np.float64(", "").replace(")", ""))
    file.flush()
    answer = subprocess.run(["Rscript", "classification.R", file.name], capture_output=True, text=True, check=True).stdout
fromR, versions = {}, {}
for name, key, value in csv.reader(io.StringIO(answer)):
    if name == "version": versions[key] = value
    else: fromR.setdefault(name, {})[key] = float(value)

def murphy(outcome, probability, groups):
    reliability = resolution = 0.0
    n, base = len(outcome), outcome.mean()
    for group in np.unique(groups):
        rows = groups == group
        reliability += rows.sum() / n * (probability[rows].mean() - outcome[rows].mean()) ** 2
        resolution += rows.sum() / n * (outcome[rows].mean() - base) ** 2
    return reliability, resolution, base * (1 - base)

def expected(name, outcome, first, second, probability):
    e = dict(fromR[name])
    e["positiveRatioLimits"] = [e.pop("lr.pos.lower"), e.pop("lr.pos.upper")]
    e["negativeRatioLimits"] = [e.pop("lr.neg.lower"), e.pop("lr.neg.upper")]
    e["averagePrecision"] = metrics.average_precision_score(outcome, first)
    e["sklearnAUC"] = metrics.roc_auc_score(outcome, first)
    fpr, tpr, thresholds = metrics.roc_curve(outcome, first, drop_intermediate=False)
    e["rocFPR"], e["rocTPR"] = list(fpr), list(tpr)
    threshold = float(np.median(first))
    called = (first >= threshold).astype(int)
    tn, fp, fn, tp = metrics.confusion_matrix(outcome, called).ravel()
    e["threshold"] = threshold
    e["f1"] = metrics.f1_score(outcome, called)
    e["mcc"] = metrics.matthews_corrcoef(outcome, called)
    e["balancedAccuracy"] = metrics.balanced_accuracy_score(outcome, called)
    for key, count, trials in [("sensitivity", tp, tp + fn), ("specificity", tn, tn + fp), ("ppv", tp, tp + fp),
                               ("npv", tn, tn + fn), ("accuracy", tp + tn, len(outcome))]:
        e[key] = count / trials
        for method, label in [("wilson", "Wilson"), ("beta", "Exact")]:
            low, high = proportion_confint(int(count), int(trials), 0.05, method)
            e[key + label] = [low, high]
    plus, minus = metrics.class_likelihood_ratios(outcome, called)
    e["positiveLikelihoodRatio"], e["negativeLikelihoodRatio"] = plus, minus
    e["brier"] = metrics.brier_score_loss(outcome, probability)
    _, distinct = np.unique(probability, return_inverse=True)
    e["murphyDistinct"] = list(murphy(outcome, probability, distinct))
    edges = np.linspace(0, 1, 11)
    e["murphyTenths"] = list(murphy(outcome, probability, np.searchsorted(edges[1:-1], probability)))
    for strategy in ["uniform", "quantile"]:
        observed, mean = calibration_curve(outcome, probability, n_bins=5, strategy=strategy)
        e[strategy + "Observed"], e[strategy + "Mean"] = list(observed), list(mean)
    fit = sm.Logit(outcome, sm.add_constant(logit(probability))).fit(method="newton", tol=1e-15, maxiter=100, disp=0)
    e["calibration"] = [*fit.params, *fit.bse]
    offset = sm.GLM(outcome, np.ones(len(outcome)), offset=logit(probability), family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    e["inTheLarge"] = [offset.params[0], offset.bse[0]]
    # Groups as calibration_curve's; R's cut() of the unique quantiles would join the lowest ties with the group above them.
    cuts = np.quantile(probability, np.linspace(0, 1, 6))
    group = np.searchsorted(cuts[1:-1], probability)
    statistic = 0.0
    for g in np.unique(group):
        rows = group == g
        n, p, o = rows.sum(), probability[rows].sum(), outcome[rows].sum()
        statistic += (o - p) ** 2 / p + (o - p) ** 2 / (n - p)
    count = len(np.unique(group))
    e["hosmerLemeshow"] = [statistic, count, chi2.sf(statistic, count), chi2.sf(statistic, count - 2) if count > 2 else 1]
    chosen = [0.1, 0.2, 0.35, 0.5]
    n = len(outcome)
    e["netBenefit"] = [((probability >= t) & (outcome == 1)).sum() / n - ((probability >= t) & (outcome == 0)).sum() / n * t / (1 - t) for t in chosen]
    e["netBenefitAll"] = [outcome.mean() - (1 - outcome.mean()) * t / (1 - t) for t in chosen]
    return e

def multiclass(seed, n, k):
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, n)
    called = np.where(random.random(n) < 0.6, truth, random.integers(0, k, n))
    names = [str(value) for value in range(k)]
    e = {"mcc": metrics.matthews_corrcoef(truth, called), "balancedAccuracy": metrics.balanced_accuracy_score(truth, called)}
    for average in ["micro", "macro", "weighted"]:
        e[average] = list(metrics.precision_recall_fscore_support(truth, called, average=average, zero_division=0)[:3])
    return {"truth": [str(v) for v in truth], "predicted": [str(v) for v in called], "classes": names, "expected": e}

versions |= {"scikit-learn": sklearn.__version__, "statsmodels": statsmodels.__version__, "scipy": scipy.__version__,
             "numpy": np.__version__, "python": sys.version.split()[0]}
def plain(value):
    if isinstance(value, dict): return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list): return [plain(v) for v in value]
    return float(value) if not isinstance(value, str) else value
json.dump({
    "command": "python classification.py", "versions": versions,
    "sets": [{"name": n, "outcomes": [bool(v) for v in s[0]], "first": [float(v) for v in s[1]], "second": [float(v) for v in s[2]],
              "probabilities": [float(v) for v in s[3]], "expected": plain(expected(n, *s))} for n, s in sets.items()],
    "multiclass": [plain({**multiclass(seed, n, k)}) for seed, n, k in [(5, 12, 3), (6, 200, 4), (7, 60, 6)]],
}, open("classification.json", "w"), indent=None, separators=(",", ":"), allow_nan=False)
