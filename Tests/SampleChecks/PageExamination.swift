import Foundation

/// Pages held against a parser that is not ours: `Tests/EndToEndTests/Peers/examine_page.py`.
enum PageExamination {
    /// What is wrong with them, a line each; empty when nothing is.
    static func problems(_ pages: [(name: String, html: String)]) throws -> String { try run([], pages) }

    /// The same, and in what the two of each pair differ beside their texts.
    static func problems(pairs: [(name: String, plain: String, hostile: String)]) throws -> String {
        try run(
            ["--alike"],
            pairs.flatMap { [("\($0.name)-plain", $0.plain), ("\($0.name)-hostile", $0.hostile)] }
        )
    }

    private static func run(_ options: [String], _ pages: [(name: String, html: String)]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-pages-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = try pages.map { page in
            let name = page.name.replacingOccurrences(of: " ", with: "-") + ".html"
            try page.html.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            return name
        }
        let script = packageRoot.appendingPathComponent("Tests/EndToEndTests/Peers/examine_page.py").path
        return try output(of: [python, "-B", script] + options + paths, in: folder)
    }

    private static func output(of arguments: [String], in folder: URL) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        process.currentDirectoryURL = folder
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? output : output + "(status \(process.terminationStatus))"
    }

    private static var packageRoot: URL {
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
    }

    /// The package's own Python has the packages that the script needs; the system's may.
    private static var python: String {
        let own = packageRoot.appendingPathComponent(".venv/bin/python3").path
        return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
    }
}
