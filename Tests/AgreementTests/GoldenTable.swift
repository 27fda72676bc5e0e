// Golden numbers of other tools, and how far ours are from them.
import Foundation

/// A line `name, values…` of a file in Golden.
struct GoldenRow {
    let name: String
    let values: [Double]
}

/// The rows of a golden file; lines that begin with # say which tool and command made it.
func goldenRows(_ file: String) throws -> [GoldenRow] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/" + file)
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
        let parts = $0.split(separator: ",")
        return GoldenRow(name: String(parts[0]), values: parts.dropFirst().map { Double($0) ?? .nan })
    }
}

/// |ours − theirs| relative to theirs; absolute where theirs is below 1e-300.
func relativeDifference(_ ours: Double, _ theirs: Double) -> Double {
    if ours == theirs || (ours.isNaN && theirs.isNaN) { return 0 }
    let difference = abs(ours - theirs) / max(abs(theirs), 1e-300)
    return difference.isNaN ? .infinity : difference
}
