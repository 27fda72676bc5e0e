"""Golden numbers of the distributions: SciPy 1.17.1, and mpmath 1.4.1 where SciPy loses digits (noncentral ones).
Run: python make_distributions.py > distributions.csv"""
import mpmath as mp, scipy, scipy.stats as st
mp.mp.dps = 30
print(f"# SciPy {scipy.__version__}, mpmath {mp.__version__}; python make_distributions.py > distributions.csv")
def row(*values): print(",".join(v if isinstance(v, str) else repr(float(v)) for v in values))
for x in (-12.0, -3.0, -0.1, 0.0, 0.7, 1.959963984540054, 5.5, 30.0):
    row("normal", x, st.norm.cdf(x), st.norm.sf(x))
for n in (1.0, 2.5, 9.0, 84.0, 1e4, 999999.0):
    for x in (-8.0, -1.3, 0.2, 2.0, 25.0):
        t2 = mp.mpf(x) ** 2
        upper = mp.betainc(mp.mpf(n) / 2, 0.5, 0, mp.mpf(n) / (n + t2), regularized=True) / 2 if n < 5e3 else mp.mpf(st.t.sf(abs(x), n))
        low, high = (upper, 1 - upper) if x < 0 else (1 - upper, upper)
        row("t", n, x, low, high)
for n in (1.0, 3.0, 19.0, 200.0, 1e5):
    for p in (1e-10, 0.025, 0.4, 0.9, 0.999):
        x = float(st.chi2.ppf(p, n))
        row("chi2", n, x, mp.gammainc(mp.mpf(n) / 2, 0, mp.mpf(x) / 2, regularized=True), mp.gammainc(mp.mpf(n) / 2, mp.mpf(x) / 2, mp.inf, regularized=True))
for a, b in ((0.5, 0.5), (2.0, 9.0), (30.0, 4.5), (400.0, 700.0)):
    for p in (1e-8, 0.025, 0.5, 0.975):
        x = float(st.beta.ppf(p, a, b))
        v = mp.betainc(a, b, 0, mp.mpf(x), regularized=True)
        row("beta", a, b, x, v, 1 - v)
for a, b in ((1.0, 10.0), (2.0, 27.0), (11.0, 11.0), (200.0, 340.0)):
    for x in (0.05, 0.8, 1.4, 4.4, 20.0):
        d = mp.mpf(a) * x / (mp.mpf(a) * x + b)
        v = mp.betainc(mp.mpf(a) / 2, mp.mpf(b) / 2, 0, d, regularized=True)
        row("f", a, b, x, v, 1 - v)
for n, p in ((9, 0.3), (60, 0.025), (500, 0.5), (20000, 0.975)):
    for k in sorted({0, int(n * p * 0.5), int(n * p), min(n - 1, int(n * p * 1.2))}):
        row("binomial", n, p, k, st.binom.cdf(k, n, p), st.binom.sf(k, n, p))
def nct(t, v, d):
    f = lambda s: mp.ncdf(t * s - d) * 2 * mp.mpf(v / 2) ** (mp.mpf(v) / 2) / mp.gamma(mp.mpf(v) / 2) * s ** (v - 1) * mp.exp(-v * s * s / 2)
    w = 1 / mp.sqrt(2 * v)
    edges = [0] + [e for e in (1 + w * k for k in (-24, -16, -12, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12, 16, 24)) if e > 0] + [mp.inf]
    return mp.quad(f, edges)
for v, d in ((2, 0.5), (4, 4.3), (19, 8.77), (84, 18.07), (199, 27.72), (999, 61.98)):
    for p in (1e-6, 0.025, 0.5, 0.975):
        x = float(st.nct.ppf(p, v, d))
        low = nct(x, v, d); high = nct(-x, v, -d) if p > 0.5 else 1 - low
        row("nct", v, d, x, low, high)
def ncf(x, a, b, lam):
    d = mp.mpf(a) * x / (mp.mpf(a) * x + b)
    term = lambda j: mp.exp(-mp.mpf(lam) / 2 + j * mp.log(mp.mpf(lam) / 2) - mp.loggamma(j + 1)) * mp.betainc(mp.mpf(a) / 2 + j, mp.mpf(b) / 2, 0, d, regularized=True)
    total = mp.mpf(0)
    for j in range(0, int(lam / 2 + 14 * mp.sqrt(lam / 2) + 60)): total += term(j)
    return total
for a, b, lam in ((2, 27, 12.3), (1, 10, 0.4), (3, 96, 40.0), (5, 300, 200.0)):
    for x in (0.3, 1.5, 3.354, 12.0, 40.0):
        v = ncf(x, a, b, lam)
        row("ncf", a, b, lam, x, v, 1 - v)
