// The running average or maximum of response maps.

/// Response maps of one filter in several orientations, pooled voxel by voxel.
struct PooledResponse {
    let pooling: ResponsePooling
    private var pooled: GreyImage?
    private var count = 0

    init(_ pooling: ResponsePooling) { self.pooling = pooling }

    mutating func add(_ response: GreyImage) {
        count += 1
        guard var sum = pooled else {
            pooled = response
            return
        }
        pooled = nil
        for voxel in sum.values.indices {
            switch pooling {
            case .average: sum.values[voxel] += response.values[voxel]
            case .max: sum.values[voxel] = Swift.max(sum.values[voxel], response.values[voxel])
            }
        }
        pooled = sum
    }

    /// The pooled map; the image itself when nothing was added.
    func result(for image: GreyImage) -> GreyImage {
        guard var result = pooled else { return image }
        guard pooling == .average, count > 1 else { return result }
        for voxel in result.values.indices { result.values[voxel] /= Double(count) }
        return result
    }
}
