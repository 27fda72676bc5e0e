// The room of Analyses.
