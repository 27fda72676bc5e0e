// The data set as JSON, bulk data left out.
#include <dcmtk/dcmdata/dcjson.h>

#include <sstream>
#include <string>

#include "File.h"

namespace {

/// Binary values longer than this are bulk data (our choice).
constexpr Uint32 maxInlineBytes = 1024;

bool isBulk(DcmElement &element) {
    switch (element.ident()) {
        case EVR_PixelData:
        case EVR_OverlayData:
            return true;
        case EVR_OB:
        case EVR_OD:
        case EVR_OF:
        case EVR_OL:
        case EVR_OV:
        case EVR_OW:
        case EVR_ox:
        case EVR_px:
        case EVR_UN:
        case EVR_UNKNOWN:
            return element.getLength() > maxInlineBytes;
        default:
            return element.getTag().getBaseTag() == DCM_PixelData;
    }
}

void removeBulk(DcmItem &item) {
    for (unsigned long i = item.card(); i > 0; i--) {
        DcmElement *element = item.getElement(i - 1);
        if (element == nullptr) continue;
        if (isBulk(*element)) {
            delete item.remove(i - 1);
        } else if (element->ident() == EVR_SQ) {
            auto sequence = static_cast<DcmSequenceOfItems *>(element);
            for (unsigned long k = 0; k < sequence->card(); k++) removeBulk(*sequence->getItem(k));
        }
    }
}

void makeBare(cdcmtk_file &file) {
    if (file.isBare) return;
    removeBulk(*file.dataset());
    // What cannot be converted stays as it is; the caller replaces bytes that are no UTF-8.
    (void)file.dataset()->convertToUTF8();
    file.isBare = true;
}

bool writeElements(DcmDataset &data, const uint32_t *tags, size_t tagCount, std::ostringstream &out) {
    DcmJsonFormatCompact format(OFFalse);
    if (tags == nullptr) return data.writeJson(out, format).good();  // a data set writes its elements alone
    bool isFirst = true;
    for (size_t i = 0; i < tagCount; i++) {
        DcmElement *element = nullptr;
        DcmTagKey key(static_cast<Uint16>(tags[i] >> 16), static_cast<Uint16>(tags[i] & 0xFFFF));
        if (data.findAndGetElement(key, element).bad() || element == nullptr) continue;
        if (!isFirst) out << ",";
        isFirst = false;
        if (element->writeJson(out, format).bad()) return false;
    }
    return true;
}

bool write(cdcmtk_file &file, const uint32_t *tags, size_t tagCount, std::string &text) {
    makeBare(file);
    std::ostringstream out;
    if (!writeElements(*file.dataset(), tags, tagCount, out)) return false;
    text = "{" + out.str() + "}";
    return true;
}

}  // namespace

char *cdcmtk_json(cdcmtk_file *file, const uint32_t *tags, size_t tagCount, size_t *count) {
    std::string text;
    bool isWritten = false;
    auto body = [&] {
        try {
            isWritten = write(*file, tags, tagCount, text);
        } catch (...) {
            isWritten = false;
        }
    };
    if (!file->isDeep)
        body();
    else if (!cdcmtk::runDeep(body))
        return nullptr;
    auto copy = isWritten ? static_cast<char *>(malloc(text.size() + 1)) : nullptr;
    if (copy == nullptr) return nullptr;
    std::memcpy(copy, text.c_str(), text.size() + 1);
    *count = text.size();
    return copy;
}

void cdcmtk_free(void *bytes) { free(bytes); }
