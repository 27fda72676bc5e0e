// What the translation units of the shim share: the parsed file and how a message leaves.
#ifndef OSTEON_CDCMTK_FILE_H
#define OSTEON_CDCMTK_FILE_H

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstring>
#include <functional>
#include <vector>

#include "include/CDCMTK.h"

struct cdcmtk_file {
    DcmFileFormat format;
    /// The transfer syntax as read; decompression changes the data set's own.
    E_TransferSyntax syntax = EXS_Unknown;
    OFString syntaxUID;
    /// True when items may nest so deep that parsing and freeing need the stack of `runDeep`.
    bool isDeep = false;
    /// True once bulk data is gone and the texts are UTF-8.
    bool isBare = false;

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

/// Where the data set is deflated: the same file with it unpacked, in `plain`; otherwise `plain` stays empty. False when it
/// is damaged, unpacks to more than one slice can be, or its meta information is not as the standard has it.
bool inflateDataSet(const uint8_t *bytes, size_t count, std::vector<uint8_t> &plain);

/// How often an item tag (FFFE,E000) occurs in either byte order, up to `limit`: no file nests deeper than this. DCMTK
/// parses and frees nested items by recursion, about 1 KB of stack per level (measured with 3.6.7).
size_t countItems(const uint8_t *bytes, size_t count, size_t limit);

/// Runs `body` on a thread with a large stack and waits for it. False when no thread could be started.
bool runDeep(std::function<void()> body);

}  // namespace cdcmtk

#endif
