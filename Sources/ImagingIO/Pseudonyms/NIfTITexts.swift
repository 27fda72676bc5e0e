// A NIfTI file without its texts, which often name the patient.
import Domain

/// Passes a NIfTI file on with the free texts of its header, its extensions, and whatever follows the voxels left out.
enum NIfTITexts {
    /// - Parameters:
    ///   - stream: the unpacked file from its first byte. One whose header cannot be read is passed on as zeros: the reader refuses it.
    /// - Throws: what the stream and the sink throw.
    static func blank(_ stream: any ByteStream, to sink: any ByteSink) throws {
        var start = try stream.bytes(NIfTIHeader.maxByteCount)
        let fields = NIfTIFields(start)
        let header = fields?.isVersion2 == true ? 540 : 348
        let voxels = fields.map(Self.voxelBytes) ?? 0
        let first = fields.map { Int($0.dataOffset.clamped(to: Double(header)...Self.furthestVoxel)) } ?? header
        for range in texts(isVersion2: header == 540) + [header..<first] {
            for place in range.clamped(to: 0..<start.count) { start[place] = 0 }
        }
        let end = first + voxels
        try sink.write(Array(start.prefix(end)))
        var place = start.count
        while place < end {
            var piece = try stream.bytes(min(64 << 10, end - place))
            if piece.isEmpty { return }
            for index in 0..<max(0, min(first - place, piece.count)) { piece[index] = 0 }
            try sink.write(piece)
            place += piece.count
        }
    }

    /// Byte of the first voxel that the reader takes at most.
    private static let furthestVoxel = 1e9

    /// data_type, db_name, descrip, aux_file and intent_name (nifti1.h); descrip, aux_file, intent_name and the unused text (nifti2.h).
    private static func texts(isVersion2: Bool) -> [Range<Int>] {
        isVersion2 ? [240..<344, 508..<540] : [4..<32, 148..<252, 328..<344]
    }

    /// 0 for a header whose sides or bits make no sense.
    private static func voxelBytes(_ fields: NIfTIFields) -> Int {
        let rank = fields.dimensions[0]
        guard (1...7).contains(rank), fields.bitsPerVoxel > 0 else { return 0 }
        var bytes = (fields.bitsPerVoxel + 7) / 8
        for side in fields.dimensions[1...rank] {
            let (product, isTooMuch) = bytes.multipliedReportingOverflow(by: max(side, 0))
            guard !isTooMuch, product < 1 << 50 else { return 0 }
            bytes = product
        }
        return bytes
    }
}

extension Double {
    /// NaN is the lower end.
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        self >= range.lowerBound ? min(self, range.upperBound) : range.lowerBound
    }
}
