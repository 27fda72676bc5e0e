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
        let both = try RadiomicsExtractor.extract(volume, map, labels: [21, 20])
        #expect(both[0] == (try RadiomicsExtractor.extract(volume, map.mask(of: 21))))
        #expect(both[1] == (try RadiomicsExtractor.extract(volume, map.mask(of: 20))))
    }

    @Test func `moving the scan in the patient changes nothing`() throws {
        let (volume, mask) = analyticPhantom()
        var (moved, movedMask) = (volume, mask)
        moved.geometry.originMM += [3, -200, 40]
        movedMask.geometry.originMM += [3, -200, 40]
        #expect(try RadiomicsExtractor.extract(moved, movedMask) == RadiomicsExtractor.extract(volume, mask))
    }
}
