// The tests of Segmentation.
