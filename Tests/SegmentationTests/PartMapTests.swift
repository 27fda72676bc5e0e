// The parts of vertebrae made of boxes, whose sizes are known.
import Domain
import Foundation
import Imaging
import Testing

@testable import Segmentation

/// A body of 40 x 30 x 24 mm with two pedicles and a lamina, in voxels of 1 mm; the body's lowest slice is given.
private struct BoxVertebra {
    static let grid = Geometry(size: Index3(x: 60, y: 80, z: 90), spacingMM: [1, 1, 1], originMM: [0, 0, 0])

    static func vertebra(_ level: VertebralLevel, from z: Int, hasLamina: Bool = true, sliceMM: Int = 1) -> Vertebra {
        var geometry = grid
        geometry.spacingMM.z = Double(sliceMM)
        geometry.size.z /= sliceMM
        var parts = LabelMap(geometry: geometry)
        func fill(_ x: Range<Int>, _ y: Range<Int>, _ slices: Range<Int>, _ part: Vertebra.Part) {
            for k in slices.lowerBound / sliceMM..<slices.upperBound / sliceMM {
                for j in y { for i in x { parts[i, j, k] = part.rawValue } }
            }
        }
        fill(10..<50, 10..<40, z..<z + 24, .body)
        for side in [14..<20, 40..<46] { fill(side, 40..<55, z + 10..<z + 22, .posteriorElements) }
        if hasLamina { fill(14..<46, 55..<60, z + 4..<z + 22, .posteriorElements) }
        // LPS: y grows to the back, so that the frame's y, which points forwards, is against it.
        let middle = Double(z) + 11.5 - (sliceMM > 1 ? Double(sliceMM - 1) / 2 : 0)
        return Vertebra(
            level: level, parts: parts, lowerIndex: Index3(x: 0, y: 0, z: 0),
            frame: VertebralFrame(originMM: [29.5, 24.5, middle], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1]),
            origin: .automatic, isWhole: true)
    }
}

@Suite struct PartMapTests {
    private func map(_ vertebrae: [Vertebra], neighbours: [Vertebra] = []) throws -> PartMap {
        try PartMap(
            vertebrae.map { PartMap.Subject(vertebra: $0) }, neighbours: neighbours,
            on: vertebrae[0].parts.geometry, cancellation: Cancellation())
    }

    private func volumes(_ findings: PartMap.Findings) -> [VertebraPart: Double] {
        Dictionary(uniqueKeysWithValues: findings.volumesML.map { ($0.part, $0.volumeML) })
    }

    @Test func `a box is divided into its layers, pedicles, canal and disc`() throws {
        let parts = try map([BoxVertebra.vertebra(.L1, from: 42), BoxVertebra.vertebra(.L2, from: 8)])
        let ml = volumes(parts.vertebrae[0])
        // Two layers of 40 x 30 voxels each; ten slices between the bodies.
        #expect(abs((ml[.superiorEndplate] ?? 0) - 2.4) < 1e-9)
        #expect(abs((ml[.inferiorEndplate] ?? 0) - 2.4) < 1e-9)
        #expect(abs((ml[.discBelow] ?? 0) - 12) < 1e-9)
        let body = [VertebraPart.body, .superiorEndplate, .inferiorEndplate, .posteriorWall, .basivertebralRegion]
        #expect(abs(body.reduce(0) { $0 + (ml[$1] ?? 0) } - 28.8) < 1e-9)
        // The canal of 20 x 15 mm loses up to a cell of the projection at each side.
        let canal = (ml[.canal] ?? 0) + (ml[.epiduralVeins] ?? 0)
        #expect((5.4...7.2).contains(canal), "\(canal)")
        #expect((0.6...0.8).contains(ml[.posteriorWall] ?? 0))
        // A pedicle of 6 x 12 mm as far as the canal's middle.
        for side: VertebraPart in [.leftPedicle, .rightPedicle] { #expect((0.45...0.62).contains(ml[side] ?? 0)) }
        #expect(parts.map[43, 43, 60] == VertebraPart.leftPedicle.labelValue(of: .L1))
        #expect(parts.map[16, 43, 60] == VertebraPart.rightPedicle.labelValue(of: .L1))
        #expect(parts.map[30, 47, 54] == VertebraPart.canal.labelValue(of: .L1))
        #expect(parts.map[30, 36, 54] == VertebraPart.basivertebralRegion.labelValue(of: .L1))
        #expect(parts.map[30, 57, 54] == VertebraPart.posteriorElements.labelValue(of: .L1))
        #expect(parts.map[52, 25, 54] == VertebraPart.leftVeins.labelValue(of: .L1))
        #expect(parts.map[30, 7, 54] == VertebraPart.anteriorVeins.labelValue(of: .L1))
        #expect(parts.vertebrae[0].omissions.map(\.item) == ["disc above"])
        #expect(parts.vertebrae[1].omissions.map(\.item) == ["disc below"])
    }

    @Test func `a neighbour bounds the disc and is not in the map`() throws {
        let parts = try map(
            [BoxVertebra.vertebra(.unknown(2), from: 8)], neighbours: [BoxVertebra.vertebra(.unknown(1), from: 42)])
        let values = Set(parts.map.labels.map { Int($0) / 100 })
        #expect(values == [0, 102])
        #expect(abs((volumes(parts.vertebrae[0])[.discAbove] ?? 0) - 12) < 1e-9)
        #expect(VertebraPart.body.labelValue(of: .unknown(2)) == 10201)
    }

    @Test func `an arch that does not close has no canal and no pedicles, by name`() throws {
        let parts = try map([BoxVertebra.vertebra(.L1, from: 42, hasLamina: false)])
        let ml = volumes(parts.vertebrae[0])
        #expect(ml[.canal] == nil && ml[.leftPedicle] == nil)
        #expect(parts.vertebrae[0].omissions.contains { $0.item.contains("canal") && $0.item.contains("left pedicle") })
        #expect(ml[.superiorEndplate] != nil)
    }

    @Test func `slices of 5 mm show no endplates and no discs, by name`() throws {
        let parts = try map([
            BoxVertebra.vertebra(.L1, from: 40, sliceMM: 5), BoxVertebra.vertebra(.L2, from: 5, sliceMM: 5),
        ])
        for findings in parts.vertebrae {
            let ml = volumes(findings)
            #expect(ml[.superiorEndplate] == nil && ml[.discBelow] == nil && ml[.basivertebralRegion] == nil)
            #expect(ml[.canal] != nil && ml[.body] != nil)
            #expect(
                findings.omissions.contains { $0.item.contains("superior endplate") && $0.reason.contains("5.0 mm") })
        }
    }

    @Test func `the table of the parts is in the documentation as the program has it`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/segmentation.md"), encoding: .utf8)
        for part in VertebraPart.allCases {
            let row = "| \(part.rawValue) | \(part.name) | \(part.definition) |"
            #expect(page.contains(row), "\(row)")
        }
    }

    @Test func `viewers get a name and a colour for each value`() throws {
        let parts = try map([BoxVertebra.vertebra(.L1, from: 42)])
        let rows = LabelTable(parts: parts).rows
        #expect(Set(rows.map(\.value)) == Set(parts.map.labels).subtracting([0]))
        #expect(rows.first == LabelTable.Row(value: 2001, name: "L1 body", colour: [241, 214, 145]))
        let levels = LabelTable(levels: [.L1, .T12, .unknown(1)]).rows
        #expect(levels.map(\.value) == [19, 20, 101])
        #expect(Set(levels.map(\.colour)).count == 3)
    }
}
