// The real lumbar scan and what a reference model made of it.
import Domain
import Foundation
import Imaging
import ImagingIO
import ReferenceData

/// The 3 mm lumbar CT of the test data: its labels are another model's output, so overlap is agreement, not accuracy.
struct LumbarScan {
    private static let folder = ReferenceData.url("ct/lumbar-3mm")
    static let isPresent = ReferenceData.has("ct/lumbar-3mm/ct.nii.gz")

    let volume: Volume
    /// Whole vertebrae and bodies, relabelled to `VertebralLevel.labelValue`.
    let whole: LabelMap
    let bodies: LabelMap
    /// The values of the reference's whole vertebrae.
    static let values: [VertebralLevel: UInt16] = [.L1: 31, .L2: 30, .L3: 29, .L4: 28, .L5: 27]

    init() throws {
        volume = try StudyFile.readVolume(Self.folder.appendingPathComponent("ct.nii.gz")).volume
        let labels = try StudyFile.readVolume(Self.folder.appendingPathComponent("labels-totalseg.nii.gz")).volume
        let discs = try StudyFile.readVolume(Self.folder.appendingPathComponent("labels-body-disc.nii.gz")).volume
        let levels = Dictionary(uniqueKeysWithValues: Self.values.map { (Float($0.value), $0.key.labelValue) })
        whole = LabelMap(geometry: volume.geometry, labels: labels.voxels.map { levels[$0] ?? 0 })
        var bodies = whole
        for i in bodies.labels.indices where discs.voxels[i] != 1 { bodies.labels[i] = 0 }
        self.bodies = bodies
    }
}
