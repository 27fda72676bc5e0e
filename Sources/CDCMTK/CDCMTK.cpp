// Parsing: a file in memory to a data set, and the elements of it.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <mutex>

#include "File.h"

namespace {

/// DCMTK keeps its codecs and its logger in globals: set them once, before the first file.
void prepare() {
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
    });
}

OFCondition parse(cdcmtk_file &file, const void *bytes, size_t count, cdcmtk_extent extent) {
    DcmInputBufferStream stream;
    stream.setBuffer(bytes, static_cast<offile_off_t>(count));
    if (extent == CDCMTK_WHOLE) stream.setEos();
    file.format.transferInit();
    OFCondition result =
        extent == CDCMTK_WHOLE
            ? file.format.read(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength)
            : file.format.readUntilTag(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength, DCM_PixelData);
    file.format.transferEnd();
    return result;
}

/// Files with more items are parsed on a large stack; 64 levels fit on any thread's.
constexpr size_t shallowItems = 64;
/// Files with more items are refused: no image has them (our choice).
constexpr size_t maxItems = 50000;

/// Parses, on a larger stack where items may nest deep. Returns a good condition when the file can be used.
OFCondition parseSafely(cdcmtk_file &file, const void *bytes, size_t count, cdcmtk_extent extent) {
    OFCondition result = EC_MemoryExhausted;
    auto body = [&] {
        try {
            result = parse(file, bytes, count, extent);
        } catch (...) {
            result = EC_MemoryExhausted;
        }
    };
    if (!file.isDeep)
        body();
    else
        cdcmtk::runDeep(body);
    return result;
}

cdcmtk_file *refuse(const char *why, cdcmtk_status status, cdcmtk_status *out, char *message, size_t messageSize) {
    cdcmtk::tell(why, message, messageSize);
    *out = status;
    return nullptr;
}

}  // namespace

cdcmtk_file *cdcmtk_open(
    const void *bytes, size_t count, cdcmtk_extent extent, cdcmtk_status *status, char *message, size_t messageSize) {
    try {
        prepare();
        std::vector<uint8_t> plain;
        auto raw = static_cast<const uint8_t *>(bytes);
        if (!cdcmtk::inflateDataSet(raw, count, plain))
            return refuse("its deflated data set is damaged", CDCMTK_DAMAGED, status, message, messageSize);
        if (!plain.empty()) {
            raw = plain.data();
            count = plain.size();
        }
        size_t items = cdcmtk::countItems(raw, count, maxItems + 1);
        if (items > maxItems)
            return refuse("more than 50000 sequence items", CDCMTK_DAMAGED, status, message, messageSize);
        auto file = new cdcmtk_file;
        file->isDeep = items > shallowItems;
        OFCondition result = parseSafely(*file, raw, count, extent);
        if (result.bad()) {
            cdcmtk_close(file);
            bool isCut = result == EC_StreamNotifyClient;
            return refuse(result.text(), isCut ? CDCMTK_INCOMPLETE : CDCMTK_DAMAGED, status, message, messageSize);
        }
        file->syntax = file->dataset()->getOriginalXfer();
        file->syntaxUID = DcmXfer(file->syntax).getXferID();
        *status = CDCMTK_OK;
        return file;
    } catch (...) {
        return refuse("the parser ran out of memory", CDCMTK_DAMAGED, status, message, messageSize);
    }
}

void cdcmtk_close(cdcmtk_file *file) {
    if (file == nullptr) return;
    if (!file->isDeep || !cdcmtk::runDeep([file] { delete file; })) delete file;
}

const char *cdcmtk_transfer_syntax(const cdcmtk_file *file) { return file->syntaxUID.c_str(); }

int cdcmtk_text(cdcmtk_file *file, uint16_t group, uint16_t element, char *text, size_t size) {
    try {
        OFString value;
        DcmTagKey key(group, element);
        OFCondition result = file->dataset()->findAndGetOFStringArray(key, value);
        if (result.bad() && file->format.getMetaInfo() != nullptr)
            result = file->format.getMetaInfo()->findAndGetOFStringArray(key, value);
        if (result.bad() || value.empty()) return 0;
        cdcmtk::tell(value.c_str(), text, size);
        return 1;
    } catch (...) {
        return 0;
    }
}

void cdcmtk_convert_to_utf8(cdcmtk_file *file) {
    auto body = [file] {
        try {
            (void)file->dataset()->convertToUTF8();
        } catch (...) {
            // The texts stay as they are.
        }
    };
    if (!file->isDeep)
        body();
    else
        cdcmtk::runDeep(body);
}

int cdcmtk_numbers(cdcmtk_file *file, uint16_t group, uint16_t element, double *numbers, int capacity) {
    try {
        DcmElement *found = nullptr;
        if (file->dataset()->findAndGetElement(DcmTagKey(group, element), found).bad() || found == nullptr) return 0;
        int count = 0;
        while (count < capacity) {
            Float64 real = 0;
            Uint16 word = 0;
            Sint16 signedWord = 0;
            Float32 single = 0;
            Sint32 whole = 0;
            auto position = static_cast<unsigned long>(count);
            if (found->getFloat64(real, position).good())
                numbers[count] = real;
            else if (found->getUint16(word, position).good())
                numbers[count] = word;
            else if (found->getSint16(signedWord, position).good())
                numbers[count] = signedWord;
            else if (found->getFloat32(single, position).good())
                numbers[count] = single;
            else if (found->getSint32(whole, position).good())
                numbers[count] = whole;
            else
                break;
            count++;
        }
        return count;
    } catch (...) {
        return 0;
    }
}
