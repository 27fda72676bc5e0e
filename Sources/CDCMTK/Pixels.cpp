// Pixel data: whether it is complete, what it hashes to, and its stored values.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <zlib.h>

#include <vector>

#include "File.h"

namespace {

DcmPixelData *pixelData(cdcmtk_file *file) {
    DcmElement *element = nullptr;
    if (file->dataset()->findAndGetElement(DCM_PixelData, element).bad()) return nullptr;
    return dynamic_cast<DcmPixelData *>(element);
}

/// Calls `use(bytes, count)` for each fragment, the basic offset table left out. Returns the number of fragments.
template <typename Use>
unsigned long forEachFragment(DcmPixelData *pixels, E_TransferSyntax syntax, Use use) {
    DcmPixelSequence *sequence = nullptr;
    if (pixels->getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() || sequence == nullptr) return 0;
    unsigned long fragments = 0;
    for (unsigned long i = 1; i < sequence->card(); i++) {
        DcmPixelItem *item = nullptr;
        Uint8 *bytes = nullptr;
        if (sequence->getItem(item, i).bad() || item == nullptr) continue;
        if (item->getUint8Array(bytes).bad() || bytes == nullptr || item->getLength() == 0) continue;
        use(bytes, static_cast<size_t>(item->getLength()));
        fragments++;
    }
    return fragments;
}

size_t cellBytes(const cdcmtk_pixels &shape) { return shape.bitsAllocated > 8 ? 2 : 1; }
size_t cellCount(const cdcmtk_pixels &shape) {
    return static_cast<size_t>(shape.rows) * static_cast<size_t>(shape.columns);
}

bool isJPEG2000(E_TransferSyntax syntax) { return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000; }

/// True when the transfer syntax is known and something here can decode it.
bool isDecodable(cdcmtk_file *file) {
    OFString declared;
    DcmMetaInfo *meta = file->format.getMetaInfo();
    bool isDeclared = meta != nullptr && meta->findAndGetOFString(DCM_TransferSyntaxUID, declared).good();
    if (isDeclared && !declared.empty() && DcmXfer(declared.c_str()).getXfer() == EXS_Unknown) return false;
    return !DcmXfer(file->syntax).isEncapsulated() || isJPEG2000(file->syntax)
           || DcmCodecList::canChangeCoding(file->syntax, EXS_LittleEndianExplicit);
}

/// Copies the uncompressed cells into `values`.
cdcmtk_status copyCells(DcmPixelData *pixels, const cdcmtk_pixels &shape, int32_t *values) {
    size_t count = cellCount(shape);
    if (static_cast<size_t>(pixels->getLength()) < count * cellBytes(shape)) return CDCMTK_TOO_FEW_PIXELS;
    if (shape.bitsAllocated > 8) {
        Uint16 *cells = nullptr;
        if (pixels->getUint16Array(cells).bad() || cells == nullptr) return CDCMTK_UNDECODABLE;
        for (size_t i = 0; i < count; i++) values[i] = cells[i];
    } else {
        Uint8 *cells = nullptr;
        if (pixels->getUint8Array(cells).bad() || cells == nullptr) return CDCMTK_UNDECODABLE;
        for (size_t i = 0; i < count; i++) values[i] = cells[i];
    }
    return CDCMTK_OK;
}

cdcmtk_status decode(
    cdcmtk_file *file, const cdcmtk_pixels &shape, int32_t *values, char *message, size_t messageSize) {
    DcmPixelData *pixels = pixelData(file);
    if (pixels == nullptr) return CDCMTK_NO_PIXELS;
    if (!isDecodable(file)) return CDCMTK_UNSUPPORTED;
    if (isJPEG2000(file->syntax)) {
        std::vector<uint8_t> stream;
        forEachFragment(pixels, file->syntax, [&](const Uint8 *bytes, size_t count) {
            stream.insert(stream.end(), bytes, bytes + count);
        });
        if (stream.empty()) return CDCMTK_TOO_FEW_PIXELS;
        cdcmtk_status status =
            cdcmtk::decodeJPEG2000(stream.data(), stream.size(), shape, values, message, messageSize);
        if (status == CDCMTK_OK) cdcmtk::extractStoredBits(shape, 0, values);
        return status;
    }
    if (DcmXfer(file->syntax).isEncapsulated()) {
        OFCondition result = file->dataset()->chooseRepresentation(EXS_LittleEndianExplicit, nullptr);
        if (result.bad()) {
            cdcmtk::tell(result.text(), message, messageSize);
            return CDCMTK_UNDECODABLE;
        }
        pixels = pixelData(file);
        if (pixels == nullptr) return CDCMTK_UNDECODABLE;
    }
    cdcmtk_status status = copyCells(pixels, shape, values);
    if (status == CDCMTK_OK) cdcmtk::extractStoredBits(shape, shape.highBit + 1 - shape.bitsStored, values);
    return status;
}

}  // namespace

