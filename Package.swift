// swift-tools-version: 6.2
// Osteon: the module graph. Who may import whom is checked by Tests/ArchitectureTests.
import PackageDescription

/// Every target: language mode 6, warnings are errors.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
/// Pure arithmetic on values that were already validated: no bounds or overflow checks, optimised in debug builds too.
let compute = strict + [.unsafeFlags(["-Ounchecked"])]
/// Parses bytes from outside: optimised in debug builds too, every check stays.
let parsing = strict + [.unsafeFlags(["-O"])]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "osteon",
    products: [.executable(name: "osteon", targets: ["osteon"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // Level 0: C and C++ shims.
        .target(
            name: "CDCMTK",
            cxxSettings: [.unsafeFlags(["-std=c++17", "-Werror"])],
            linkerSettings: [
                .linkedLibrary("dcmjpeg"), .linkedLibrary("dcmjpls"), .linkedLibrary("dcmimgle"),
                .linkedLibrary("dcmimage"), .linkedLibrary("dcmdata"), .linkedLibrary("oflog"),
                .linkedLibrary("ofstd"), .linkedLibrary("openjp2"), .linkedLibrary("z"), .linkedLibrary("stdc++"),
            ]),
        .target(
            name: "CDIMSE",
            cxxSettings: [.unsafeFlags(["-std=c++17", "-Werror"])],
            linkerSettings: [
                .linkedLibrary("dcmnet"), .linkedLibrary("dcmdata"), .linkedLibrary("oflog"), .linkedLibrary("ofstd"),
                .linkedLibrary("z"), .linkedLibrary("stdc++"),
            ]),
        .target(
            name: "CSystem",
            linkerSettings: [
                .linkedLibrary("crypto"), .linkedLibrary("ssl"), .linkedLibrary("deflate"), .linkedLibrary("z"),
            ]),
        // One file per instruction set; optimised in debug builds too.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-Werror"])]),
        // For ImagingIOTests only: libnifti as the oracle of our own reader.
        .target(name: "CNIfTI"),

        // Level 1: nouns, arithmetic, sockets.
        .target(name: "Domain", swiftSettings: strict),
        .target(name: "Meshes", dependencies: ["Domain"], swiftSettings: parsing),
        .target(name: "Imaging", dependencies: ["Domain"], swiftSettings: compute),
        .target(
            name: "NeuralNetworks", dependencies: ["CKernels", "CSystem", "Domain"], swiftSettings: parsing),
        .target(name: "Agreement", dependencies: ["Domain"], swiftSettings: compute),
        .target(name: "HTTP", dependencies: ["CSystem", logging], swiftSettings: parsing),
        .target(
            name: "Migrations", path: "Migrations",
            resources: [
                .embedInCode("0001_initial.sql"), .embedInCode("0002_audits.sql"), .embedInCode("0003_outcomes.sql"),
                .embedInCode("0004_instances.sql"), .embedInCode("0005_keys.sql"), .embedInCode("trail_0001.sql"),
                .embedInCode("0006_deliveries.sql"), .embedInCode("0007_notices.sql"),
                .embedInCode("0008_workitems.sql"), .embedInCode("0009_pseudonyms.sql"),
                .embedInCode("0011_erasures.sql"),
            ],
            swiftSettings: strict),

        // Level 2: one room each.
        .target(name: "ImagingIO", dependencies: ["Imaging", "Domain", "CDCMTK", "CSystem"], swiftSettings: parsing),
        .target(
            name: "Segmentation", dependencies: ["NeuralNetworks", "Imaging", "Meshes", "Domain"],
            swiftSettings: compute),
        .target(name: "Radiomics", dependencies: ["Imaging", "Domain", yams], swiftSettings: compute),
        .target(
            name: "DeepFeatures", dependencies: ["NeuralNetworks", "Imaging", "Domain"], swiftSettings: parsing),
        .target(name: "Morphometry", dependencies: ["Imaging", "Domain"], swiftSettings: compute),
        .target(name: "Phantoms", dependencies: ["Imaging", "Domain"], swiftSettings: compute),
        .target(name: "OutcomeModels", dependencies: ["Agreement", "Domain"], swiftSettings: compute),
        .target(name: "Guidance", dependencies: ["Agreement", "Domain"], swiftSettings: compute),
        .target(name: "Audits", dependencies: ["Agreement", "Domain", "CSystem"], swiftSettings: parsing),
        .target(name: "Store", dependencies: ["Domain", "Migrations", "CSystem", grdb], swiftSettings: strict),

        // Level 3.
        .target(
            name: "CementFlow", dependencies: ["Agreement", "Guidance", "Morphometry", "Imaging", "Domain"],
            swiftSettings: compute),
        .target(
            name: "Delivery", dependencies: ["HTTP", "Store", "CSystem", "Domain", logging], swiftSettings: strict),
        .target(name: "DICOMResults", dependencies: ["ImagingIO", "Imaging", "Domain"], swiftSettings: parsing),
        .target(
            name: "API", dependencies: ["HTTP", "Store", "Audits", "Guidance", "Meshes", "Domain", logging],
            resources: [.embedInCode("openapi.yaml")], swiftSettings: strict),

        // Level 4, 5, 6.
        .target(
            name: "Gateway", dependencies: ["Delivery", "Domain", "CDIMSE", logging], swiftSettings: parsing),
        .target(
            name: "Analyses",
            dependencies: [
                "Segmentation", "Radiomics", "DeepFeatures", "NeuralNetworks", "Morphometry", "CementFlow", "Guidance",
                "OutcomeModels", "Imaging", "Meshes", "Domain",
            ],
            swiftSettings: strict),
        .target(
            name: "Worker",
            dependencies: [
                "Analyses", "DICOMResults", "DeepFeatures", "Guidance", "ImagingIO", "Store", "Imaging", "Meshes",
                "Domain",
                logging,
                yams,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "osteon",
            dependencies: [
                "Worker", "API", "Gateway", "Delivery", "HTTP", "Store", "Analyses", "DICOMResults", "Audits",
                "Phantoms",
                "Radiomics",
                "DeepFeatures",
                "NeuralNetworks", "Agreement", "ImagingIO", "Imaging", "Meshes", "Domain", "CSystem", argumentParser,
                logging,
                yams,
            ],
            swiftSettings: strict),

        // Tests.
        .target(name: "ReferenceData", path: "Tests/ReferenceData", swiftSettings: strict),
        .target(name: "Fuzzing", path: "Tests/Fuzzing", swiftSettings: parsing),
        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        .testTarget(
            name: "ImagingTests", dependencies: ["Imaging", "Domain"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(name: "MeshesTests", dependencies: ["Meshes", "Domain"], swiftSettings: strict),
        .testTarget(
            name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "CKernels", "Domain", "ReferenceData"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "DeepFeaturesTests", dependencies: ["DeepFeatures", "NeuralNetworks", "Imaging", "Domain"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "HTTPTests", dependencies: ["HTTP", "CSystem", "Fuzzing", "ReferenceData", logging],
            swiftSettings: strict),
        .testTarget(
            name: "ImagingIOTests",
            dependencies: ["ImagingIO", "Imaging", "Domain", "CNIfTI", "CSystem", "Fuzzing", "ReferenceData"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "SegmentationTests",
            dependencies: [
                "Segmentation", "NeuralNetworks", "Phantoms", "ImagingIO", "Imaging", "Meshes", "Domain",
                "ReferenceData",
            ],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "RadiomicsTests",
            dependencies: ["Radiomics", "ImagingIO", "Imaging", "Domain", "ReferenceData"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "AgreementTests", dependencies: ["Agreement", "Domain"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "AuditsTests", dependencies: ["Audits", "Agreement", "Domain"], swiftSettings: strict),
        .testTarget(
            name: "MorphometryTests",
            dependencies: ["Morphometry", "Phantoms", "Agreement", "Imaging", "Domain"], swiftSettings: strict),
        .testTarget(
            name: "PhantomsTests", dependencies: ["Phantoms", "Imaging", "Domain"], swiftSettings: strict),
        .testTarget(
            name: "DICOMResultsTests", dependencies: ["DICOMResults", "ImagingIO", "Imaging", "Domain"],
            swiftSettings: strict),
        .testTarget(
            name: "DeliveryTests", dependencies: ["Delivery", "HTTP", "Store", "Domain", logging], swiftSettings: strict
        ),
        .testTarget(
            name: "GatewayTests", dependencies: ["Gateway", "Delivery", "Domain", "Fuzzing", logging],
            swiftSettings: strict),
        .testTarget(name: "GuidanceTests", dependencies: ["Guidance", "Domain"], swiftSettings: strict),
        .testTarget(name: "OutcomeModelsTests", dependencies: ["OutcomeModels", "Domain"], swiftSettings: strict),
        .testTarget(name: "StoreTests", dependencies: ["Store", "Domain", grdb], swiftSettings: strict),
        .testTarget(
            name: "CementFlowTests",
            dependencies: [
                "CementFlow", "Guidance", "Morphometry", "Segmentation", "Phantoms", "Imaging", "Domain",
            ],
            // Its reference solvers count hundreds of thousands of iterations.
            swiftSettings: parsing),
        .testTarget(
            name: "APITests",
            dependencies: ["API", "Audits", "Guidance", "HTTP", "Meshes", "Store", "Domain", grdb, yams],
            swiftSettings: strict),
        .testTarget(
            name: "AnalysesTests",
            dependencies: [
                "Analyses", "DeepFeatures", "Phantoms", "Segmentation", "ImagingIO", "Imaging", "Domain",
                "ReferenceData",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "WorkerTests", dependencies: ["Worker", "Analyses", "Store", "Domain"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Domain", "Fuzzing", "HTTP", "ImagingIO", "Phantoms", "Imaging", "ReferenceData", logging],
            exclude: [
                "schemathesis.toml", "dicomweb_client_check.py", "dicomweb_retry_check.py", "dicom_results_check.py",
                "mesh_check.py", "webhook_check.py", "workitem_check.py", "fhir_check.py", "pseudonym_check.py",
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
