// The networks that are compared with PyTorch, with the settings of training/golden/networks.py.
import NeuralNetworks

/// A network of a golden file, applied to one of its inputs: as many outputs as the file stores for it.
struct ArchitectureCase: Sendable {
    let name: String
    let inputs: [[Int]]
    let run: @Sendable (Weights, Tensor, Execution) throws -> [Tensor]

    init(_ name: String, _ inputs: [[Int]], _ run: @escaping @Sendable (Weights, Tensor, Execution) throws -> [Tensor])
    {
        self.name = name
        self.inputs = inputs
        self.run = run
    }

    static let small = [
        vit("vit3d", image: [16, 16, 24], patch: [8, 4, 6], [20, 2, 2, 12, 24], .depthLast, batch: 2),
        ArchitectureCase("plain-unet", [[1, 1, 4, 12, 20], [1, 1, 6, 8, 8]]) {
            let stages: [UNetPlan.Stage] = [
                .init(features: 4, kernel: [1, 3, 3], stride: [1, 1, 1], blocks: 2),
                .init(features: 6, kernel: [3, 3, 3], stride: [1, 2, 2], blocks: 2),
                .init(features: 8, kernel: [3, 3, 3], stride: [2, 2, 2], blocks: 2),
            ]
            return [try PlainConvUNet($0, UNetPlan(channels: 1, classes: 3, stages: stages, decoderBlocks: 1))($1, $2)]
        },
        ArchitectureCase("residual-unet", [[1, 1, 8, 12, 20], [1, 1, 6, 8, 4]]) {
            let stages: [UNetPlan.Stage] = [
                .init(features: 4, kernel: [3, 3, 3], stride: [1, 1, 1], blocks: 1),
                .init(features: 4, kernel: [3, 3, 3], stride: [2, 2, 2], blocks: 2),
                .init(features: 8, kernel: [3, 3, 3], stride: [1, 2, 2], blocks: 1),
            ]
            let plan = UNetPlan(channels: 1, classes: 2, stages: stages, decoderBlocks: 1)
            return [try ResidualEncoderUNet($0, plan)($1, $2)]
        },
        resNet("resnet3d-10", .init(depth: .ten, width: 2), [[1, 1, 17, 33, 21]]),
        resNet("resnet3d-50", .init(depth: .fifty, width: 1, isDilated: true), [[1, 1, 19, 33, 24]]),
        ArchitectureCase("vbnet", [[1, 1, 16, 32, 16]]) {
            var configuration = VBNet.Configuration(classes: 2, width: 2)
            configuration.convolutions = [1, 1, 2, 1]
            configuration.hasBottleneck[0] = false
            return [try VBNet($0, configuration)($1, $2)]
        },
        ArchitectureCase("unet2d", [[1, 1, 37, 50], [2, 1, 16, 16]]) {
            [try UNet2D($0, channels: 1, classes: 2, width: 2)($1, $2)]
        },
        ArchitectureCase("convnext", [[1, 3, 45, 70]]) {
            [try ConvNeXtTiny($0, classes: 5, widths: [8, 8, 12, 12], depths: [1, 1, 2, 1])($1, $2)]
        },
    ]

    /// Full sizes; three inputs of each network, of odd sizes where the network takes them.
    static let large = [
        vit("vit3d-a", image: [128, 128, 128], patch: [16, 16, 16], [1024, 6, 8, 64, 2048], .depthFirst),
        vit("vit3d-b", image: [48, 80, 64], patch: [16, 16, 16], [96, 3, 8, 64, 192], .depthLast),
        vit("vit3d-c", image: [21, 30, 35], patch: [7, 6, 5], [50, 2, 8, 64, 100], .depthFirst),
        ArchitectureCase("plain-unet", unetInputs) {
            [try PlainConvUNet($0, .isotropic(stages: 6, classes: 3))($1, $2)]
        },
        ArchitectureCase("residual-unet", unetInputs) {
            let plain = UNetPlan.isotropic(stages: 6, classes: 3)
            let stages = zip(plain.stages, [1, 3, 4, 6, 6, 6]).map {
                UNetPlan.Stage(features: $0.features, kernel: $0.kernel, stride: $0.stride, blocks: $1)
            }
            let plan = UNetPlan(channels: 1, classes: 3, stages: stages, decoderBlocks: 1)
            return [try ResidualEncoderUNet($0, plan)($1, $2)]
        },
        resNet("resnet3d-10", .init(depth: .ten), resNetInputs),
        resNet("resnet3d-18", .init(depth: .eighteen, isDilated: true), resNetInputs),
        resNet("resnet3d-34", .init(depth: .thirtyFour, projects: false), resNetInputs),
        resNet("resnet3d-50", .init(depth: .fifty), resNetInputs),
        ArchitectureCase("vbnet", [[1, 1, 48, 48, 48], [1, 1, 16, 32, 64], [1, 1, 80, 16, 48]]) {
            [try VBNet($0, VBNet.Configuration(classes: 2))($1, $2)]
        },
        ArchitectureCase("unet2d", [[1, 1, 96, 96], [1, 1, 101, 67], [2, 1, 33, 158]]) {
            [try UNet2D($0, channels: 1, classes: 2)($1, $2)]
        },
        ArchitectureCase("convnext", [[1, 3, 96, 96], [1, 3, 101, 67], [2, 3, 33, 158]]) {
            [try ConvNeXtTiny($0, classes: 5)($1, $2)]
        },
    ]

    private static let unetInputs = [[1, 1, 64, 64, 64], [1, 1, 32, 64, 96], [1, 1, 64, 96, 32]]
    private static let resNetInputs = [[1, 1, 48, 48, 48], [1, 1, 33, 47, 61], [1, 1, 17, 50, 29]]

    private static func resNet(
        _ name: String, _ configuration: ResNet3D.Configuration, _ inputs: [[Int]]
    ) -> ArchitectureCase {
        ArchitectureCase(name, inputs) { [try ResNet3D($0, configuration).embedding(of: $1, $2)] }
    }

    /// - Parameter sizes: features, layers, heads, features of a head, hidden features.
    private static func vit(
        _ name: String, image: [Int], patch: [Int], _ sizes: [Int], _ order: ViT3D.Configuration.PatchOrder,
        batch: Int = 1
    ) -> ArchitectureCase {
        ArchitectureCase(name, [[batch, 1] + image]) {
            var configuration = ViT3D.Configuration(image: image, patch: patch, classes: 3)
            configuration.features = sizes[0]
            configuration.layers = sizes[1]
            configuration.heads = sizes[2]
            configuration.headWidth = sizes[3]
            configuration.hidden = sizes[4]
            configuration.patchOrder = order
            let network = try ViT3D($0, configuration)
            return [try network($1, $2), try network.embedding(of: $1, $2)]
        }
    }
}
