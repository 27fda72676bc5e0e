// The tests of Worker.
