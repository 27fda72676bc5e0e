// A C target needs one source file; the code is in libniftiio.
