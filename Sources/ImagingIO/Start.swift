// The room of ImagingIO.
