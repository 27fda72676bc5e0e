// The room of Morphometry.
