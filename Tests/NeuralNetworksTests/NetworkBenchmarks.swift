// Rows of Benchmarks/networks/run. Not run without its weights.
import CKernels
import Foundation
import NeuralNetworks
import Testing

private let environment = ProcessInfo.processInfo.environment

@Suite(.enabled(if: environment["OSTEON_BENCHMARK_WEIGHTS"] != nil, "Benchmarks/networks/run makes the weights"))
struct NetworkBenchmarks {
    private let folder = URL(fileURLWithPath: environment["OSTEON_BENCHMARK_WEIGHTS"] ?? "")
    private let task = environment["OSTEON_BENCHMARK_TASK"] ?? ""
    private let threads = environment["OSTEON_BENCHMARK_THREADS"].flatMap(Int.init) ?? 1

    @Test func `time of one task`() throws {
        guard task != "kernel" else { return try kernelAlone() }
        let weights = try Weights(mapping: folder.appendingPathComponent("\(task).safetensors"))
        let gflop = try #require(
            Double(String(contentsOf: folder.appendingPathComponent("\(task).gflop"), encoding: .utf8)))
        let execution = Execution(threads: threads, kernels: try Kernels.best())
        let run: () throws -> Tensor
        switch task {
        case "conv":
            let layer = try Convolution(weights, 32, 32, ConvolutionShape(kernel: [3, 3, 3]))
            let image = picture([1, 32, 96, 96, 96])
            run = { try layer(image, execution) }
        case "vit":
            let network = try ViT3D(weights, .paper004(classes: 3, patchOrder: .depthFirst))
            let image = picture([1, 1, 128, 128, 128])
            run = { try network(image, execution) }
        default:
            let network = try PlainConvUNet(weights, .isotropic(stages: 6, classes: 3))
            let image = picture([1, 1, 128, 128, 128])
            run = { try network(image, execution) }
        }
        report(gflop: gflop, execution.kernels, task: task, repeats: task == "unet" ? 2 : 7) { _ = try? run() }
    }

    /// The inner loop on data that stay in the cache: what any convolution can reach at most.
    private func kernelAlone() throws {
        guard threads == 1 else { return }
        for kernels in Kernels.available {
            let table = try #require(ckernels_set(kernels.name))
            let input = [Float](repeating: 0.5, count: 4096 + Int(CKERNELS_SLACK))
            let weights = [Float](repeating: 0.25, count: 864 * 4)
            let offsets = (0..<864).map { Int32($0 % 27 * 8) }
            var out = [Float](repeating: 0, count: 4 * 1024)
            report(gflop: 2e-9 * 864 * 4 * 960 * 100, kernels, task: "inner loop", repeats: 7) {
                for _ in 0..<100 {
                    table.pointee.products(input, offsets, 864, weights, 4, 1, 4, &out, 1024, 960, nil)
                }
            }
        }
    }

    private func report(gflop: Double, _ kernels: Kernels, task: String, repeats: Int, _ run: () -> Void) {
        var (cpu, clock): ([Double], [Double]) = ([], [])
        for _ in 0..<repeats {
            let (startCPU, start) = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
            run()
            cpu.append(seconds(CLOCK_PROCESS_CPUTIME_ID) - startCPU)
            clock.append(seconds(CLOCK_MONOTONIC) - start)
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let times = [cpu, clock].map { $0.map { String(format: "%.4f", $0) }.joined(separator: " ") }
        let gflop = String(format: "%.2f", gflop)
        print(
            "row|Osteon \(kernels.name)|\(task)|\(threads)|\(gflop)|\(usage.ru_maxrss / 1024)|\(times[0])|\(times[1])")
    }

    private func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
