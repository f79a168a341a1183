import Foundation

/// The JSON document of a trace, as any reader outside the program would read it: from the published names alone.
struct TraceDocumentReading: Decodable, Sendable {
    struct End: Decodable, Sendable {
        var state: String
        var hop: Int
        var address: String?
        var icmpType: Int?
        var icmpCode: Int?
        var meaning: String?
    }

    struct Address: Decodable, Sendable {
        var address: String
        var packets: Int
    }

    struct Delay: Decodable, Sendable {
        var min: Double
        var p50: Double
        var max: Double
    }

    struct Hop: Decodable, Sendable {
        var hop: Int
        var sent: Int
        var answered: Int
        var addresses: [Address]
        var delayMs: Delay?
        var dscp: [String: Int]?
        var ecn: [String: Int]?
    }

    struct Port: Decodable, Sendable {
        var port: Int
        var sourcePort: Int
        var end: End
        var hops: [Hop]

        /// Each hop's only address; "*" where none answered, "several" where more than one did.
        var addresses: [String] {
            hops.map { $0.addresses.count > 1 ? "several" : $0.addresses.first?.address ?? "*" }
        }
    }

    struct Settings: Decodable, Sendable {
        var longestS: Double
    }

    var grade: String
    var hearing: String
    var settings: Settings
    var findings: [CheckReport.Finding]
    var ports: [Port]

    func findings(_ code: String) -> [CheckReport.Finding] { findings.filter { $0.code == code } }
    func port(_ number: Int) -> Port? { ports.first { $0.port == number } }
}

extension CheckReport.Finding {
    func text(_ name: String) -> String? { evidence?[name]?.text }
    func number(_ name: String) -> Double? { evidence?[name].flatMap { Double($0.text) } }
}

/// A trace that has ended, with its document.
struct TraceOutcome: Sendable {
    var status: Int32
    var report: TraceDocumentReading
    var json: String

    init(_ finished: Finished) throws {
        status = finished.status
        json = finished.standardOutput
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            report = try decoder.decode(TraceDocumentReading.self, from: Data(json.utf8))
        } catch {
            throw LabFailure("no document: \(error)\n\(finished.standardError)\n\(json)")
        }
        try Self.validate(json)
    }

    /// Every document of a real trace is held against the published schema.
    private static func validate(_ json: String) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("lc-trace-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(json.utf8).write(to: file)
        let schema = Executables.packageRoot.appendingPathComponent("config/trace.schema.json").path
        let verdict = try Command.run(try Executables.peer("validate_result.py") + [schema, file.path])
        guard verdict.status == 0 else {
            throw LabFailure("the schema refuses the trace: \(verdict.standardOutput)\(verdict.standardError)")
        }
    }
}
