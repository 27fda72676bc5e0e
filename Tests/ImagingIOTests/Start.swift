// The tests of ImagingIO.
