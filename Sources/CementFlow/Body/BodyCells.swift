// The cells of one vertebral body: where they are, how dense the bone is, and which faces the shell lies on.
import Domain
import Foundation
import Imaging
import Morphometry

/// One vertebral body on a grid of cubes along its own frame: x right to left, y posterior to anterior, z caudal to cranial.
package struct BodyCells: Sendable {
    package let grid: FlowGrid
    package let frame: VertebralFrame
    /// True for cells of the body; the rim of the grid is false.
    package let isBone: [Bool]
    /// Rank of each bone cell's density among the body's, above 0 and below 1; 0.5 elsewhere.
    package let densityRank: [Double]
    /// Cells of a cleft: open space.
    package let isCleft: [Bool]
    package let faces: [WallFace]
    /// How deep each cell's centre lies under the body's surface, mm; negative outside.
    let depthMM: [Float]
    /// From the lowest to the highest face along the frame's z, mm.
    package let heightMM: ClosedRange<Double>

    /// A face of the body's surface.
    package struct WallFace: Sendable {
        package var face: FlowDomain.Face
        /// The endplate where the surface faces up or down by more than 45° (our choice), else the side by place (`BodySides`).
        package var wall: BodyWall
        /// Outward normal of the smoothed surface, in the frame.
        package var normal: SIMD3<Double>
        /// Centre in the frame, mm.
        package var localMM: SIMD3<Double>
        /// The part of the true wall that the face stands for, mm²: a staircase has up to 1.5 times the wall's area.
        package var areaMM2: Double
    }

    /// Gas in bone: below −200 HU (our choice; no threshold is published). Partial volume lifts gas above that in slices over
    /// 2 mm, which are refused before.
    package static let gasHU: Float = -200

    /// - Parameters:
    ///   - vertebra: on a sub-grid of `volume`'s grid.
    ///   - volume: the scan, HU.
    ///   - cellMM: edge of the cells.
    ///   - cleft: where gas or fluid was found in the body (`Cleft.mask`): open space; gas below `gasHU` counts as well.
    package init(_ vertebra: Vertebra, in volume: Volume, cellMM: Double, cleft: VoxelMask? = nil) {
        let body = vertebra.parts.mask(of: Vertebra.Part.body.rawValue)
        let mask = Volume(geometry: body.geometry, voxels: body.voxels.map { $0 ? 1 : 0 })
        let size = body.geometry.size
        var low = SIMD3(repeating: Double.infinity)
        var high = -low
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where body[x, y, z] {
                    let local = vertebra.frame.local(body.geometry.point(at: Index3(x: x, y: y, z: z)))
                    low = pointwiseMin(low, local)
                    high = pointwiseMax(high, local)
                }
            }
        }
        let quarter = cellMM / 4
        let corners = (0..<8).map { n -> SIMD3<Double> in
            let x = vertebra.frame.x * (n & 1 == 0 ? -quarter : quarter)
            let y = vertebra.frame.y * (n & 2 == 0 ? -quarter : quarter)
            let z = vertebra.frame.z * (n & 4 == 0 ? -quarter : quarter)
            return x + y + z
        }
        let open = cleft.map { Volume(geometry: $0.geometry, voxels: $0.voxels.map { $0 ? 1 : 0 }) }
        self.init(
            frame: vertebra.frame, lowerMM: low - cellMM, upperMM: high + cellMM, cellMM: cellMM,
            holds: { point in
                // Outside the grid of the parts the nearest edge voxel would count.
                body.geometry.voxel(holding: point) != nil && mask.value(at: point) >= 0.5
            },
            density: { point in corners.reduce(Float(0)) { $0 + volume.value(at: point + $1) } / 8 },
            isOpen: { point in
                guard let open, open.geometry.voxel(holding: point) != nil else { return false }
                return open.value(at: point) >= 0.5
            })
    }

    /// A body given by functions of LPS points.
    ///
    /// - Parameters:
    ///   - lowerMM, upperMM: a box in the frame that holds it; the grid is wider by `shiftRoomMM`.
    ///   - holds: true inside.
    ///   - density: HU, mean over a cell around the point.
    ///   - isOpen: true in a cleft.
    package init(
        frame: VertebralFrame, lowerMM: SIMD3<Double>, upperMM: SIMD3<Double>, cellMM: Double,
        holds: (PointMM) -> Bool, density: (PointMM) -> Float, isOpen: (PointMM) -> Bool = { _ in false }
    ) {
        let room = (Self.shiftRoomMM / cellMM).rounded(.up)
        let cells = ((upperMM - lowerMM) / cellMM).rounded(.up) + 2 * room
        let grid = FlowGrid(
            interior: Index3(x: max(Int(cells.x), 1), y: max(Int(cells.y), 1), z: max(Int(cells.z), 1)), cellMM: cellMM,
            firstCentreMM: frame.point(lowerMM - room * cellMM + cellMM / 2), xAxis: frame.x, yAxis: frame.y,
            zAxis: frame.z)
        var isBone = [Bool](repeating: false, count: grid.count)
        var isCleft = isBone
        var hu = [Float](repeating: 0, count: grid.count)
        let size = grid.size
        for z in 1..<size.z - 1 {
            for y in 1..<size.y - 1 {
                for x in 1..<size.x - 1 {
                    let point = grid.geometry.point(at: Index3(x: x, y: y, z: z))
                    guard holds(point) else { continue }
                    let i = grid.offset(x, y, z)
                    isBone[i] = true
                    hu[i] = density(point)
                    isCleft[i] = hu[i] < Self.gasHU || isOpen(point)
                }
            }
        }
        self.init(
            grid: grid, frame: frame, isBone: isBone, isCleft: isCleft, densityRank: ranks(of: hu, where: isBone),
            depthMM: surfaceDepth(of: holds, on: grid))
    }

    init(
        grid: FlowGrid, frame: VertebralFrame, isBone: [Bool], isCleft: [Bool], densityRank: [Double],
        depthMM: [Float]
    ) {
        self.grid = grid
        self.frame = frame
        self.isBone = isBone
        self.isCleft = isCleft
        self.densityRank = densityRank
        self.depthMM = depthMM
        faces = wallFaces(of: isBone, grid: grid, frame: frame)
        let heights = faces.map(\.localMM.z)
        heightMM = (heights.min() ?? 0)...(heights.max() ?? 0)
    }

    /// How far the surface can be shifted outwards, mm: three standard deviations of the segmentation's error (our choice).
    package static let shiftRoomMM = 1.5

    /// The third of the body's height that a point of the frame lies in.
    package func third(of localMM: SIMD3<Double>) -> BodyThird {
        let share = (localMM.z - heightMM.lowerBound) / (heightMM.upperBound - heightMM.lowerBound)
        return share < 1 / 3.0 ? .lower : share < 2 / 3.0 ? .middle : .upper
    }

    /// Volume of the cells, mm³.
    package var volumeMM3: Double {
        Double(isBone.reduce(0) { $0 + ($1 ? 1 : 0) }) * grid.cellMM * grid.cellMM * grid.cellMM
    }
}

