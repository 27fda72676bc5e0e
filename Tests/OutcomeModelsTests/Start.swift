// The tests of OutcomeModels.
