// The tests of Morphometry.
