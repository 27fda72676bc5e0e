// Segments of parts: which there are, what they are called, and where their frames lie.
import Domain
import Imaging
import Testing

@testable import DICOMResults

@Suite struct PartSegmentTests {
    private static let geometry = Geometry(size: SampleSeries.size, spacingMM: [1, 1, 2])

    /// Body and left pedicle of L1, and the left pedicle of L2, whose outline needs review.
    private var parts: LabelMap {
        var map = LabelMap(geometry: Self.geometry)
        map[1, 1, 0] = 2001
        map[2, 1, 1] = 2002
        map[3, 2, 1] = 2102
        return map
    }

    @Test func `each part has a segment that names its vertebra, and says when the outline needs review`() throws {
        let segments = NamedSegment.parts([2001, 2002, 2102], in: SampleReport.report())
        #expect(segments.map(\.displayedName) == ["L1 body", "L1 left pedicle", "L2 left pedicle, needs review"])
        #expect(segments.map(\.number) == [1, 2, 3])
        #expect(segments.map(\.type.meaning) == ["Body", "Left pedicle", "Left pedicle"])
        #expect(segments[1].type == segments[2].type && segments[0].type != segments[1].type)
        #expect(segments.map(\.region) == [.vertebra(.L1), .vertebra(.L1), .vertebra(.L2)])
    }

    @Test func `frames are the box that holds all parts, bit for bit`() throws {
        #expect(
            IndexBox(holding: parts)
                == IndexBox(lower: Index3(x: 1, y: 1, z: 0), size: Index3(x: 3, y: 2, z: 2)))
        let content = try #require(try SampleSeries.content(map: LabelMap(geometry: Self.geometry), parts: parts))
        let bytes = try #require(content.encode().parts)
        // Three frames of six bits: the first of body, the second of the first pedicle, the last of the other.
        #expect(Array(bytes.suffix(4)) == [0b1000_0001, 0, 0b10, 0])
        let text = try SampleSeries.header(bytes).metadata.filter { !$0.isWhitespace }
        for words in [#""Value":[1,1,0]"#, #""Value":[1,1,2]"#, "66794005", "14293000"] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test func `a part that the report does not count makes no object`() throws {
        var map = parts
        map[0, 0, 2] = 2399
        let content = try #require(try SampleSeries.content(map: LabelMap(geometry: Self.geometry), parts: map))
        #expect(content.encode().parts == nil)
        let empty = LabelMap(geometry: Self.geometry)
        #expect(try #require(try SampleSeries.content(map: empty, parts: empty)).encode().parts == nil)
    }
}
