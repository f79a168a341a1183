import Foundation

/// The collector that fails at random, and what has arrived at it.
final class FailingCollector {
    let port: Int
    private let program: Program

    var url: String { "http://127.0.0.1:\(port)" }

    init(seed: Int = 1, faults: Double = 0) async throws {
        let arguments = ["--seed", "\(seed)", "--faults", "\(faults)"]
        program = try Program(try Executables.peer("failing_collector.py") + arguments, name: "collector")
        try await program.waitUntilItSays("listening on ")
        let text = program.standardOutput.split(separator: " ").last.map { $0.filter(\.isNumber) } ?? ""
        guard let port = Int(text) else { throw LabFailure("the collector says no port: \(program.standardOutput)") }
        self.port = port
    }

    deinit { program.send(signal: SIGKILL) }

    struct Documents: Decodable {
        /// By kind, then by identifier: how often it was stored.
        var stored: [String: [String: Int]]
        /// Documents that arrived, whether they were known or not.
        var arrivals: Int
        /// Of results of schedules, by identifier: the schedule and the slot.
        var slots: [String: String]
        var injected: [String: Int]
        /// Of the last delivery.
        var headers: [[String]]

        var ids: Set<String> { Set(stored.values.flatMap(\.keys)) }
        var count: Int { stored.values.reduce(0) { $0 + $1.values.reduce(0, +) } }
    }

    func documents() throws -> Documents {
        let answer = try Command.run([try curl(), "-sS", "--noproxy", "*", "\(url)/documents"])
        return try JSONDecoder().decode(Documents.self, from: Data(answer.standardOutput.utf8))
    }

    /// Makes every answer this one; 0 ends that.
    func answer(_ status: Int, reason: String = "", location: String? = nil) throws {
        let location = location.map { "&location=\($0)" } ?? ""
        try post("answer?status=\(status)&reason=\(reason)\(location)")
    }

    func fail(share: Double) throws { try post("faults?share=\(share)") }

    private func post(_ address: String) throws {
        try Command.require([try curl(), "-sS", "--noproxy", "*", "-X", "POST", "\(url)/\(address)"])
    }

    private func curl() throws -> String {
        guard let curl = Executables.tool("curl") else { throw LabFailure("there is no curl (package curl)") }
        return curl
    }
}
