// How well two label maps agree.
import Imaging

/// Dice's coefficient of one label in two maps of the same grid: 1 for equal, 0 for disjoint.
func dice(_ a: LabelMap, _ b: LabelMap, label: UInt16) -> Double {
    let (one, other) = (a.mask(of: label), b.mask(of: label))
    let sum = one.count + other.count
    return sum > 0 ? 2 * Double(one.intersection(other).count) / Double(sum) : 0
}

/// The mean position of a label's voxels, LPS millimetres.
func centroid(of label: UInt16, in map: LabelMap) -> PointMM? { map.mask(of: label).centroidMM }
