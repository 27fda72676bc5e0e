// Images side by side along the channel axis, read where they lie.

/// The inputs of a convolution: one image, or several of equal extents whose channels follow each other.
struct ImageStack: @unchecked Sendable {
    private var images: [(base: UnsafePointer<Float>, channels: Int)] = []

    /// Calls `body` with the images; they must not be used after it.
    static func with(_ images: [Tensor], _ body: (ImageStack) throws -> Void) throws {
        try with(images[...], ImageStack(), body)
    }

    private static func with(
        _ rest: ArraySlice<Tensor>, _ stack: ImageStack, _ body: (ImageStack) throws -> Void
    ) throws {
        guard let image = rest.first else { return try body(stack) }
        try image.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            var stack = stack
            stack.images.append((base, image.shape[1]))
            try with(rest.dropFirst(), stack, body)
        }
    }

    /// Calls `body` for each image that has channels of a group: with the first of these, their first number in the group, and how
    /// many they are.
    /// - Parameters:
    ///   - n: which of the batch.
    ///   - channels: of a group. Several images have one group.
    ///   - places: numbers of a channel.
    func eachPart(
        _ n: Int, group: Int, channels: Int, places: Int, _ body: (UnsafePointer<Float>, Int, Int) -> Void
    ) {
        var first = 0
        for image in images {
            let count = min(channels, image.channels)
            body(image.base + (n * image.channels + group * channels) * places, first, count)
            first += count
        }
    }
}
