// The tests of Analyses.
