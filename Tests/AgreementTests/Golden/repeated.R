# Makes repeated.csv: limits of agreement from replicates by Zou's formulas, and the analysis of variance of Bland & Altman 2007.
# Run: Rscript repeated.R. Zou, Stat Methods Med Res 2013;22:630: total = s2(means) + sum (1 - 1/mh) s2(within), its limits by
# recovering the chi-squared limits of the components; written here once more, from the paper's formulas as SimplyAgree states them.
published <- local({ l <- strsplit(grep("^[a-z]", readLines("published_data.csv"), value = TRUE), ","); setNames(lapply(l, function(x) as.numeric(x[-1])), sapply(l, `[`, 1)) })
set.seed(11)
counts <- c(1, 4, 2, 2, 3, 5, 1, 2, 6, 2, 3, 1, 2, 2, 4)
truth <- exp(rnorm(15, 2, 1))
sets <- list(
  flow = list(a = Map(c, published[["flow/wright1"]], published[["flow/wright2"]]), b = Map(c, published[["flow/mini1"]], published[["flow/mini2"]])),
  cardiac = list(a = unname(published[paste0("cardiac/RV/", 1:12)]), b = unname(published[paste0("cardiac/IC/", 1:12)])),
  four = list(a = unname(published[paste0("cardiac/RV/", 1:4)]), b = unname(published[paste0("cardiac/IC/", 1:4)])),
  skew = list(a = lapply(1:15, function(i) round(truth[i] * exp(rnorm(counts[i], 0, .1)), 2)), b = lapply(1:15, function(i) round(truth[i] * exp(rnorm(counts[i], .05, .2)), 2))))
out <- file("repeated.csv", "w")
cat(sprintf("# R %s; Rscript repeated.R\n", getRversion()), file = out)
row <- function(name, v) cat(paste0(name, ",", paste(sprintf("%.17g", v), collapse = ",")), "\n", sep = "", file = out)
part <- function(g) { m <- sapply(g, length); c(sum(sapply(g, function(x) sum((x - mean(x))^2))) / sum(m - 1), 1 - mean(1 / m), sum(m - 1)) }
limits <- function(means, parts) {
  n <- length(means); z <- qnorm(.975); c3 <- rbind(c(var(means), 1, n - 1), parts); p <- c3[, 1] * c3[, 2]; d <- c3[, 3]
  total <- sum(p); low <- total - sqrt(sum((p * (1 - d / qchisq(.975, d)))^2)); high <- total + sqrt(sum((p * (d / qchisq(.025, d) - 1))^2))
  s <- sqrt(total); e <- z * sqrt(var(means) / n)
  near <- sqrt(e^2 + z^2 * (s - sqrt(max(0, low)))^2); far <- sqrt(e^2 + z^2 * (sqrt(high) - s)^2); t <- qt(.975, n - 1) * sqrt(var(means) / n); b <- mean(means)
  c(b, b - t, b + t, s, b - z * s, b - z * s - far, b - z * s + near, b + z * s, b + z * s - near, b + z * s + far)
}
for (k in names(sets)) {
  a <- sets[[k]]$a; b <- sets[[k]]$b; d <- Map(`-`, a, b)
  for (i in seq_along(a)) { row(paste0("data/", k, "/first/", i), a[[i]]); row(paste0("data/", k, "/second/", i), b[[i]]) }
  row(paste0("constant/", k), limits(sapply(a, mean) - sapply(b, mean), rbind(part(a), part(b))))
  row(paste0("varying/", k), limits(sapply(d, mean), rbind(part(d))))
  f <- data.frame(v = unlist(d), s = factor(rep(seq_along(d), sapply(d, length)))); ms <- anova(lm(v ~ s, f))$`Mean Sq`; m <- table(f$s)
  between <- max(0, (ms[1] - ms[2]) / ((sum(m)^2 - sum(m^2)) / ((length(m) - 1) * sum(m))))
  row(paste0("variance/", k), c(mean(f$v), ms[2], between, sqrt(ms[2] + between), mean(f$v) + c(-1, 1) * qnorm(.975) * sqrt(ms[2] + between)))
  w <- part(a); row(paste0("within/", k), c(sqrt(w[1]), sqrt(w[1] * w[3] / qchisq(c(.975, .025), w[3])), qnorm(.975) * sqrt(2 * w[1])))
}
close(out)