void cdcmtk::extractStoredBits(const cdcmtk_pixels &shape, int lowBit, int32_t *values) {
    size_t count = cellCount(shape);
    uint32_t mask = (1u << shape.bitsStored) - 1;
    uint32_t sign = shape.isSigned ? 1u << (shape.bitsStored - 1) : 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t cell = (static_cast<uint32_t>(values[i]) >> lowBit) & mask;
        values[i] = static_cast<int32_t>((cell ^ sign) - sign);
    }
}

cdcmtk_status cdcmtk_decode(
    cdcmtk_file *file, const cdcmtk_pixels *shape, int32_t *values, char *message, size_t messageSize) {
    try {
        return decode(file, *shape, values, message, messageSize);
    } catch (...) {
        cdcmtk::tell("the decoder ran out of memory", message, messageSize);
        return CDCMTK_UNDECODABLE;
    }
}

cdcmtk_status cdcmtk_check_pixels(cdcmtk_file *file, const cdcmtk_pixels *shape) {
    try {
        DcmPixelData *pixels = pixelData(file);
        if (pixels == nullptr) return CDCMTK_NO_PIXELS;
        if (!isDecodable(file)) return CDCMTK_UNSUPPORTED;
        if (DcmXfer(file->syntax).isEncapsulated()) {
            unsigned long fragments = forEachFragment(pixels, file->syntax, [](const Uint8 *, size_t) {});
            return fragments > 0 ? CDCMTK_OK : CDCMTK_TOO_FEW_PIXELS;
        }
        size_t needed = cellCount(*shape) * cellBytes(*shape);
        return static_cast<size_t>(pixels->getLength()) < needed ? CDCMTK_TOO_FEW_PIXELS : CDCMTK_OK;
    } catch (...) {
        return CDCMTK_UNDECODABLE;
    }
}

uint32_t cdcmtk_pixel_crc(cdcmtk_file *file) {
    try {
        DcmPixelData *pixels = pixelData(file);
        if (pixels == nullptr) return 0;
        uLong crc = crc32(0, nullptr, 0);
        if (DcmXfer(file->syntax).isEncapsulated()) {
            forEachFragment(pixels, file->syntax, [&](const Uint8 *bytes, size_t count) {
                crc = crc32(crc, bytes, static_cast<uInt>(count));
            });
            return static_cast<uint32_t>(crc);
        }
        size_t count = static_cast<size_t>(pixels->getLength());
        Uint16 *words = nullptr;
        Uint8 *bytes = nullptr;
        if (pixels->getUint16Array(words).good() && words != nullptr) bytes = reinterpret_cast<Uint8 *>(words);
        if (bytes == nullptr && (pixels->getUint8Array(bytes).bad() || bytes == nullptr)) return 0;
        return static_cast<uint32_t>(crc32(crc, bytes, static_cast<uInt>(count)));
    } catch (...) {
        return 0;
    }
}
