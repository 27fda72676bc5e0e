"""Data sets and golden numbers of the continuous statistics from SciPy, statsmodels and pingouin.
Run: python make_continuous.py && Rscript make_continuous.R"""
import numpy as np, scipy, scipy.stats as st, statsmodels, pingouin as pg, pandas as pd
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import FTestAnovaPower
rng = np.random.default_rng(20260101)
pairs = {
 # Bland & Altman 1986, table 1: Wright and mini peak flow meter, first readings (litres a minute).
 "peakflow": ([494,395,516,434,476,557,413,442,650,433,417,656,267,478,178,423,427],
              [512,430,520,428,500,600,364,380,658,445,432,626,260,477,259,350,451]),
 "ties": ([3,5,5,7,2,8,4,6,6,9], [4,5,4,7,3,6,3,8,5,5]),
 "small": ([1.52,2.31,3.07,4.66,5.18], [1.29,2.63,2.91,4.12,5.81]),
}
x = np.round(np.exp(rng.normal(3, 0.8, 40)), 3); y = np.round(x * np.exp(rng.normal(0.05, 0.2, 40)), 3)
pairs["skew"] = (x.tolist(), y.tolist())
x = np.round(rng.normal(50, 10, 300), 4); y = np.round(x + 1 + rng.normal(0, 0.06 * x), 4)
pairs["large"] = (x.tolist(), y.tolist())
ratings = {
 "shroutfleiss": [[9,2,5,8],[6,1,3,2],[8,4,6,8],[7,1,2,6],[10,5,6,9],[6,2,4,7]],  # Shrout & Fleiss 1979, table 2
 "ties": [[3,3],[4,5],[2,2],[5,4],[4,4],[1,2],[3,5],[5,5]],
 "skew": np.round(np.exp(rng.normal(2, 1, (30, 1)) + rng.normal(0, 0.25, (30, 3))), 3).tolist(),
}
groups = {
 "unequal": [np.round(rng.normal(m, s, n), 3).tolist() for m, s, n in ((5, 2, 7), (11, 5, 7), (14, 9, 16))],
 "ties": [[1,2,2,3,4],[2,3,3,5,6],[4,4,5,6,6,7]],
 "skew": [np.round(np.exp(rng.normal(m, 1, 25)), 3).tolist() for m in (0, .3, .1, .8)],
}
pvalues = [0.001, 0.04, 0.03, 0.005, 0.2, 0.04, 0.9, 0.0004]
with open("continuous_data.csv", "w") as f:
    for k, (a, b) in pairs.items():
        for side, v in (("first", a), ("second", b)): f.write(f"pair/{k}/{side}," + ",".join(repr(float(q)) for q in v) + "\n")
    for k, t in ratings.items(): f.write(f"ratings/{k}," + ",".join(repr(float(q)) for q in [len(t[0])] + sum(t, [])) + "\n")
    for k, g in groups.items():
        for i, v in enumerate(g): f.write(f"group/{k}/{i}," + ",".join(repr(float(q)) for q in v) + "\n")
    f.write("p/one," + ",".join(map(repr, pvalues)) + "\n")
