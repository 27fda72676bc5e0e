// Radiomics of all vertebral bodies in one pass over the scan.
import Domain
import Imaging
import Radiomics

/// Extracts the features of a scan's vertebral bodies.
struct RadiomicsStage {
    let request: RadiomicsRequest
    let input: AnalysisInput

    /// - Parameters:
    ///   - volume: the scan, denoised or not; normalisation sees the whole of it.
    ///   - bodies: of the vertebrae, on the scan's grid, by `VertebralLevel.labelValue`.
    ///   - progress: is told the share that is done.
    /// - Returns: for each vertebra the features of its body, or why it has none.
    /// - Throws: `FaultRecord` once cancelled.
    func run(
        _ volume: Volume, _ bodies: LabelMap, _ vertebrae: [Vertebra], _ progress: (Double) -> Void
    ) throws -> [BodyRadiomics.Finding] {
        guard !vertebrae.isEmpty else { return [] }
        let scan = StoredVolume(
            Volume(geometry: input.storedGeometry, voxels: volume.voxels), as: input.storedType)
        let mask = LabelMap(geometry: input.storedGeometry, labels: bodies.labels)
        do {
            return zip(vertebrae, try extract(scan, mask, vertebrae, progress)).map { vertebra, found in
                .measured(found, RadiomicsSection(vertebra, found))
            }
        } catch is RadiomicsError where vertebrae.count > 1 {
            // One body that is too small, say, shall not take the others' features with it.
            return try vertebrae.map { vertebra in
                do {
                    let found = try extract(scan, mask, [vertebra], progress)[0]
                    return .measured(found, RadiomicsSection(vertebra, found))
                } catch let error as RadiomicsError {
                    return .omitted(Omission(item: RadiomicsRequest.setting, reason: error.detail))
                }
            }
        } catch let error as RadiomicsError {
            return [.omitted(Omission(item: RadiomicsRequest.setting, reason: error.detail))]
        }
    }

    private func extract(
        _ scan: StoredVolume, _ mask: LabelMap, _ vertebrae: [Vertebra], _ progress: (Double) -> Void
    ) throws -> [LabelFeatures] {
        try request.configuration.extract(
            image: scan, mask: mask, labels: vertebrae.map { Int($0.level.labelValue) }, threads: input.threads,
            progress: { progress($0.fraction) }, cancellation: input.cancellation)
    }
}

extension RadiomicsSection {
    init(_ vertebra: Vertebra, _ found: LabelFeatures) {
        let body = vertebra.parts.mask(of: Vertebra.Part.body.rawValue)
        self.init(
            region: "vertebral body", label: found.label, voxelCount: body.count,
            componentCount: body.components(.twentySix).sizes.count,
            boundingBox: vertebra.bodyBox?.list ?? [],
            featureCount: found.features.count, undefinedCount: found.features.count { $0.value == nil })
    }
}
