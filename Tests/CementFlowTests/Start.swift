// The tests of CementFlow.
