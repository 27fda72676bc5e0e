// The room of CementFlow.
