import Foundation

/// Where the programs that the tests run are.
enum Executables {
    /// A program of this package, beside the test bundle.
    static func built(_ name: String) throws -> String {
        let places = ["/proc/self/exe", CommandLine.arguments[0]].map {
            URL(fileURLWithPath: $0).resolvingSymlinksInPath().deletingLastPathComponent()
        }
        for place in places {
            let path = place.appendingPathComponent(name).path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw LabFailure("\(name) is not built: not beside the test bundle in \(places.map(\.path))")
    }

    /// A program of the system.
    static func tool(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static var packageRoot: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// The package's own Python, which has the packages that the peers need, or else the system's.
    static func python() throws -> String {
        let own = packageRoot.appendingPathComponent(".venv/bin/python3").path
        if FileManager.default.isExecutableFile(atPath: own) { return own }
        guard let system = tool("python3") else { throw LabFailure("there is no python3") }
        return system
    }

    static func peer(_ script: String) throws -> [String] {
        let path = packageRoot.appendingPathComponent("Tests/EndToEndTests/Peers/\(script)").path
        // -B: no compiled files beside the sources.
        return [try python(), "-B", path]
    }
}

/// Why a test could not be carried out, as opposed to a test that failed.
struct LabFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
