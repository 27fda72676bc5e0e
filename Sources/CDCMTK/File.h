// What the translation units of the shim share: the parsed file and how a message leaves.
#ifndef OSTEON_CDCMTK_FILE_H
#define OSTEON_CDCMTK_FILE_H

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstring>

#include "include/CDCMTK.h"

struct cdcmtk_file {
    DcmFileFormat format;
    /// The transfer syntax as read; decompression changes the data set's own.
    E_TransferSyntax syntax = EXS_Unknown;
    OFString syntaxUID;

    DcmDataset *dataset() { return format.getDataset(); }
};

namespace cdcmtk {

/// Copies a message out, cut to `size` and zero-terminated.
inline void tell(const char *text, char *message, size_t size) {
    if (message == nullptr || size == 0) return;
    std::strncpy(message, text == nullptr ? "" : text, size - 1);
    message[size - 1] = 0;
}

/// Decodes a JPEG 2000 codestream or JP2 file of one component into `values`; the caller fixes the sign.
cdcmtk_status decodeJPEG2000(
    const uint8_t *bytes, size_t count, const cdcmtk_pixels &shape, int32_t *values, char *message, size_t messageSize);

/// Cuts BitsStored out of each cell at HighBit and extends the sign.
void extractStoredBits(const cdcmtk_pixels &shape, int lowBit, int32_t *values);

}  // namespace cdcmtk

#endif
