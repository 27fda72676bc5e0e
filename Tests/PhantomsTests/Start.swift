// The tests of Phantoms.
