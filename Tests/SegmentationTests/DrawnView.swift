// Views drawn by hand, as the outlining network would see a vertebra.
import Imaging

@testable import Segmentation

extension VertebraView {
    /// What lies at each place, told from the view's centre in millimetres, is there for sure.
    static func drawn(round centre: PointMM, _ structure: (SIMD3<Double>) -> Structure) -> VertebraView {
        let geometry = VertebraOutliner.geometry(round: centre)
        let size = geometry.size
        var likely = Array(repeating: [Float](repeating: 0, count: size.count), count: Structure.allCases.count)
        for i in 0..<size.count {
            let place = geometry.point(at: Index3(x: i % size.x, y: i / size.x % size.y, z: i / (size.x * size.y)))
            likely[structure(place - centre).rawValue][i] = 1
        }
        return VertebraView(geometry: geometry, probabilities: likely)
    }
}
