// Label tables as viewers read them: ITK-SNAP's label descriptions and 3D Slicer's colour tables.
import Imaging

extension LabelTable {
    /// A label description file of ITK-SNAP (Segmentation > Import Label Descriptions): index, red, green, blue, opacity, visible, in
    /// the mesh, name; one of each line. The format is what ITK-SNAP 4 writes.
    package var itkSnapText: String {
        let clear = "    0     0    0    0        0  0  0    \"Clear Label\""
        let lines = rows.map { row in
            "\(row.value) \(row.colour.x) \(row.colour.y) \(row.colour.z) 1 1 1 \"\(row.name)\""
        }
        return "# ITK-SnAP Label Description File\n# IDX R G B A VIS MSH LABEL\n"
            + ([clear] + lines).map { $0 + "\n" }.joined()
    }

    /// A colour table of 3D Slicer (`.ctbl`): value, name, red, green, blue, opacity; names hold no blanks.
    package var slicerText: String {
        let lines = rows.map { row in
            "\(row.value) \(row.name.map { $0 == " " ? "_" : String($0) }.joined()) \(row.colour.x) \(row.colour.y) \(row.colour.z) 255"
        }
        return "# Color table file of Osteon\n# \(rows.count + 1) values\n0 background 0 0 0 0\n"
            + lines.map { $0 + "\n" }.joined()
    }
}