/// (rank + ½) / count of each marked value, ties in the order of the array.
private func ranks(of values: [Float], where isMarked: [Bool]) -> [Double] {
    let order = values.indices.filter { isMarked[$0] }.sorted { (values[$0], $0) < (values[$1], $1) }
    var rank = [Double](repeating: 0.5, count: values.count)
    for (place, i) in order.enumerated() { rank[i] = (Double(place) + 0.5) / Double(order.count) }
    return rank
}

private func wallFaces(of isBone: [Bool], grid: FlowGrid, frame: VertebralFrame) -> [BodyCells.WallFace] {
    var faces: [BodyCells.WallFace] = []
    let area = grid.cellMM * grid.cellMM
    for i in isBone.indices where isBone[i] {
        var normal: SIMD3<Double>?
        for axis in 0..<3 {
            for side in [-1, 1] where !isBone[i + side * grid.strides[axis]] {
                let n = normal ?? outwardNormal(at: i, isBone, grid)
                normal = n
                var local = frame.local(grid.centre(of: i))
                local[axis] += Double(side) * grid.cellMM / 2
                faces.append(
                    BodyCells.WallFace(
                        face: FlowDomain.Face(cell: i, axis: axis, side: side), wall: .posterior, normal: n,
                        localMM: local, areaMM2: area * max(abs(n[axis]), leastSlope)))
            }
        }
    }
    let sides = BodySides(around: faces.filter { abs($0.normal.z) <= leastEndplateSlope }.map(\.localMM))
    for i in faces.indices {
        let up = faces[i].normal.z
        faces[i].wall =
            abs(up) > leastEndplateSlope
            ? up > 0 ? .superiorEndplate : .inferiorEndplate : sides.side(of: faces[i].localMM)
    }
    return faces
}

/// Cosine of 45°, rounded.
private let leastEndplateSlope = 0.7

/// A face nearly along the wall still carries this part of its area (our choice: keeps conductances above 0).
private let leastSlope = 0.05

/// Mean direction to the empty cells among the 124 around (our choice: as wide as the staircase of a tilted wall).
private func outwardNormal(at cell: Int, _ isBone: [Bool], _ grid: FlowGrid) -> SIMD3<Double> {
    let at = grid.index(of: cell)
    var sum = SIMD3<Double>.zero
    for dz in -2...2 {
        for dy in -2...2 {
            for dx in -2...2 where (dx, dy, dz) != (0, 0, 0) {
                let (x, y, z) = (at.x + dx, at.y + dy, at.z + dz)
                let isInside = x >= 0 && y >= 0 && z >= 0 && x < grid.size.x && y < grid.size.y && z < grid.size.z
                guard !isInside || !isBone[grid.offset(x, y, z)] else { continue }
                let d = SIMD3(Double(dx), Double(dy), Double(dz))
                sum += d / length(d)
            }
        }
    }
    return normalised(sum)
}
