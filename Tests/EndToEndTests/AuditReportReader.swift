import Foundation

/// The JSON document of an audit, as any reader outside the program would read it.
struct AuditReportReader {
    struct Counts: Decodable, Equatable, Sendable {
        var packets: Int
        var marked: Int
        var wrong: Int
        var unmarked: Int
    }

    struct Class: Decodable, Sendable {
        var `class`: String
        var direction: String
        var counts: Counts
        var dscp: [String: Int]
        var ecn: [String: Int]
    }

    struct Host: Decodable, Sendable {
        struct Class: Decodable, Sendable {
            var `class`: String
            var direction: String
            var counts: Counts
        }

        var address: String?
        var classes: [Class]
    }

    struct Packets: Decodable, Sendable {
        var captured: Int
        var media: Int
        var dropped: Int?
        var withoutUdp: [String: Int]
    }

    struct Document: Decodable, Sendable {
        var grade: String
        var packets: Packets
        var classes: [Class]
        var hosts: [Host]
        var otherHosts: Host?
        var findings: [CheckReport.Finding]
    }

    let document: Document

    /// Every document of a real audit is held against the published schema as well.
    init(json: String) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("lc-audit-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(json.utf8).write(to: file)
        let schema = Executables.packageRoot.appendingPathComponent("config/dscp.schema.json").path
        let verdict = try Command.run(try Executables.peer("validate_result.py") + [schema, file.path])
        guard verdict.status == 0 else {
            throw LabFailure("the schema refuses the audit: \(verdict.standardOutput)\(verdict.standardError)")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        document = try decoder.decode(Document.self, from: Data(json.utf8))
    }

    var codes: [String] { document.findings.map(\.code).sorted() }

    func classed(_ name: String, _ direction: String) throws -> Class {
        guard let found = document.classes.first(where: { $0.class == name && $0.direction == direction }) else {
            throw LabFailure("the audit has no class \(name) \(direction)")
        }
        return found
    }

    func counts(_ name: String, _ direction: String) throws -> Counts { try classed(name, direction).counts }

    func host(_ address: String, _ name: String, _ direction: String) throws -> Counts {
        let host = document.hosts.first { $0.address == address }
        guard let found = host?.classes.first(where: { $0.class == name && $0.direction == direction }) else {
            throw LabFailure("the audit has no \(name) \(direction) of host \(address)")
        }
        return found.counts
    }
}
