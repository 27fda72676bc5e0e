// Every feature against PyRadiomics on a phantom that is made from a formula.
import Imaging
import Testing

@testable import Radiomics

/// The image and mask that the head of `Golden/pyradiomics.csv` describes.
func analyticPhantom() -> (Volume, VoxelMask) {
    let geometry = Geometry(
        size: Index3(x: 18, y: 16, z: 14), spacingMM: [0.8, 0.8, 1.25], originMM: [-10, 4, 100])
    var volume = Volume(geometry: geometry, filledWith: 0)
    var mask = VoxelMask(geometry: geometry)
    for z in 0..<14 {
        for y in 0..<16 {
            for x in 0..<18 {
                let mixed = (37 * x + 91 * y + 53 * z + 7 * x * y + 11 * y * z) % 401 / 3
                volume[x, y, z] = Float(mixed + 12 * x - 9 * y + 15 * z - 120)
                let (dx, dy, dz) = (2 * x - 17, 2 * y - 15, 2 * z - 13)
                let isInEllipsoid = 9 * dx * dx + 11 * dy * dy + 16 * dz * dz < 2300
                mask[x, y, z] = isInEllipsoid && (x * y + z) % 11 != 0
            }
        }
    }
    return (volume, mask)
}

@Suite struct AnalyticPhantomTests {
    @Test func `features on the scan's own grid equal PyRadiomics`() throws {
        let (volume, mask) = analyticPhantom()
        expectEqual(try RadiomicsExtractor.extract(volume, mask), try pyRadiomicsGolden("plain"), "plain")
    }

    @Test func `features after resampling to 1 mm equal PyRadiomics`() throws {
        let (volume, mask) = analyticPhantom()
        let settings = RadiomicsSettings(binWidth: 25, resampledSpacingMM: [1, 1, 1])
        expectEqual(
            try RadiomicsExtractor.extract(volume, mask, settings: settings), try pyRadiomicsGolden("resampled"),
            "resampled")
    }

    @Test func `whole numbers on the old voxels are truncated as PyRadiomics truncates them`() throws {
        // 3 mm to 1 mm: every 27th voxel lies on an old one, where the spline's last bit decides between n and n − 1.
        var (volume, mask) = analyticPhantom()
        volume.geometry.spacingMM = [3, 3, 3]
        volume.geometry.originMM = [177.95632934570312, -11.319000244140625, 94.3017578125]
        (volume.geometry.xAxis, volume.geometry.yAxis) = ([-1, 0, 0], [0, -1, 0])
        mask.geometry = volume.geometry
        let settings = RadiomicsSettings(binWidth: 25, resampledSpacingMM: [1, 1, 1])
        let features = try RadiomicsExtractor.extract(volume, mask, storedAs: .int32, settings: settings)
        expectEqual(features, try pyRadiomicsGolden("coarse"), "coarse")
    }

    @Test(arguments: [("slice-z", 0), ("slice-x", 2)])
    func `shape of one slice equals PyRadiomics`(_ name: String, _ dimension: Int) throws {
        let (volume, mask) = analyticPhantom()
        var slice = VoxelMask(geometry: mask.geometry)
        for i in mask.voxels.indices {
            slice.voxels[i] = mask.voxels[i] && (dimension == 0 ? i / 288 == 6 : i % 18 == 9)
        }
        let names = FeatureCatalog.features(of: .shape2D, deprecated: true).map { String($0.name.dropFirst(17)) }
        var settings = RadiomicsSettings(features: [FeatureSelection(.shape2D, names: names)])
        settings.shape2DDimension = dimension
        expectEqual(
            try RadiomicsExtractor.extract(volume, slice, settings: settings), try pyRadiomicsGolden(name), name,
            count: 10)
    }

    @Test func `shape of one slice has no value and a reason in more than one slice`() throws {
        let (volume, mask) = analyticPhantom()
        let settings = RadiomicsSettings(features: [FeatureSelection(.shape2D)])
        let features = try RadiomicsExtractor.extract(volume, mask, settings: settings)
        #expect(features.count == 9)
        #expect(features.allSatisfy { $0.value == nil && $0.reason?.contains("force2Ddimension") == true })
    }

    @Test func `deprecated features equal PyRadiomics when they are named`() throws {
        let (volume, mask) = analyticPhantom()
        let yaml = """
            featureClass:
              shape: [Compactness1, Compactness2, SphericalDisproportion]
              firstorder: [StandardDeviation]
              glcm: [Homogeneity1, Contrast]
            """
        expectEqual(
            try RadiomicsExtractor.extract(
                volume, mask, settings: try ParameterFile(yaml: yaml, name: "P.yaml").settings),
            try pyRadiomicsGolden("deprecated"), "deprecated", count: 5)
    }

    @Test(arguments: ["lbp-single", "lbp-normalised"])
    func `binary patterns of fractions equal PyRadiomics`(name: String) throws {
        var (volume, mask) = analyticPhantom()
        let isSingle = name == "lbp-single"
        for i in volume.voxels.indices {
            volume.voxels[i] = isSingle ? volume.voxels[i] / 3 : (volume.voxels[i] / 60).rounded(.down)
        }
        var settings = RadiomicsSettings(
            features: [FeatureSelection(.firstorder)], images: [ImageSettings(.localBinaryPattern3D)])
        settings.normalize = !isSingle
        let features = try RadiomicsExtractor.extract(
            volume, mask, storedAs: isSingle ? .float32 : .int16, settings: settings
        ).filter { !$0.name.hasPrefix("lbp-3D-m2") }
        expectEqual(features, try pyRadiomicsGolden(name), name, count: 36)
    }

