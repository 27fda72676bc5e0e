// Rewriting a data set element by element, and the file that comes of it.
#include <dcmtk/dcmdata/dcostrmb.h>

#include <string>

#include "File.h"

namespace {

/// A text that takes the place of a value, as long as any that is written here.
constexpr size_t maxReplacementBytes = 1024;

struct Rewriting {
    cdcmtk_policy policy;
    void *context;

    bool run(DcmItem &item) const {
        for (unsigned long i = item.card(); i > 0; i--) {
            DcmElement *element = item.getElement(i - 1);
            if (element == nullptr || !settle(item, *element, i - 1)) return false;
        }
        return true;
    }

   private:
    bool settle(DcmItem &item, DcmElement &element, unsigned long place) const {
        DcmTag tag = element.getTag();
        char replacement[maxReplacementBytes] = {0};
        OFString text;
        bool isText = element.isaString();
        if (isText && element.getOFStringArray(text).bad()) text.clear();
        // Pixel Data is a class of its own in DCMTK; its VR is OB or OW.
        const char *representation =
            element.ident() == EVR_PixelData ? "OW" : DcmVR(element.ident()).getValidVRName();
        switch (policy(
            context, tag.getGroup(), tag.getElement(), representation, text.c_str(), replacement, sizeof replacement)) {
            case CDCMTK_KEEP: return element.ident() != EVR_SQ || descend(element);
            case CDCMTK_REPLACE: return element.putString(replacement).good();
            default: delete item.remove(place); return true;
        }
    }

    bool descend(DcmElement &element) const {
        auto &sequence = static_cast<DcmSequenceOfItems &>(element);
        for (unsigned long k = 0; k < sequence.card(); k++)
            if (!run(*sequence.getItem(k))) return false;
        return true;
    }
};

/// Runs `body` where the file's items cannot exhaust the stack; false where it threw or said so.
bool guarded(cdcmtk_file &file, const std::function<bool()> &body) {
    bool isDone = false;
    auto work = [&] {
        try {
            isDone = body();
        } catch (...) {
            isDone = false;
        }
    };
    if (!file.isDeep)
        work();
    else if (!cdcmtk::runDeep(work))
        return false;
    return isDone;
}

bool encode(cdcmtk_file &file, std::vector<uint8_t> &bytes) {
    // What stands around the elements: preamble, meta information, headers of items.
    size_t count = static_cast<size_t>(file.format.calcElementLength(file.syntax, EET_ExplicitLength)) + (64 << 10);
    bytes.resize(count);
    DcmOutputBufferStream stream(bytes.data(), static_cast<offile_off_t>(count));
    file.format.transferInit();
    OFCondition result = file.format.write(
        stream, file.syntax, EET_ExplicitLength, nullptr, EGL_withoutGL, EPD_withoutPadding, 0, 0, 0, EWM_createNewMeta);
    file.format.transferEnd();
    if (result.bad()) return false;
    bytes.resize(static_cast<size_t>(stream.filled()));
    return bytes.size() > 132;
}

}  // namespace

int cdcmtk_rewrite(cdcmtk_file *file, cdcmtk_policy policy, void *context) {
    Rewriting rewriting{policy, context};
    return guarded(*file, [&] { return rewriting.run(*file->dataset()); }) ? 1 : 0;
}

int cdcmtk_put_text(cdcmtk_file *file, uint16_t group, uint16_t element, const char *text) {
    return guarded(*file, [&] {
        return file->dataset()->putAndInsertString(DcmTag(group, element), text).good();
    }) ? 1 : 0;
}

int cdcmtk_put_code(
    cdcmtk_file *file, uint16_t group, uint16_t element, const char *value, const char *scheme, const char *meaning) {
    return guarded(*file, [&] {
        DcmItem *item = nullptr;
        if (file->dataset()->findOrCreateSequenceItem(DcmTag(group, element), item, -2).bad()) return false;
        return item->putAndInsertString(DCM_CodeValue, value).good()
               && item->putAndInsertString(DCM_CodingSchemeDesignator, scheme).good()
               && item->putAndInsertString(DCM_CodeMeaning, meaning).good();
    }) ? 1 : 0;
}

uint8_t *cdcmtk_bytes(cdcmtk_file *file, size_t *count) {
    std::vector<uint8_t> bytes;
    if (!guarded(*file, [&] { return encode(*file, bytes); })) return nullptr;
    // The preamble of the file that was read may hold anything.
    std::memset(bytes.data(), 0, 128);
    auto copy = static_cast<uint8_t *>(malloc(bytes.size()));
    if (copy == nullptr) return nullptr;
    std::memcpy(copy, bytes.data(), bytes.size());
    *count = bytes.size();
    return copy;
}
