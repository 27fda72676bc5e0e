// libnifti, the reference reader of the NIfTI group: the oracle of ImagingIO's tests. Nothing else uses it.
#include <nifti/nifti1_io.h>
