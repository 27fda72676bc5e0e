// The table of `osteon radiomics` beside the one that PyRadiomics' command writes for the same files.
import Foundation
import Testing

private let parameters = """
    setting: {binWidth: 1, resampledPixelSpacing: [1, 1, 1], resegmentRange: [1, 5], label: 1}
    imageType: {Original: {}, LoG: {sigma: [1.0]}, Wavelet: {}}
    featureClass: {shape: [VoxelVolume], firstorder: [Mean, Maximum]}

    """

private let cases = """
    Patient,Mask,Site,Image,Label
    p1,mask.nrrd,L1,image.nrrd,1

    """

/// The cells of each line; no cell here holds a quote.
private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
        var cells = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}

struct RadiomicsTableTests {
    /// What has no counterpart: versions of Python libraries, hashes (PyRadiomics: SHA-1 of the voxels), and settings, which
    /// PyRadiomics writes as the file has them.
    private func hasCounterpart(_ column: String) -> Bool {
        !["Versions", "Configuration", "Hash"].contains(where: column.contains)
    }

    @Test func `columns, their order and their values are PyRadiomics'`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/pyradiomics_table.csv")
        let golden = rows(try String(contentsOf: file, encoding: .utf8))
        let run = try RadiomicsCommandRun()
        _ = try run.write(DigitalPhantom.nrrd(DigitalPhantom.values), "image.nrrd")
        _ = try run.write(DigitalPhantom.nrrd(DigitalPhantom.labels), "mask.nrrd")
        let (status, said, output) = try run.run(
            [
                "--params", try run.write(Data(parameters.utf8), "params.yaml"),
                "--batch", try run.write(Data(cases.utf8), "cases.csv"),
            ], output: "features.csv")
        #expect(status == 0, "\(said)")
        let ours = rows(String(decoding: output, as: UTF8.self))
        try #require(ours.count == 2 && golden.count == 2)
        #expect(ours[0].filter { !$0.contains("Versions") } == golden[0].filter { !$0.contains("Versions") })
        let values = Dictionary(zip(ours[0], ours[1])) { first, _ in first }
        for (column, expected) in zip(golden[0], golden[1]) where hasCounterpart(column) {
            let value = try #require(values[column])
            if let number = Double(expected) {
                // The order of sums.
                #expect(abs((Double(value) ?? .nan) - number) <= 1e-12 * max(abs(number), 1), "\(column): \(value)")
            } else {
                // NumPy 2 writes its own type around some numbers.
                #expect(value == expected.replacing(/np\.float64\(([^)]*)\)/) { $0.1 }, "\(column): \(value)")
            }
        }
        let settings = try #require(values["diagnostics_Configuration_Settings"])
        #expect(settings.contains("'resampledPixelSpacing': [1, 1, 1], 'interpolator': 'sitkBSpline'"))
    }
}
