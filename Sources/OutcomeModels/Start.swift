// The room of OutcomeModels.
