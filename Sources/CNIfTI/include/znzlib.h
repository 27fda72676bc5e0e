// nifti1_io.h asks for <znzlib.h>, which Debian puts into nifti/.
#include <nifti/znzlib.h>
