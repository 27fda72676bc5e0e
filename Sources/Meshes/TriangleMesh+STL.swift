// Surfaces as binary STL, which printers and every viewer read.

extension TriangleMesh {
    /// Binary STL: 80 bytes of text, the number of triangles, then of each its normal, its corners and two bytes of nothing (3D Systems,
    /// StereoLithography Interface Specification, 1989). The format knows neither unit nor axes; these files hold LPS millimetres.
    ///
    /// - Parameter name: of what it is; at most 40 characters of ASCII are kept.
    package func stl(name: String) -> [UInt8] {
        // Not 'solid', which opens the text form; 3D Slicer reads SPACE.
        let title = Array("Osteon \(name.prefix(40)) in mm SPACE=LPS".utf8.filter { $0 < 128 }.prefix(80))
        var bytes = title + [UInt8](repeating: 0x20, count: 80 - title.count)
        bytes.reserveCapacity(84 + 50 * triangles.count)
        bytes.append(little: UInt32(triangles.count))
        for triangle in triangles {
            let normal = areaNormal(triangle)
            let length = (normal * normal).sum().squareRoot()
            bytes.append(little: SIMD3<Float>(length > 0 ? normal / length : .zero))
            for corner in 0..<3 { bytes.append(little: vertices[Int(triangle[corner])]) }
            bytes.append(little: UInt16(0))
        }
        return bytes
    }
}

extension [UInt8] {
    mutating func append(little value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    mutating func append(little point: SIMD3<Float>) {
        for axis in 0..<3 { append(little: point[axis].bitPattern) }
    }
}