out = open("continuous_python.csv", "w")
out.write(f"# SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, pingouin {pg.__version__}; python make_continuous.py\n")
def row(name, *v): out.write(name + "," + ",".join(repr(float(q)) for q in v) + "\n")
for k, (a, b) in pairs.items():
    a = np.array(a, float); b = np.array(b, float); d = a - b; m = (a + b) / 2; n = len(a); z = st.norm.ppf(.975); s = d.std(ddof=1)
    row(f"bland/{k}/bias", d.mean(), *st.t.interval(.95, n - 1, d.mean(), st.sem(d)), st.ttest_1samp(d, 0).pvalue)
    row(f"bland/{k}/sd", s, s * np.sqrt((n - 1) / st.chi2.isf(.025, n - 1)), s * np.sqrt((n - 1) / st.chi2.ppf(.025, n - 1)))
    h = st.t.ppf(.975, n - 1) * s * np.sqrt(1 / n + z * z / 2 / (n - 1)); up = d.mean() + z * s
    row(f"bland/{k}/upper", up, up - h, up + h, *(d.mean() + s / np.sqrt(n) * st.nct.ppf([.025, .975], n - 1, z * np.sqrt(n))))
    r = st.linregress(m, d); row(f"proportional/{k}", r.slope, r.intercept, r.pvalue, r.slope - st.t.ppf(.975, n - 2) * r.stderr, r.intercept + st.t.ppf(.975, n - 2) * r.intercept_stderr)
    q = st.linregress(m, abs(d - r.intercept - r.slope * m)); row(f"spread/{k}", q.slope, q.intercept, q.pvalue)
    row(f"quantiles/{k}", *np.quantile(d, [.025, .5, .975], method="weibull"))
    lo, hi = int(st.binom.ppf(.025, n, .5)), int(st.binom.ppf(.975, n, .5)); o = np.sort(d)
    if lo >= 1 and hi + 1 <= n: row(f"medianinterval/{k}", o[lo - 1], o[hi])
    r = st.pearsonr(a, b); row(f"pearson/{k}", r.statistic, r.pvalue, *r.confidence_interval())
    r = st.spearmanr(a, b); row(f"spearman/{k}", r.statistic, r.pvalue)
    r = st.ttest_rel(a, b); g = pg.ttest(a, b, paired=True); row(f"pairedt/{k}", r.statistic, r.pvalue)
    for zero in ("wilcox", "pratt"):
        for c in (0, 1):
            r = st.wilcoxon(a, b, zero_method=zero, correction=bool(c), method="asymptotic"); row(f"signedrank/{k}/{zero}{c}", r.statistic, r.pvalue)
    nz = d[d != 0]
    if len(set(abs(nz))) == len(d) <= 50: r = st.wilcoxon(a, b, method="exact"); row(f"signedrank/{k}/exact", r.statistic, r.pvalue)
    elif len(nz) <= 13: r = st.wilcoxon(nz, method=st.PermutationMethod(n_resamples=np.inf)); row(f"signedrank/{k}/exact", r.statistic, r.pvalue)
    for c in (0, 1): r = st.mannwhitneyu(a, b, use_continuity=bool(c), method="asymptotic"); row(f"ranksum/{k}/{c}", r.statistic, r.pvalue)
    if len(set(np.r_[a, b])) == 2 * n and n <= 50: r = st.mannwhitneyu(a, b, method="exact"); row(f"ranksum/{k}/exact", r.statistic, r.pvalue)
    elif n <= 10: r = st.mannwhitneyu(a, b, method=st.PermutationMethod(n_resamples=np.inf)); row(f"ranksum/{k}/exact", r.statistic, r.pvalue)
    r = st.shapiro(d); row(f"shapiro/{k}", r.statistic, r.pvalue)
for k, t in ratings.items():
    t = np.array(t, float); n, kk = t.shape
    df = pd.DataFrame({"s": np.repeat(np.arange(n), kk), "r": np.tile(np.arange(kk), n), "v": t.ravel()})
    icc = pg.intraclass_corr(df, "s", "r", "v")
    for i in range(6): row(f"icc/{k}/{i}", *[icc["ICC"].iloc[i], icc["F"].iloc[i], icc["pval"].iloc[i]])
for k, g in groups.items():
    r = st.f_oneway(*g); df = pd.DataFrame({"g": np.repeat(range(len(g)), [len(v) for v in g]), "v": sum(g, [])})
    ss = [sum(len(v) * (np.mean(v) - df.v.mean()) ** 2 for v in g), sum(((np.array(v) - np.mean(v)) ** 2).sum() for v in g)]
    eta = ss[0] / sum(ss); f = np.sqrt(eta / (1 - eta))
    row(f"anova/{k}", r.statistic, r.pvalue, eta, FTestAnovaPower().power(f, len(df), .05, k_groups=len(g)), pg.power_anova(eta_squared=eta, k=len(g), n=len(df) / len(g)))
    for c in ("mean", "median"): r = st.levene(*g, center=c); row(f"levene/{k}/{c}", r.statistic, r.pvalue)
for i, v in enumerate(groups["skew"]): r = st.shapiro(v); row(f"shapirogroup/skew/{i}", r.statistic, r.pvalue)
for m in ("bonferroni", "holm", "fdr_bh"): row(f"multiple/{m}", *multipletests(pvalues, method=m)[1])
