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
    ///   - bodies: on the scan's grid, by `VertebralLevel.labelValue`.
    ///   - progress: is told the share that is done.
    /// - Returns: for each level its features, or why it has none.
    /// - Throws: `FaultRecord` once cancelled.
    func run(
        _ volume: Volume, _ bodies: LabelMap, _ levels: [VertebralLevel], _ progress: (Double) -> Void
    ) throws -> [BodyRadiomics.Finding] {
        let scan = StoredVolume(
            Volume(geometry: input.storedGeometry, voxels: volume.voxels), as: input.storedType)
        let mask = LabelMap(geometry: input.storedGeometry, labels: bodies.labels)
        do {
            return try extract(scan, mask, levels, progress).map { .measured($0) }
        } catch is RadiomicsError where levels.count > 1 {
            // One body that is too small, say, shall not take the others' features with it.
            return try levels.map { level in
                do {
                    return .measured(try extract(scan, mask, [level], progress)[0])
                } catch let error as RadiomicsError {
                    return .omitted(Omission(item: RadiomicsRequest.setting, reason: error.detail))
                }
            }
        } catch let error as RadiomicsError {
            return [.omitted(Omission(item: RadiomicsRequest.setting, reason: error.detail))]
        }
    }

    private func extract(
        _ scan: StoredVolume, _ mask: LabelMap, _ levels: [VertebralLevel], _ progress: (Double) -> Void
    ) throws -> [LabelFeatures] {
        var settings = request.file.settings
        settings.additionalInfo = true  // the report names the regions, whatever the table holds
        return try RadiomicsExtractor.extract(
            image: scan, mask: mask, labels: levels.map { Int($0.labelValue) }, settings: settings,
            threads: input.threads, progress: { progress($0.fraction) }, cancellation: input.cancellation)
    }
}
