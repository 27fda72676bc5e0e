// Radiomics inside the pipeline: what is asked for is what comes out.
import Analyses
import Domain
import Imaging
import Phantoms
import Synchronization
import Testing

@Suite struct BodyRadiomicsTests {
    private static let phantom = Result {
        var recipe = PhantomRecipe(seed: 7, levels: [.L1, .L2, .L3])
        recipe.spacingMM = [1, 1, 1.5]
        return try PhantomBuilder.build(recipe)
    }
    private let phantom: Phantom

    init() throws { phantom = try Self.phantom.get() }

    private func features(_ radiomics: ParameterValue?) throws -> (
        report: Report, features: FeaturesReport, csv: String
    ) {
        let output = try Pipeline.run(phantom, parameters: radiomics.map { ["radiomics": $0] } ?? [:])
        return (
            output.report, try #require(output.radiomics).document(of: output.report, maskSHA256: "m"),
            try #require(output.radiomics).table(of: output.report, maskSHA256: "m")
        )
    }

    @Test func `by default the 1223 features of ge2025, with how they came about`() throws {
        let (report, features, csv) = try features(nil)
        #expect(report.radiomics?.configuration == "ge2025")
        #expect(report.radiomics?.settings["binWidth"] == "25")
        #expect(report.provenance.settings["radiomics"] == .text("ge2025"))
        #expect(report.standardisation.map(\.applied) == [false, true, true])
        #expect(features.vertebrae.map(\.level) == [.L1, .L2, .L3])
        for (entry, vertebra) in zip(features.vertebrae, report.vertebrae) {
            #expect(entry.features.count == 1223)
            #expect(entry.features.allSatisfy { ($0.value == nil) == ($0.reason != nil) })
            #expect(entry.features.first { $0.name == "original_shape_MeshVolume" }?.ibsiID == "RNU0")
            let region = try #require(vertebra.radiomics)
            #expect(region.featureCount == 1223 && region.componentCount == 1 && region.boundingBox.count == 6)
            #expect(region.label == Int(entry.level.labelValue))
            let volume = Double(region.voxelCount) * phantom.volume.geometry.voxelVolumeMM3 / 1000
            #expect(abs(volume - vertebra.segmentation.bodyVolumeML) < 1e-9)
        }
        let lines = csv.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("Image,Mask,Label,Level,diagnostics_Versions_Osteon,"))
        #expect(lines[1].hasPrefix("test,bodies.nii.gz,20,L1,"))
    }

    @Test func `none is a named omission`() throws {
        let (report, features, csv) = try features(.text("none"))
        #expect(report.radiomics == nil && report.standardisation.isEmpty)
        for entry in features.vertebrae {
            #expect(entry.features.isEmpty)
            #expect(entry.omissions == [Omission(item: "radiomics", reason: "not asked for (radiomics: none)")])
        }
        #expect(report.vertebrae.allSatisfy { $0.omissions.contains { $0.item == "radiomics" } })
        #expect(csv.split(separator: "\n").first == "Image,Mask,Label,Level")
    }

    @Test func `a parameter file decides, as a text and as an object alike`() throws {
        let text = try features(
            .text(
                """
                imageType: {Gradient: {}, Original: {}}
                featureClass: {firstorder: [Mean], shape: [VoxelVolume], shape2D: }
                setting: {binWidth: 10, additionalInfo: false}
                """))
        let object = try features(
            .object([
                "imageType": .object(["Gradient": .object([:]), "Original": .object([:])]),
                "featureClass": .object([
                    "firstorder": .list([.text("Mean")]), "shape": .list([.text("VoxelVolume")]), "shape2D": .null,
                ]),
                "setting": .object(["binWidth": .number(10), "additionalInfo": .flag(false)]),
            ]))
        let names = ["original_shape_VoxelVolume", "gradient_firstorder_Mean", "original_firstorder_Mean"]
        #expect(text.features.vertebrae.allSatisfy { $0.features.map(\.name) == names })
        #expect(text.csv == object.csv)
        #expect(text.csv.hasPrefix("Image,Mask,Label,Level,original_shape_VoxelVolume,gradient_firstorder_Mean"))
        #expect(text.report.radiomics?.configuration == "parameter file")
        #expect(text.report.radiomics?.omissions.map(\.item) == ["featureClass shape2D"])
    }

    @Test func `the ibsi mode is served with its identifiers`() throws {
        let (report, features, csv) = try features(
            .text("{mode: ibsi, spacingMM: [2, 2, 2], families: [intensity_statistics]}"))
        #expect(report.radiomics?.mode == "ibsi" && report.standardisation.map(\.applied) == [false, false, true])
        for entry in features.vertebrae {
            let mean = try #require(entry.features.first { $0.ibsiID == "Q4LE" })
            #expect((0...400).contains(mean.value ?? .nan))
            #expect((entry.region?.voxelCount ?? 0) > 10_000 && entry.region?.boundingBox.count == 6)
        }
        #expect(csv.contains("[Q4LE]"))
    }

    @Test func `a body without features does not take them from the others`() throws {
        let sizes = try features(.text("none")).report.vertebrae.map(\.segmentation.bodyVolumeML)
        let voxels = sizes.map { Int(($0 * 1000 / phantom.volume.geometry.voxelVolumeMM3).rounded()) }
        let smallest = try #require(voxels.min())
        let (report, features, csv) = try features(
            .text("featureClass: {shape: }\nsetting: {minimumROISize: \(smallest), additionalInfo: false}"))
        for (entry, count) in zip(features.vertebrae, voxels) {
            #expect(entry.features.count == (count == smallest ? 0 : 14))
            #expect(entry.omissions.isEmpty == (count != smallest))
        }
        let omission = report.vertebrae.flatMap(\.omissions).first { $0.item == "radiomics" }
        #expect(omission?.reason.contains("\(smallest) voxels") == true)
        #expect(csv.split(separator: "\n").count == 4)
    }

    @Test func `progress counts the bodies, and a cancellation between two of them ends the job`() throws {
        let cancellation = Cancellation()
        let seen = Mutex<[Double]>([])
        let error = #expect(throws: FaultRecord.self) {
            try Pipeline.run(phantom, cancellation: cancellation) { progress in
                guard progress.stage == "radiomics" else { return }
                let count = seen.withLock {
                    $0.append(progress.fraction)
                    return Set($0).count
                }
                if count == 2 { cancellation.cancel() }
            }
        }
        #expect(error?.code == .jobCancelled)
        let fractions = seen.withLock { $0 }
        #expect(fractions == fractions.sorted() && Set(fractions).count >= 2 && fractions.allSatisfy { $0 < 1 })
    }
}
