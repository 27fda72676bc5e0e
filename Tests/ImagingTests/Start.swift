// The tests of Imaging.
