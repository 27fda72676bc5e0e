// The tables of docs/cortex.md, measured: `Benchmarks/cortex/run` prints them.
import Agreement
import Domain
import Foundation
import Imaging
import Phantoms
import Testing

@testable import Morphometry

private let environment = ProcessInfo.processInfo.environment
private let isFull = environment["OSTEON_ACCEPTANCE"] == "full"
private let firstSeed = environment["OSTEON_CORTEX_SEED"].flatMap(UInt64.init) ?? 50_032
private let count = environment["OSTEON_CORTEX_PHANTOMS"].flatMap(UInt64.init) ?? 200

/// Seeds here were not used for tuning; the detector was tuned on seeds 19968–20255 and 31000–33023 (docs/cortex.md).
@Suite(.serialized, .enabled(if: isFull, "OSTEON_ACCEPTANCE=full prints the tables; minutes of one core"))
struct CortexBenchmarks {
    @Test func `gaps on random phantoms`() throws {
        let start = ProcessInfo.processInfo.systemUptime
        var trials: [(trial: ShellTrial, outcome: ShellTrial.Outcome)] = []
        for seed in firstSeed..<firstSeed + count {
            let trial = ShellTrial(seed: seed)
            trials.append((trial, try #require(try trial.run())))
        }
        func tally(_ name: String, _ isIn: (ShellTrial) -> Bool) -> ShellTally {
            ShellTally(name, trials.filter { isIn($0.trial) }.map(\.outcome))
        }
        for method in ShellTally.Method.allCases {
            row(["\(method.rawValue): pixel, slice mm", "phantoms", "cm2", "alarms per 60 cm2"] + ShellTally.headers)
            for cell in ShellTrial.cells { row(tally("\(cell)") { $0.cell == cell }.columns(method)) }
            for texture in [PhantomRecipe.ShellTexture.plain, .strong] {
                row(tally("fine cells, \(texture)") { $0.isFine && $0.texture == texture }.columns(method))
            }
            row(tally("fine cells") { $0.isFine }.columns(method))
        }
        let fine = trials.filter { $0.trial.isFine }
        for (name, range) in [("noise 10–25 HU", 10.0..<25), ("noise 25–40 HU", 25..<41)] {
            row(
                ShellTally(name, fine.filter { range.contains($0.trial.recipe.noiseSDHU) }.map(\.outcome)).columns(.fit)
            )
        }
        for (name, range) in [("shell 0.25–0.42 mm", 0.25..<0.42), ("shell 0.42–0.6 mm", 0.42..<0.61)] {
            row(
                ShellTally(name, fine.filter { range.contains($0.trial.recipe.cortexThicknessMM) }.map(\.outcome))
                    .columns(.fit))
        }
        for isEndplate in [false, true] {
            row(
                ShellTally(isEndplate ? "endplates" : "side walls", fine.map(\.outcome)) { $0.isEndplate == isEndplate }
                    .columns(.fit))
        }
        print("| \(Int(ProcessInfo.processInfo.systemUptime - start)) s |")
        let goal = tally("goal") { $0.isFine }
        #expect(goal.sensitivity(.fit, widthMM: 1) >= 0.95)
        #expect(goal.alarmsPer60(.fit) <= 0.2)
        #expect(goal.sensitivity(.fit, widthMM: 2) >= 0.95)
    }

    @Test func `gaps on 60 phantoms as uneven as real thoracic bodies`() throws {
        var trials: [(trial: ShellTrial, outcome: ShellTrial.Outcome)] = []
        for seed in UInt64(51_000)..<51_060 {
            let trial = ShellTrial(seed: seed, texture: .uneven)
            trials.append((trial, try #require(try trial.run())))
        }
        func tally(_ name: String, _ isIn: (ShellTrial) -> Bool) -> ShellTally {
            ShellTally(name, trials.filter { isIn($0.trial) }.map(\.outcome))
        }
        row(["uneven: pixel, slice mm", "phantoms", "cm2", "alarms per 60 cm2"] + ShellTally.headers)
        for cell in ShellTrial.cells { row(tally("\(cell)") { $0.cell == cell }.columns(.fit)) }
        let goal = tally("all cells") { _ in true }
        row(goal.columns(.fit))
        withKnownIssue("docs/cortex.md: 0.47 alarms per 60 cm2 on a shell as uneven as real thoracic ones") {
            #expect(goal.alarmsPer60(.fit) <= 0.2)
        }
        #expect(goal.sensitivity(.fit, widthMM: 2) >= 0.85)
    }

    @Test func `what thick slices lose`() throws {
        row(
            ["slice mm", "phantoms", "cm2", "alarms per 60 cm2"] + ShellTally.headers
                + ["mass of walls over truth", "of endplates"])
        for slice in [2.0, 3.0] {
            var outcomes: [ShellTrial.Outcome] = []
            var ratios: [Bool: [Double]] = [:]
            for seed in stride(from: UInt64(42_000), to: 42_048, by: 4) {
                let trial = ShellTrial(seed: seed, cell: ShellTrial.Cell(pixelMM: 0.5, sliceMM: slice))
                let outcome = try #require(try trial.run())
                outcomes.append(outcome)
                for (wall, ratio) in trial.massRatios(outcome.map.walls) {
                    ratios[wall.isEndplate, default: []].append(ratio)
                }
            }
            let masses = [false, true].map { isEndplate -> String in
                let (bias, deviation) = Self.agreement(ratios[isEndplate] ?? [], 0)
                return String(format: "%.2f ± %.2f", bias, deviation)
            }
            row(ShellTally("\(slice)", outcomes).columns(.fit) + masses)
        }
    }

    @Test func `thickness against truth`() throws {
        let seeds: [UInt64] = [43_000, 43_001]
        row(["mm", "place", "method"] + ThicknessTrial.thicknessesMM.map { "t \($0)" })
        let methods: [(String, ThicknessTrial.Method)] = [
            ("fit", .fit(layerHU: 1200)), ("fit, blur known", .fitKnownBlur),
            ("fit, shell taken for 960 HU", .fit(layerHU: 960)), ("fit, shell taken for 1440 HU", .fit(layerHU: 1440)),
            ("half height", .halfHeight), ("above 400 HU", .fixedThreshold),
        ]
        for (pixel, slice) in [(0.5, 0.6), (0.5, 1.0), (0.5, 1.5), (1.0, 1.0)] {
            let cell = ShellTrial.Cell(pixelMM: pixel, sliceMM: slice)
            for place in ThicknessTrial.Place.allCases {
                var cells: [ThicknessTrial.Method: [String]] = [:]
                for truth in ThicknessTrial.thicknessesMM {
                    var values: [ThicknessTrial.Method: [Double]] = [:]
                    for seed in seeds {
                        let trial = ThicknessTrial(place: place, truthMM: truth, cell: cell, seed: seed)
                        values.merge(try trial.run(layersHU: [960, 1200, 1440]), uniquingKeysWith: +)
                    }
                    for (_, method) in methods {
                        let (bias, deviation) = Self.agreement(values[method] ?? [], truth)
                        cells[method, default: []].append(String(format: "%+.2f ± %.2f", bias, deviation))
                        guard method == .fitKnownBlur else { continue }
                        #expect(abs(bias) <= 0.1, "\(cell) \(place.rawValue) \(truth)")
                        guard slice <= 1 else { continue }
                        #expect(deviation <= 0.12, "\(cell) \(place.rawValue) \(truth)")
                    }
                }
                for (name, method) in methods { row(["\(cell)", place.rawValue, name] + (cells[method] ?? [])) }
            }
        }
    }

    /// Mean and standard deviation of the differences from the truth.
    static func agreement(_ values: [Double], _ truth: Double) -> (bias: Double, deviation: Double) {
        let count = Double(max(values.count, 2))
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean - truth, (squares / (count - 1)).squareRoot())
    }
}

extension ShellTrial {
    /// Pixels and slices for which a width of 1 mm is claimed.
    var isFine: Bool { cell.pixelMM <= 0.5 && cell.sliceMM <= 1 }
}

/// Counts over some phantoms.
struct ShellTally {
    enum Method: String, CaseIterable {
        case fit = "mass fit"
        case below250 = "peak below 250 HU"
        case below300 = "peak below 300 HU"
    }

    static let headers = ShellTrial.widthsMM.map { "\($0) mm" }

    private let name: String
    private let outcomes: [ShellTrial.Outcome]
    private let isCounted: ((BodyWall) -> Bool)?

    /// - Parameter isCounted: restricts the planted gaps to some walls; alarms are then not told.
    init(_ name: String, _ outcomes: [ShellTrial.Outcome], isCounted: ((BodyWall) -> Bool)? = nil) {
        self.name = name
        self.outcomes = outcomes
        self.isCounted = isCounted
    }

    private func scores(_ method: Method) -> [ShellTrial.Score] {
        outcomes.map { outcome in
            switch method {
            case .fit: outcome.cortex
            case .below250: outcome.naive[0]
            case .below300: outcome.naive[1]
            }
        }
    }

    private func counts(_ method: Method, widthMM: Double) -> (found: Int, planted: Int) {
        let gaps = scores(method).flatMap(\.planted).filter { $0.widthMM == widthMM && isCounted?($0.wall) ?? true }
        return (gaps.filter(\.isFound).count, gaps.count)
    }

    func sensitivity(_ method: Method, widthMM: Double) -> Double {
        let (found, planted) = counts(method, widthMM: widthMM)
        return Double(found) / Double(max(planted, 1))
    }

    func alarmsPer60(_ method: Method) -> Double {
        Double(scores(method).reduce(0) { $0 + $1.falseAlarms }) / outcomes.reduce(0) { $0 + $1.readableMM2 } * 6000
    }

    /// Name, phantoms, readable area, false alarms, and found/planted with its exact 95 % interval for each width.
    func columns(_ method: Method) -> [String] {
        let area = outcomes.reduce(0) { $0 + $1.readableMM2 } / 100
        let alarms = scores(method).reduce(0) { $0 + $1.falseAlarms }
        let rate = isCounted == nil ? String(format: "%.2f (%d)", alarmsPer60(method), alarms) : "–"
        return [name, "\(outcomes.count)", "\(Int(area))", rate]
            + ShellTrial.widthsMM.map { width in
                let (found, planted) = counts(method, widthMM: width)
                guard let estimate = try? ProportionInterval.clopperPearson.estimate(successes: found, trials: planted)
                else { return "–" }
                return String(
                    format: "%d/%d (%.2f–%.2f)", found, planted, estimate.interval?.lower ?? 0,
                    estimate.interval?.upper ?? 1)
            }
    }
}

private func row(_ columns: [String]) { print("| " + columns.joined(separator: " | ") + " |") }
