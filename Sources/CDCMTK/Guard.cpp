// What DCMTK does not bound itself: how deep items nest, and how much a deflated data set unpacks to.
#include <pthread.h>
#include <zlib.h>

#include "File.h"

namespace {

constexpr char deflatedUID[] = "1.2.840.10008.1.2.1.99";
constexpr char plainUID[] = "1.2.840.10008.1.2.1\0\0\0";
constexpr size_t uidLength = sizeof deflatedUID - 1;
static_assert(sizeof plainUID == sizeof deflatedUID, "the UID is replaced in place");

/// A deflated data set may unpack to this much (our choice; a slice is half a megabyte).
constexpr size_t maxInflatedBytes = 64u << 20;
/// Stack for files with many items; only what is used of it becomes memory.
constexpr size_t deepStackBytes = 128u << 20;

const uint8_t *find(const uint8_t *from, const uint8_t *end, const void *pattern, size_t length) {
    return static_cast<const uint8_t *>(memmem(from, static_cast<size_t>(end - from), pattern, length));
}

/// Where the value of Transfer Syntax UID (0002,0010) begins, and where the data set does; false when the file meta
/// information is not as PS3.10 7.1 has it.
bool readMeta(const std::vector<uint8_t> &bytes, size_t &uidStart, size_t &dataStart) {
    if (bytes.size() < 144 || std::memcmp(&bytes[128], "DICM\2\0\0\0UL\4\0", 12) != 0) return false;
    size_t length = bytes[140] | bytes[141] << 8 | bytes[142] << 16 | static_cast<size_t>(bytes[143]) << 24;
    dataStart = 144 + length;
    if (dataStart > bytes.size()) return false;
    size_t place = 144;
    while (place + 12 <= dataStart) {
        bool isLong = std::memcmp(&bytes[place + 4], "OB", 2) == 0 || std::memcmp(&bytes[place + 4], "UN", 2) == 0;
        size_t header = isLong ? 12 : 8;
        size_t count = isLong ? bytes[place + 8] | bytes[place + 9] << 8 | bytes[place + 10] << 16
                                    | static_cast<size_t>(bytes[place + 11]) << 24
                              : static_cast<size_t>(bytes[place + 6] | bytes[place + 7] << 8);
        if (bytes[place] == 2 && bytes[place + 1] == 0 && bytes[place + 2] == 0x10 && bytes[place + 3] == 0) {
            uidStart = place + header;
            return count == uidLength && uidStart + count <= dataStart;
        }
        place += header + count;
    }
    return false;
}

bool inflateFrom(std::vector<uint8_t> &bytes, size_t start, std::vector<uint8_t> &target) {
    z_stream stream{};
    if (inflateInit2(&stream, -15) != Z_OK) return false;
    stream.next_in = bytes.data() + start;
    stream.avail_in = static_cast<uInt>(bytes.size() - start);
    int result = Z_OK;
    std::vector<uint8_t> piece(256 << 10);
    while (result == Z_OK && target.size() <= maxInflatedBytes) {
        stream.next_out = piece.data();
        stream.avail_out = static_cast<uInt>(piece.size());
        result = inflate(&stream, Z_NO_FLUSH);
        target.insert(target.end(), piece.begin(), piece.end() - stream.avail_out);
    }
    inflateEnd(&stream);
    return result == Z_STREAM_END;
}

void *runBody(void *body) {
    (*static_cast<std::function<void()> *>(body))();
    return nullptr;
}

}  // namespace

bool cdcmtk::inflateDataSet(const uint8_t *bytes, size_t count, std::vector<uint8_t> &plain) {
    const uint8_t *end = bytes + count;
    const uint8_t *found = find(bytes, end, deflatedUID, uidLength);
    if (found == nullptr) return true;
    std::vector<uint8_t> packed(bytes, end);
    size_t uidStart = 0;
    size_t dataStart = 0;
    // The UID may stand in the one place where it has a meaning and nowhere else.
    if (!readMeta(packed, uidStart, dataStart) || static_cast<size_t>(found - bytes) != uidStart) return false;
    if (find(found + 1, end, deflatedUID, uidLength) != nullptr) return false;
    std::memcpy(&packed[uidStart], plainUID, uidLength);
    plain.assign(packed.begin(), packed.begin() + static_cast<ptrdiff_t>(dataStart));
    return inflateFrom(packed, dataStart, plain) && find(plain.data(), plain.data() + plain.size(), deflatedUID, uidLength) == nullptr;
}

size_t cdcmtk::countItems(const uint8_t *bytes, size_t count, size_t limit) {
    static const uint8_t little[] = {0xFE, 0xFF, 0x00, 0xE0};
    static const uint8_t big[] = {0xFF, 0xFE, 0xE0, 0x00};
    size_t items = 0;
    for (const uint8_t *pattern : {little, big}) {
        const uint8_t *end = bytes + count;
        for (const uint8_t *at = find(bytes, end, pattern, 4); at != nullptr && items < limit; items++)
            at = find(at + 4, end, pattern, 4);
    }
    return items;
}

bool cdcmtk::runDeep(std::function<void()> body) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_t thread;
    bool started = pthread_attr_setstacksize(&attributes, deepStackBytes) == 0
                   && pthread_create(&thread, &attributes, runBody, &body) == 0;
    pthread_attr_destroy(&attributes);
    if (started) pthread_join(thread, nullptr);
    return started;
}
