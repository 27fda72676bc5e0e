// DCMTK behind C: no C++ type and no exception passes this header.
#ifndef OSTEON_CDCMTK_H
#define OSTEON_CDCMTK_H
#endif
