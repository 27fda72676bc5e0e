// Who may import whom. Imports go down, never sideways between computing and serving except through Domain.
import Testing

/// The modules of the project that each module may import, besides the standard library and the outside libraries named here.
private let allowedImports: [String: Set<String>] = [
    "Domain": [],
    "Meshes": ["Domain"],
    "Imaging": ["Domain"],
    "NeuralNetworks": ["CKernels", "CSystem", "Domain"],
    "Agreement": ["Domain"],
    "HTTP": ["CSystem", "Logging"],
    "ImagingIO": ["Imaging", "Domain", "CDCMTK", "CSystem"],
    "Segmentation": ["NeuralNetworks", "Imaging", "Meshes", "Domain"],
    "Radiomics": ["Imaging", "Domain", "Yams"],
    "DeepFeatures": ["NeuralNetworks", "Imaging", "Domain"],
    "Morphometry": ["Imaging", "Domain"],
    "Phantoms": ["Imaging", "Domain"],
    "OutcomeModels": ["Agreement", "Domain"],
    "Guidance": ["Agreement", "Domain"],
    "Audits": ["Agreement", "Domain", "CSystem"],
    "Store": ["Domain", "Migrations", "CSystem", "GRDB"],
    "CementFlow": ["Agreement", "Guidance", "Morphometry", "Imaging", "Domain"],
    "Delivery": ["HTTP", "Store", "CSystem", "Domain", "Logging"],
    "Gateway": ["Delivery", "Domain", "CDIMSE", "Logging"],
    "DICOMResults": ["ImagingIO", "Imaging", "Domain"],
    "API": ["HTTP", "Store", "Audits", "Guidance", "Meshes", "Domain", "Logging"],
    "Analyses": [
        "Segmentation", "Radiomics", "DeepFeatures", "NeuralNetworks", "Morphometry", "CementFlow", "Guidance",
        "OutcomeModels", "Imaging", "Meshes", "Domain",
    ],
    "Worker": [
        "Analyses", "DICOMResults", "DeepFeatures", "Guidance", "ImagingIO", "Store", "Imaging", "Meshes", "Domain",
        "Logging",
        "Yams",
    ],
    "osteon": [
        "Worker", "API", "Gateway", "Delivery", "HTTP", "Store", "Analyses", "DICOMResults", "Audits", "Phantoms",
        "Radiomics",
        "DeepFeatures",
        "NeuralNetworks", "Agreement", "ImagingIO", "Imaging", "Meshes", "Domain", "CSystem", "ArgumentParser",
        "Logging", "Yams",
    ],
]
private let systemModules: Set<String> = [
    "Swift", "Foundation", "Glibc", "Dispatch", "Synchronization",
]

@Suite struct ModuleGraphTests {
    @Test func `every module imports only what its row of the table allows`() throws {
        for (path, text) in try SourceTree.swiftFiles(in: "Sources") {
            let module = String(path.split(separator: "/")[1])
            let allowed = try #require(allowedImports[module], "\(module) has no row in the table")
            for name in SourceTree.imports(of: text) where !systemModules.contains(name) {
                #expect(allowed.contains(name), "\(path) imports \(name)")
            }
        }
    }

    @Test func `every row of the table is a module that exists`() throws {
        let modules = Set(try SourceTree.swiftFiles(in: "Sources").map { String($0.path.split(separator: "/")[1]) })
        #expect(modules == Set(allowedImports.keys))
    }

    @Test func `only Store speaks SQL`() throws {
        let verbs = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"]
        for (path, text) in try SourceTree.swiftFiles(in: "Sources") where !path.hasPrefix("Sources/Store/") {
            for verb in verbs {
                #expect(!text.contains("\"\(verb)") && !text.contains("\n\(verb)"), "\(path) holds SQL: \(verb)")
            }
        }
    }
}
