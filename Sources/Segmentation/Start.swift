// The room of Segmentation.
