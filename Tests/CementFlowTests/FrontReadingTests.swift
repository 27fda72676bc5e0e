// What the readings of the front are worth: a ball whose cells are filled exactly.
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct FrontReadingTests {
    @Test func `planes read an exact ball within half a per cent where interpolation misses it by more than one`() {
        let size = 27
        let geometry = Geometry(
            size: Index3(x: size, y: size, z: size), spacingMM: [1, 1, 1], originMM: SIMD3(repeating: -13))
        let voxels = (0..<size * size * size).map { offset -> Float in
            let centre = geometry.point(at: Index3(x: offset % size, y: offset / size % size, z: offset / size / size))
            let distance = length(centre)
            if distance < 9 || distance > 11 { return distance < 10 ? 1 : 0 }
            let inside = (0..<4096).reduce(0) { count, n in
                let point = SIMD3(Double(n & 15), Double(n >> 4 & 15), Double(n >> 8)) / 16 - 0.46875
                return count + (length(centre + point) < 10 ? 1 : 0)
            }
            return Float(inside) / 4096
        }
        let front = FrontReading(Volume(geometry: geometry, voxels: voxels))
        var shape = FrontShape()
        for ray in ClosedForm.directions(2000) { shape.add(front, from: .zero, along: ray, radius: 10) }
        #expect(shape.worst < 0.5)
        #expect(abs(shape.mean) < 0.15)
        #expect(shape.worstInterpolated > 1)
    }
}
