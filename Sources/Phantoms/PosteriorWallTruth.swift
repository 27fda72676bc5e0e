// The posterior wall and the canal of a vertebra, taken from its shape.

extension VertebraShape {
    /// Bulge and canal depth by the definitions of `VertebraTruth`.
    func posteriorWall() -> (bulgeMM: Double, canalDepthMM: Double?) {
        var bulge = 0.0
        var canals: [Double] = []
        for x in stride(from: Float(-8), through: 8, by: 1) {
            let line = posteriorLine(x: x)
            guard let bottom = line.first?.z, let top = line.last?.z, top > bottom else { continue }
            let tenth = (top - bottom) / 10
            guard
                let lower = line.filter({ $0.z <= bottom + tenth }).min(by: { $0.y < $1.y }),
                let upper = line.filter({ $0.z >= top - tenth }).min(by: { $0.y < $1.y })
            else { continue }
            let between = line.filter { $0.z >= lower.z && $0.z <= upper.z }
            for point in between {
                let share = (point.z - lower.z) / max(upper.z - lower.z, 1e-6)
                bulge = max(bulge, Double(lower.y + share * (upper.y - lower.y) - point.y))
            }
            guard abs(x) <= 3 else { continue }
            let backs = between.compactMap { point in
                laminaMM(behind: point).map { (y: Double(point.y) - $0, z: point.z) }
            }
            let ways = between.compactMap { point in
                backs.min { abs($0.z - point.z) < abs($1.z - point.z) }.map { Double(point.y) - $0.y }
            }
            if let least = ways.min() { canals.append(least) }
        }
        canals.sort()
        return (bulge, canals.isEmpty ? nil : canals[canals.count / 2])
    }

    /// Points of the posterior wall in a sagittal section, caudal to cranial; the rounded rims are left out.
    private func posteriorLine(x: Float) -> [SIMD3<Float>] {
        (-40...40).compactMap { k in
            let z = body.halfHeight * Float(k) / 40
            guard body.distances([x, 0, z]).surface < 0 else { return nil }
            let point = body.surfacePoint(from: [x, 0, z], along: [0, -1, 0], farthest: 60) {
                body.distances($0).surface
            }
            let distances = body.distances(point)
            return distances.endplate < distances.wall - 1 ? point : nil
        }
    }

    /// Distance straight back from a point of the wall to the arch; nil where nothing lies within 30 mm.
    private func laminaMM(behind point: SIMD3<Float>) -> Double? {
        for distance in stride(from: Float(3.5), through: 30, by: 0.1)
        where arch.distance(point - [0, distance, 0]) < 0 {
            return Double(distance)
        }
        return nil
    }
}

extension Cavity {
    /// Volume of the part of the cavity that lies inside a body, by summing coverage on a fine grid.
    func volumeMM3(in body: BodyShape) -> Double {
        let step: Float = 0.25
        let n = SIMD3<Int>(Int(semiAxes.x / step) + 2, Int(semiAxes.y / step) + 2, Int(semiAxes.z / step) + 2)
        var sum = 0.0
        for k in -n.z...n.z {
            for j in -n.y...n.y {
                for i in -n.x...n.x {
                    let p = centre + SIMD3<Float>(Float(i), Float(j), Float(k)) * step
                    let filled = coverage(p, ramp: step)
                    guard filled > 0 else { continue }
                    sum += Double(filled * min(max(0.5 - body.distances(p).surface / step, 0), 1))
                }
            }
        }
        return sum * Double(step * step * step)
    }
}
