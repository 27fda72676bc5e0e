# Golden numbers from R on the data sets that make_continuous.py wrote. Run: Rscript make_continuous.R
suppressPackageStartupMessages({library(psych); library(epiR); library(lme4)})
out <- file("continuous_r.csv", "w")
cat(sprintf("# R %s, psych %s, epiR %s, lme4 %s; Rscript make_continuous.R\n", getRversion(), packageVersion("psych"), packageVersion("epiR"), packageVersion("lme4")), file = out)
row <- function(name, ...) cat(paste0(name, ",", paste(sprintf("%.17g", c(...)), collapse = ",")), "\n", sep = "", file = out)
lines <- strsplit(readLines("continuous_data.csv"), ",")
data <- setNames(lapply(lines, function(l) as.numeric(l[-1])), sapply(lines, `[`, 1))
for (k in c("peakflow", "ties", "small", "skew", "large")) {
  a <- data[[paste0("pair/", k, "/first")]]; b <- data[[paste0("pair/", k, "/second")]]
  e <- epi.ccc(a, b, ci = "z-transform", conf.level = 0.95)
  row(paste0("ccc/", k), e$rho.c$est, e$rho.c$lower, e$rho.c$upper, e$C.b)
  r <- cor.test(a, b); row(paste0("pearson/", k), r$estimate, r$p.value, r$conf.int)
  r <- suppressWarnings(wilcox.test(a, b, paired = TRUE)); row(paste0("signedrank/", k), r$statistic, r$p.value)
  r <- suppressWarnings(wilcox.test(a, b)); row(paste0("ranksum/", k), r$statistic, r$p.value)
  r <- shapiro.test(a - b); row(paste0("shapiro/", k), r$statistic, r$p.value)
  r <- t.test(a, b, paired = TRUE); row(paste0("pairedt/", k), r$statistic, r$p.value, r$conf.int)
  row(paste0("quantiles/", k), quantile(a - b, c(.025, .5, .975), type = 6))
}
for (k in c("shroutfleiss", "ties", "skew")) {
  v <- data[[paste0("ratings/", k)]]; m <- matrix(v[-1], ncol = v[1], byrow = TRUE)
  r <- suppressWarnings(ICC(m, lmer = FALSE))$results
  for (i in 1:6) row(paste0("icc/", k, "/", c(0, 2, 4, 1, 3, 5)[i]), r$ICC[i], r$F[i], r$p[i], r$`lower bound`[i], r$`upper bound`[i])
}
for (k in c("unequal", "ties", "skew")) {
  g <- data[grepl(paste0("^group/", k, "/"), names(data))]; n <- sapply(g, length)
  d <- data.frame(v = unlist(g), f = factor(rep(seq_along(g), n)))
  r <- anova(lm(v ~ f, d)); row(paste0("anova/", k), r$`F value`[1], r$`Pr(>F)`[1])
}
r <- power.anova.test(groups = 3, n = 10, between.var = 0.4104372 * 3 / 2, within.var = 1); row("power/paper", r$power)
# Gauge study: 10 parts, 3 operators, 3 repeats; and the replicates of the same parts as repeated measures.
set.seed(7)
d <- expand.grid(rep = 1:3, op = 1:3, part = 1:10)
for (s in 1:3) {
  d$y <- round(20 + rnorm(10, 0, c(2, .5, 4)[s])[d$part] + rnorm(3, 0, .6)[d$op] + rnorm(30, 0, c(.8, .9, .7)[s])[(d$part - 1) * 3 + d$op] + rnorm(90, 0, .4), 3)
  row(paste0("gaugedata/", s), d$y)
  m <- lmer(y ~ 1 + (1 | part) + (1 | op) + (1 | part:op), d, control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14)))
  v <- as.data.frame(VarCorr(m)); row(paste0("gaugelme/", s), v$vcov[match(c("part", "op", "part:op", "Residual"), v$grp)])
  t <- anova(lm(y ~ factor(part) * factor(op), d)); ms <- t$`Mean Sq`
  row(paste0("gauge/", s), (ms[1] - ms[3]) / 9, (ms[2] - ms[3]) / 30, (ms[3] - ms[4]) / 3, ms[4], t$`Pr(>F)`[3], anova(lm(y ~ factor(part), d))$`Mean Sq`[2])
}
for (m in c("bonferroni", "holm", "BH")) row(paste0("multiple/", m), p.adjust(data[["p/one"]], m))
close(out)
