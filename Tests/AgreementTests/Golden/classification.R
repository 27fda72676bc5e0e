# Areas under ROC curves by pROC, intervals of likelihood ratios at the median score by epiR. Called by classification.py: Rscript classification.R IN.csv
# IN.csv has the columns set, outcome (0/1), first, second; prints set,name,value with 17 digits.
suppressMessages({library(pROC); library(epiR)})
table <- read.csv(commandArgs(TRUE)[1], colClasses = c("character", "integer", "numeric", "numeric"))
say <- function(set, name, value) cat(sprintf("%s,%s,%.17g\n", set, name, value))
curve <- function(outcome, score) roc(outcome, score, levels = c(0, 1), direction = "<", quiet = TRUE)
cat(sprintf("version,R,%s\nversion,pROC,%s\nversion,epiR,%s\n", getRversion(), packageVersion("pROC"), packageVersion("epiR")))
for (set in unique(table$set)) {
  rows <- table[table$set == set, ]
  first <- curve(rows$outcome, rows$first)
  second <- curve(rows$outcome, rows$second)
  interval <- ci.auc(first, method = "delong")
  say(set, "auc", as.numeric(first$auc)); say(set, "aucLower", interval[1]); say(set, "aucUpper", interval[3])
  say(set, "aucVariance", var(first, method = "delong"))
  paired <- roc.test(first, second, method = "delong", paired = TRUE)
  say(set, "pairedZ", paired$statistic); say(set, "pairedP", paired$p.value)
  say(set, "pairedLower", paired$conf.int[1]); say(set, "pairedUpper", paired$conf.int[2])
  unpaired <- roc.test(first, second, method = "delong", paired = FALSE)
  say(set, "unpairedT", unpaired$statistic); say(set, "unpairedDF", unpaired$parameter)
  say(set, "unpairedP", unpaired$p.value)
  called <- rows$first >= median(rows$first)
  counts <- as.table(matrix(c(sum(called & rows$outcome == 1), sum(called & rows$outcome == 0),
                              sum(!called & rows$outcome == 1), sum(!called & rows$outcome == 0)), 2, byrow = TRUE))
  ratios <- epi.tests(counts, conf.level = 0.95)$detail
  for (name in c("lr.pos", "lr.neg")) {
    row <- ratios[ratios$statistic == name, ]
    say(set, paste0(name, ".lower"), row$lower); say(set, paste0(name, ".upper"), row$upper)
  }
}
