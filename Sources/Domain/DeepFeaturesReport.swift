// Deep features as a report gives them.

/// The embedding of one vertebral body with what is needed to make it again. No single number of it has a meaning.
package struct DeepFeaturesSection: Codable, Sendable {
    package var model: String
    package var version: String
    /// Of the weights' file.
    package var sha256: String
    /// How the weights were made and on what, as `models.lock` tells it; nil in reports made before digital-biopsy 2.2.
    package var origin: String?
    /// `resnet3d` or `vit3d`.
    package var architecture: String
    /// The set of kernels that computed it: between sets the numbers differ by rounding.
    package var kernels: String
    package var region: String
    /// What the network saw, the margin included, on the scan's grid: the first voxel x, y, z, then the size x, y, z.
    package var boundingBox: [Int]
    package var marginMM: Double
    /// Edge of the cube that the box was resized to, voxels.
    package var inputSize: Int
    package var length: Int
    /// In the shortest decimals that give the same single-precision number back.
    package var values: [Float]

    package init(
        model: String, version: String, sha256: String, origin: String, architecture: String, kernels: String,
        region: String,
        boundingBox: [Int], marginMM: Double, inputSize: Int, values: [Float]
    ) {
        self.model = model
        self.version = version
        self.sha256 = sha256
        self.origin = origin
        self.architecture = architecture
        self.kernels = kernels
        self.region = region
        self.boundingBox = boundingBox
        self.marginMM = marginMM
        self.inputSize = inputSize
        self.length = values.count
        self.values = values
    }
}
