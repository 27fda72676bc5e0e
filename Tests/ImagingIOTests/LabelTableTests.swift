// Label tables as ITK-SNAP and 3D Slicer read them.
import Imaging
import ImagingIO
import Testing

@Suite struct LabelTableTests {
    private let table = LabelTable(rows: [.init(value: 2002, name: "L1 left pedicle", colour: [1, 20, 255])])

    @Test func `ITK-SNAP reads eight columns, the name in quotes`() {
        let lines = table.itkSnapText.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == 2)
        #expect(lines[0].split(separator: " ").prefix(7) == ["0", "0", "0", "0", "0", "0", "0"])
        #expect(lines[1] == "2002 1 20 255 1 1 1 \"L1 left pedicle\"")
    }

    @Test func `3D Slicer reads six columns, the name without blanks`() {
        let lines = table.slicerText.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines == ["0 background 0 0 0 0", "2002 L1_left_pedicle 1 20 255 255"])
    }
}
