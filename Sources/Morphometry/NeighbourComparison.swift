// What a vertebra's measures mean beside its neighbours': canal and regional angle.
import Domain
import Foundation
import Imaging

/// A level held against the levels directly above and below it.
package struct NeighbourComparison: Sendable, Hashable {
    /// Loss of the canal's sagittal depth (`PosteriorWall.canalCompromise`), 0…1.
    package var canalCompromise: Double?
    /// Angle between the upper endplate of the level above and the lower endplate of the level below, degrees, kyphosis positive; the level's
    /// own endplate where one neighbour is missing. Nil without neighbours.
    package var regionalCobbDegrees: Double?
    /// The levels whose endplates were taken, cranial first.
    package var regionalCobbLevels: [VertebralLevel]

    package static let regionalCobbDefinition = """
        upper endplate of the level above to lower endplate of the level below (own endplate where a neighbour is missing), seen \
        from the side; kyphosis positive
        """

    /// Holds each vertebra against its neighbours.
    ///
    /// - Parameters:
    ///   - measured: the measures of all vertebrae of a scan, in any order.
    ///   - vertebrae: the same vertebrae, in the same order.
    /// - Returns: the measures with `neighbours` filled in.
    package static func added(
        to measured: [VertebraMorphometry], _ vertebrae: [Vertebra]
    ) -> [VertebraMorphometry] {
        zip(measured, assess(measured, vertebrae)).map { one, comparison in
            var one = one
            one.neighbours = comparison
            return one
        }
    }

    /// One comparison for each vertebra, in the order given.
    static func assess(_ measured: [VertebraMorphometry], _ vertebrae: [Vertebra]) -> [NeighbourComparison] {
        let places = Dictionary(
            zip(measured.map(\.level), measured.indices), uniquingKeysWith: { first, _ in first })
        return measured.indices.map { own in
            let label = measured[own].level.labelValue
            func neighbour(_ value: UInt16?) -> Int? {
                value.flatMap { VertebralLevel(labelValue: $0) }.flatMap { places[$0] }
            }
            let above = neighbour(label > 0 ? label - 1 : nil)
            let below = neighbour(label + 1)
            let walls = [above, below].compactMap { $0.flatMap { measured[$0].posteriorWall } }
            var comparison = NeighbourComparison(
                canalCompromise: measured[own].posteriorWall?.canalCompromise(neighbours: walls), regionalCobbLevels: []
            )
            guard above != nil || below != nil else { return comparison }
            let (top, bottom) = (above ?? own, below ?? own)
            guard let upper = measured[top].superiorTiltDegrees, let lower = measured[bottom].inferiorTiltDegrees else {
                return comparison
            }
            comparison.regionalCobbDegrees =
                forwardLean(vertebrae[top].frame, tiltDegrees: upper)
                - forwardLean(vertebrae[bottom].frame, tiltDegrees: lower)
            comparison.regionalCobbLevels = [measured[top].level, measured[bottom].level]
            return comparison
        }
    }

    /// How far an endplate's upward normal leans forwards in the patient's sagittal plane, degrees.
    private static func forwardLean(_ frame: VertebralFrame, tiltDegrees: Double) -> Double {
        let tilt = tiltDegrees * .pi / 180
        let normal = cos(tilt) * frame.z + sin(tilt) * frame.y
        return atan2(-normal.y, normal.z) * 180 / .pi
    }
}