    @Test func `bins of a broken width over single-precision values have PyRadiomics' edges`() throws {
        var (volume, mask) = analyticPhantom()
        for i in volume.voxels.indices { volume.voxels[i] /= 10 }
        var settings = RadiomicsSettings(binWidth: 0.3)
        settings.features = [.firstorder, .glszm, .gldm, .ngtdm].map { FeatureSelection($0) }
        let features = try RadiomicsExtractor.extract(volume, mask, storedAs: .float32, settings: settings)
        expectEqual(features, try pyRadiomicsGolden("single-width"), "single-width", count: 53)
    }

    @Test(arguments: [
        ("lbp2d-uniform", 1, "{}"), ("lbp2d-default", 10, "{lbp2DMethod: default, force2Ddimension: 1}"),
        ("lbp2d-ror", 25, "{lbp2DMethod: ror, lbp2DRadius: 1.5, lbp2DSamples: 12}"),
        ("lbp2d-var", 500, "{lbp2DMethod: var, lbp2DRadius: 2.0, force2Ddimension: 2}"),
    ])
    func `patterns within slices equal PyRadiomics`(_ name: String, _ binWidth: Int, _ filter: String) throws {
        let (volume, mask) = analyticPhantom()
        let yaml = """
            imageType: {LBP2D: \(filter)}
            featureClass: {firstorder: [Mean, Variance, Energy, Skewness, 90Percentile], glcm: [Contrast, JointEntropy]}
            setting: {binWidth: \(binWidth)}
            """
        expectEqual(
            try RadiomicsExtractor.extract(
                volume, mask, settings: try ParameterFile(yaml: yaml, name: "P.yaml").settings),
            try pyRadiomicsGolden(name), name, count: 7)
    }

    @Test func `the order and names of the values are those of the catalog`() throws {
        let (volume, mask) = analyticPhantom()
        let names = try RadiomicsExtractor.extract(volume, mask).map(\.name)
        #expect(names == FeatureCatalog.all.map(\.name))
        #expect(Set(names).count == 14 + 18 + 24 + 16 + 16 + 14 + 5)
    }

    @Test func `several labels of one map give what each gives alone`() throws {
        let (volume, mask) = analyticPhantom()
        var map = LabelMap(geometry: mask.geometry)
        for i in mask.voxels.indices where mask.voxels[i] { map.labels[i] = i % 18 < 9 ? 20 : 21 }
        let both = try RadiomicsExtractor.extract(
            image: StoredVolume(volume, as: .int16), mask: map, labels: [21, 20], settings: RadiomicsSettings())
        #expect(both.map(\.label) == [21, 20])
        #expect(both[0].features == (try RadiomicsExtractor.extract(volume, map.mask(of: 21))))
        #expect(both[1].features == (try RadiomicsExtractor.extract(volume, map.mask(of: 20))))
    }

    @Test func `one and two threads give the same bits`() throws {
        let (volume, mask) = analyticPhantom()
        var settings = RadiomicsSettings(images: ImageType.allCases.map { ImageSettings($0) })
        for i in settings.images.indices { settings.images[i].filter.sigmaMM = [1, 2] }
        settings.resampledSpacingMM = [1, 1, 1]
        let image = StoredVolume(volume, as: .int16)
        let one = try RadiomicsExtractor.extract(image: image, mask: mask, labels: [1], settings: settings)
        let two = try RadiomicsExtractor.extract(image: image, mask: mask, labels: [1], settings: settings, threads: 2)
        #expect(one == two)
        #expect(one[0].features.contains { $0.name == "wavelet-HHH_glszm_ZonePercentage" && $0.value != nil })
    }

    @Test func `air around the scan changes nothing`() throws {
        let (volume, mask) = analyticPhantom()
        let size = Index3(x: 60, y: 58, z: 56)
        var large = volume.geometry
        large.size = size
        large.originMM = volume.geometry.point(at: Index3(x: -21, y: -21, z: -21))
        var (padded, paddedMask) = (Volume(geometry: large, filledWith: -1000), VoxelMask(geometry: large))
        for z in 0..<14 {
            for y in 0..<16 {
                for x in 0..<18 {
                    padded[x + 21, y + 21, z + 21] = volume[x, y, z]
                    paddedMask[x + 21, y + 21, z + 21] = mask[x, y, z]
                }
            }
        }
        #expect(try RadiomicsExtractor.extract(padded, paddedMask) == RadiomicsExtractor.extract(volume, mask))
    }

    @Test func `moving the scan in the patient changes nothing`() throws {
        let (volume, mask) = analyticPhantom()
        var (moved, movedMask) = (volume, mask)
        moved.geometry.originMM += [3, -200, 40]
        movedMask.geometry.originMM += [3, -200, 40]
        #expect(try RadiomicsExtractor.extract(moved, movedMask) == RadiomicsExtractor.extract(volume, mask))
    }
}
