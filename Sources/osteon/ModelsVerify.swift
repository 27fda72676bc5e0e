// `osteon models verify`: whether every model is what models.lock says.
import ArgumentParser
import DeepFeatures

struct ModelsVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare hashes and build each network; status 1 where one is wrong.",
        discussion:
            "A model is wrong if its file is not there, has another hash or size, is no safetensors, or lacks a tensor."
    )

    @Argument(help: "One model; all by default.")
    var name: String?

    @OptionGroup var models: ModelsOption

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        let conditions = try CommandFailure.explaining {
            let installed = try models.installed()
            return try installed.names(name).map { try ModelCondition($0, of: installed, building: true) }
        }
        if json {
            try ModelsCommand.printJSON(conditions)
        } else {
            if conditions.isEmpty { print("No model is installed; there is nothing to verify.") }
            for condition in conditions {
                print(
                    condition.problem.map { "WRONG  \(condition.name): \($0)" }
                        ?? "ok     \(condition.name) \(condition.sha256)")
            }
        }
        guard conditions.allSatisfy(\.isWhole) else { throw ExitCode(1) }
    }
}
