// `osteon models list`: what is installed.
import ArgumentParser
import DeepFeatures

struct ModelsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Name each model with its network, size, hash and card.")

    @OptionGroup var models: ModelsOption

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        try CommandFailure.explaining {
            let installed = try models.installed()
            let conditions = try installed.names(nil).map {
                try ModelCondition($0, of: installed, building: false)
            }
            if json { return try ModelsCommand.printJSON(conditions) }
            print(conditions.isEmpty ? "No model is installed" : "Models", installed.place)
            for condition in conditions { print("\n" + condition.text) }
            if let first = installed.encoderNames.first { print("\nThe default of deepFeatures: \(first)") }
        }
    }
}
