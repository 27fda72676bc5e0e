// Unpacking a small gzip file at once.
import CSystem

/// gzip data (RFC 1952) unpacked whole by libdeflate, in a third of zlib's time.
enum WholeGzip {
    /// Larger data is unpacked in pieces, so that no large scan is whole in memory (our choice).
    private static let maxUnpackedBytes = 64 << 20

    /// The data that begins at `offset` of a file, when it unpacks to some bytes and a number of elements; nil when it does not,
    /// or is large, or damaged: `InflateStream` then says what is wrong.
    static func unpacked(
        _ file: InputFile, from offset: Int, skipping bytes: Int, elements: Int, of width: Int
    ) throws -> [UInt8]? {
        guard max(bytes, elements) <= maxUnpackedBytes else { return nil }
        let count = bytes + elements * width
        guard max(count, file.byteCount - offset) <= maxUnpackedBytes else { return nil }
        let packed = try file.bytes(at: offset, count: file.byteCount - offset)
        guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        var isWhole = false
        let unpacked = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            var written = 0
            let result = libdeflate_gzip_decompress(
                decompressor, packed, packed.count, room.baseAddress, count, &written)
            isWhole = result == LIBDEFLATE_SUCCESS && written == count
            filled = isWhole ? count : 0
        }
        return isWhole ? unpacked : nil
    }
}
