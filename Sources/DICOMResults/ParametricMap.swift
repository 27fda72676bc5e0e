// The risk volume as a DICOM parametric map of 32-bit floats (PS3.3 A.75).
import Imaging
import ImagingIO

/// Writes the box of the volume that is not 0, a frame for each of its slices that is not; its pixels are the volume's voxels.
struct ParametricMap {
    private let volume: RiskVolume
    private let grid: FrameGrid
    private let content: ResultContent

    /// - Returns: nil where nothing was simulated.
    init?(_ volume: RiskVolume, of content: ResultContent) {
        guard let box = volume.box else { return nil }
        self.volume = volume
        self.content = content
        grid = FrameGrid(content.source, volume.geometry, box: box)
    }

    var file: [UInt8] {
        let kind = ResultKind.riskMap
        var data = kind.dataSet(of: content.source, content.identity)
        describe(&data)
        var pixels: [UInt8] = []
        var slices: [Int] = []
        for z in 0..<grid.box.size.z {
            let values = volume.values(in: grid.box, z: z)
            guard values.contains(where: { $0 != 0 }) else { continue }
            slices.append(z)
            values.withUnsafeBytes { pixels += $0 }
        }
        grid.describe(&data, slices: slices)
        FrameDimension.add([.position], content.identity.uid(kind.name + "/dimensions"), to: &data)
        data.add(.sharedGroups, items: [.item(addShared)])
        data.add(
            .perFrameGroups,
            items: slices.enumerated().map { rank, z in
                .item { grid.addFrame(z, Self.derivation, indices: [rank + 1], to: &$0) }
            })
        data.add(.numberOfFrames, .IS, String(slices.count))
        data.add(.floatPixelData, .OF, pixels)
        return data.file
    }

    /// CID 7203: a share of simulations is none of the calculations that it lists.
    private static let derivation = CodedConcept("112187", "DCM", "Unspecified method of calculation")
    private static let type = "DERIVED\\PRIMARY\\VOLUME\\QUANTITY"

    /// Parametric Map Image and Floating Point Image Pixel (PS3.3 C.8.32.2, C.7.6.24).
    private func describe(_ data: inout DICOMDataSet) {
        data.add(.imageType, .CS, Self.type)
        data.add(.pixelPresentation, .CS, "MONOCHROME")
        data.add(.contentQualification, .CS, "RESEARCH")
        data.add(.contentLabel, .CS, ResultKind.riskMap.contentLabel)
        data.add(.contentDescription, .LO, ResultKind.riskMap.contentDescription)
        data.add(.contentCreator, .PN, "")
        data.add(.acquisitionContext, items: [])
        data.add(.burnedInAnnotation, .CS, "NO")
        data.add(.recognizableVisualFeatures, .CS, "NO")
        data.add(.lossyCompression, .CS, "00")
        data.add(.presentationLUTShape, .CS, "IDENTITY")
        data.add(.samplesPerPixel, word: 1)
        data.add(.photometricInterpretation, .CS, "MONOCHROME2")
        data.add(.bitsAllocated, word: 32)
        // A range of one value: dciodvfy asks for both.
        data.add(.floatPixelPadding, float: volume.padding)
        data.add(.floatPixelPaddingLimit, float: volume.padding)
    }

    private func addShared(to groups: inout DICOMDataSet) {
        grid.addShared(to: &groups)
        groups.add(
            .frameVOILUT,
            items: [
                .item {
                    $0.add(.windowCenter, .DS, numbers: [0.5])
                    $0.add(.windowWidth, .DS, numbers: [1])
                }
            ])
        // The values are what they mean: no rescaling (PS3.3 C.7.6.16.2.9b).
        groups.add(
            .pixelValueTransformation,
            items: [
                .item {
                    $0.add(.rescaleIntercept, .DS, numbers: [0])
                    $0.add(.rescaleSlope, .DS, numbers: [1])
                    $0.add(.rescaleType, .LO, "US")
                }
            ])
        groups.add(.parametricMapFrameType, items: [.item { $0.add(.frameType, .CS, Self.type) }])
        groups.add(.realWorldValueMapping, items: [.item(Self.addMapping)])
    }

    /// Real World Value Mapping (PS3.3 C.7.6.16.2.11): from 0 to 1, without unit.
    private static func addMapping(to mapping: inout DICOMDataSet) {
        mapping.add(.lutExplanation, .LO, "Share of simulated injections that reach the voxel")
        mapping.add(.lutLabel, .SH, "SIMULATED CEMENT")
        if let unit = CodedConcept.unit("1") { mapping.add(.measurementUnits, code: unit) }
        mapping.add(.doubleRealWorldFirst, double: 0)
        mapping.add(.doubleRealWorldLast, double: 1)
        mapping.add(.realWorldIntercept, double: 0)
        mapping.add(.realWorldSlope, double: 1)
        mapping.add(
            .quantityDefinition,
            items: [
                .item {
                    $0.add(.valueType, .CS, "CODE")
                    $0.add(.conceptName, code: CodedConcept("246205007", "SCT", "Quantity"))
                    $0.add(
                        .conceptCode,
                        code: .own("simulatedCement", "Simulated probability of cement, not patients"))
                }
            ])
    }
}
