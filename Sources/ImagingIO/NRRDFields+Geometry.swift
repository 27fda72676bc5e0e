// Where a NRRD image lies: space, directions and origin, brought to LPS.
import Foundation
import Imaging

extension NRRDFields {
    /// - Throws: `NRRDFlaw`.
    func geometry(size: Index3) throws(NRRDFlaw) -> Geometry {
        guard let directions = self["space directions"] else { return try unoriented(size: size) }
        let sign = try self.sign()
        let axes = try vectors("space directions", directions, count: 3).map { $0 * sign }
        let spacing = SIMD3(length(axes[0]), length(axes[1]), length(axes[2]))
        guard spacing.min() > 0 else {
            throw .field("space directions", value: directions, needed: "vectors of a length above 0")
        }
        let origin = try self["space origin"].map { text throws(NRRDFlaw) in
            try vectors("space origin", text, count: 1)[0] * sign
        }
        let none = PointMM(repeating: 0)  // added, so that no -0 appears
        return Geometry(
            size: size, spacingMM: spacing, originMM: (origin ?? none) + none, xAxis: axes[0] / spacing.x + none,
            yAxis: axes[1] / spacing.y + none, zAxis: axes[2] / spacing.z + none)
    }

    /// Without directions the image lies along the axes, its first voxel at the origin.
    private func unoriented(size: Index3) throws(NRRDFlaw) -> Geometry {
        if self["axis mins"] != nil || self["axismins"] != nil {
            throw .field("axis mins", value: "given", needed: "space directions and space origin instead")
        }
        guard let text = self["spacings"] else { return Geometry(size: size, spacingMM: [1, 1, 1]) }
        let spacings = text.split(separator: " ").compactMap { Double($0) }
        guard spacings.count == 3, spacings.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw .field("spacings", value: text, needed: "three numbers above 0")
        }
        return Geometry(size: size, spacingMM: [spacings[0], spacings[1], spacings[2]])
    }

    /// What turns the file's space into LPS, axis by axis.
    private func sign() throws(NRRDFlaw) -> SIMD3<Double> {
        guard let space = self["space"] else {
            let dimension = self["space dimension"] ?? "missing"
            guard dimension == "3" else { throw .field("space dimension", value: dimension, needed: "3, or a space") }
            return [1, 1, 1]
        }
        switch space.lowercased() {
        case "left-posterior-superior", "lps", "scanner-xyz", "3d-right-handed", "3d-left-handed": return [1, 1, 1]
        case "right-anterior-superior", "ras": return [-1, -1, 1]
        case "left-anterior-superior", "las": return [1, -1, 1]
        default:
            throw .field(
                "space", value: space,
                needed: "left-posterior-superior, right-anterior-superior or left-anterior-superior")
        }
    }

    /// `(a,b,c) (d,e,f) …`
    private func vectors(_ name: String, _ text: String, count: Int) throws(NRRDFlaw) -> [SIMD3<Double>] {
        let groups = text.split(separator: ")").map {
            $0.trimmingCharacters(in: .whitespaces).drop { $0 == "(" }.split(separator: ",").compactMap {
                Double($0.trimmingCharacters(in: .whitespaces))
            }
        }
        guard groups.count == count, groups.allSatisfy({ $0.count == 3 && $0.allSatisfy(\.isFinite) }) else {
            throw .field(name, value: text, needed: count == 1 ? "(x,y,z)" : "\(count) vectors (x,y,z)")
        }
        return groups.map { [$0[0], $0[1], $0[2]] }
    }
}
