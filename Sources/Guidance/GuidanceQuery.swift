// What an operator's device asks: where the needle is, and how much cement is in.
import Domain

/// A reading of a running injection.
package struct GuidanceQuery: Codable, Sendable, Hashable {
    /// One or two. All the cement so far and all that follows goes through them by their shares.
    package var needles: [Needle]
    /// Cement injected so far, through all needles together, mL.
    package var volumeSoFarML: Double
    package var thresholds: Thresholds

    package init(needles: [Needle], volumeSoFarML: Double, thresholds: Thresholds = Thresholds()) {
        self.needles = needles
        self.volumeSoFarML = volumeSoFarML
        self.thresholds = thresholds
    }

    /// Where a needle is.
    package struct Needle: Codable, Sendable, Hashable {
        /// Its tip, LPS millimetres.
        package var tipLPSMM: SIMD3<Double>
        /// Its part of the cement, 0…1; all shares sum to 1.
        package var share: Double

        package init(tipLPSMM: SIMD3<Double>, share: Double) {
            self.tipLPSMM = tipLPSMM
            self.share = share
        }
    }

    /// When to warn. Every default is our choice: no published threshold was found.
    package struct Thresholds: Codable, Sendable, Hashable {
        /// The volume looked ahead, mL.
        package var lookAheadML = 0.5
        /// Simulated risk of a first leak within it from which the answer says caution, 0…1.
        package var caution = 0.05
        /// … and from which it says stop.
        package var stop = 0.1

        package init(lookAheadML: Double = 0.5, caution: Double = 0.05, stop: Double = 0.1) {
            self.lookAheadML = lookAheadML
            self.caution = caution
            self.stop = stop
        }
    }
}

extension GuidanceTable {
    /// A tip this far outside the stored cells still counts as inside: their edges are steps (our choice).
    private var toleranceMM: Double { outline.cellMM / 2 }

    /// - Throws: `GuidanceError`.
    package func check(_ query: GuidanceQuery) throws(GuidanceError) {
        guard (1...2).contains(query.needles.count) else { throw .needleCount(query.needles.count) }
        for (n, needle) in query.needles.enumerated() {
            let tip = needle.tipLPSMM
            guard tip.x.isFinite, tip.y.isFinite, tip.z.isFinite else { throw .notFinite("needles[\(n)].tipLPSMM") }
            let distance = outline.distanceMM(fromLocal: frame.local(tip))
            guard distance <= toleranceMM else {
                throw .needleOutside(needle: n, level: level, distanceMM: distance)
            }
        }
        let shares = query.needles.map(\.share)
        guard shares.allSatisfy({ $0 > 0 && $0 <= 1 }), abs(shares.reduce(0, +) - 1) < 1e-6 else {
            throw .shares(shares)
        }
        let body = outline.volumeML
        guard query.volumeSoFarML >= 0, query.volumeSoFarML <= body else {
            throw .volume(query.volumeSoFarML, level: level, bodyML: body)
        }
        let thresholds = query.thresholds
        guard thresholds.lookAheadML > 0, thresholds.lookAheadML <= 10 else {
            throw .threshold("lookAheadML", thresholds.lookAheadML, "above 0 and at most 10 mL")
        }
        guard thresholds.caution > 0, thresholds.caution < 1 else {
            throw .threshold("caution", thresholds.caution, "above 0 and below 1")
        }
        guard thresholds.stop >= thresholds.caution, thresholds.stop < 1 else {
            throw .threshold("stop", thresholds.stop, "at least caution and below 1")
        }
    }
}
