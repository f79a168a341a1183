import Foundation

/// The JSON document of a check, as any reader outside the program would read it: from the published names alone.
struct CheckReport: Decodable, Sendable {
    struct Criterion: Decodable, Sendable {
        var name: String
        var port: Int?
        var direction: String?
        var grade: String
        var basis: String
    }

    struct Finding: Decodable, Sendable {
        var code: String
        var severity: String
        var summary: String
        var evidence: [String: Value]?
    }

    /// A piece of evidence, whatever its type, as text.
    struct Value: Decodable, Sendable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode(String.self) {
                text = value
            } else if let value = try? container.decode(Double.self) {
                text = "\(value)"
            } else {
                text = ""
            }
        }
    }

    struct Path: Decodable, Sendable {
        struct Route: Decodable, Sendable {
            var interface: String?
            var source: String?
        }

        var routes: [Route]
        var unread: [String: String]
    }

    struct Load: Decodable, Sendable {
        var callsPerEndpoint: Int?
        var forwardKbps: Double
        var reverseKbps: Double
    }

    struct Capacity: Decodable, Sendable {
        var calls: Int?
        var limitedBy: [String]
    }

    struct Packets: Decodable, Sendable {
        var sent: Int
        var forwardReceived: Int?
        var received: Int
        var duplicates: Int
        var reordered: Int
        var late: Int
    }

    struct Delay: Decodable, Sendable {
        var min: Double
        var p50: Double
        var p95: Double
        var max: Double
        var uncertainty: Double
    }

    struct Jitter: Decodable, Sendable {
        var last: Double
        var mean: Double
        var max: Double
    }

    struct Loss: Decodable, Sendable {
        var ratio: Double
        var lost: Int
        var low: Double
        var high: Double
    }

    struct Way: Decodable, Sendable {
        var delayMs: Delay?
        var jitterMs: Jitter?
        var loss: Loss?
        var dscp: [String: Int]?
        var reordered: Int?
        var duplicates: Int?
    }

    struct Sequence: Decodable, Sendable {
        var first: UInt32
        var last: UInt32
    }

    struct Stream: Decodable, Sendable {
        var endpoint: String
        var address: String
        var port: UInt16
        var durationS: Double
        var method: String?
        var packets: Packets
        var forward: Way?
        var reverse: Way?
        var roundTrip: Way?
        var wire: Wire?
        var sequence: Sequence?
        var reachability: Reachability
    }

    struct Reachability: Decodable, Sendable {
        struct Tried: Decodable, Sendable {
            var kind: String
            var payloadBytes: Int
            var sent: Int
            var answered: Int
        }

        var state: String
        var reason: String?
        var icmpSource: String?
        var byEndpoint: Bool?
        var tried: [Tried]?
    }

    struct Wire: Decodable, Sendable {
        var egress: [String: Int]
        var `return`: [String: Int]
    }

    struct Capture: Decodable, Sendable {
        var interface: String
        var packets: Int
        var dropped: Int
    }

    struct Marks: Decodable, Sendable {
        var required: Int?
        var egress: [String: Int]?
        var capture: Capture?
        var ecn: [String: [String: Int]]?
        var farEnd: [String: Int]?
        var `return`: [String: Int]?
    }

    var schema: String
    var site: String?
    var grade: String
    var criteria: [Criterion]
    var findings: [Finding]
    var endpoints: [Endpoint]
    var streams: [Stream]
    var dscp: Marks?
    var load: Load?
    var path: Path?
    var capacity: Capacity?

    /// Every result of a real check is held against the published schema as well.
    init(json: String) throws {
        try Self.validate(json)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(json.utf8))
    }

    private static func validate(_ json: String) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("lc-result-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(json.utf8).write(to: file)
        let schema = Executables.packageRoot.appendingPathComponent("config/result.schema.json").path
        let verdict = try Command.run(try Executables.peer("validate_result.py") + [schema, file.path])
        guard verdict.status == 0 else {
            throw LabFailure("the schema refuses the result: \(verdict.standardOutput)\(verdict.standardError)")
        }
    }

    func stream(port: UInt16) throws -> Stream {
        guard let stream = streams.first(where: { $0.port == port }) else {
            throw LabFailure("the report has no stream to port \(port)")
        }
        return stream
    }

    func findings(_ code: String) -> [Finding] { findings.filter { $0.code == code } }
}

/// How a check ended.
struct CheckOutcome: Sendable {
    var status: Int32
    var report: CheckReport
    var standardError: String

    init(_ finished: Finished) throws {
        if let signal = finished.signal {
            throw LabFailure("the check died of signal \(signal): \(finished.standardError)")
        }
        guard finished.status < 64 else {
            throw LabFailure("the check ended with \(finished.status): \(finished.standardError)")
        }
        status = finished.status
        standardError = finished.standardError
        do {
            report = try CheckReport(json: finished.standardOutput)
        } catch {
            throw LabFailure("the check's JSON: \(error)\n\(finished.standardOutput)\n\(finished.standardError)")
        }
    }
}

extension CheckReport.Stream {
    /// The path's truth over just those packets that this stream's statistics are about.
    func truth(
        _ log: [LoggedFrame],
        _ direction: LoggedFrame.Direction,
        authenticated: Bool = false
    ) throws -> PathTruth {
        guard let sequence else { throw LabFailure("the report does not say which packets of port \(port) count") }
        return PathTruth(
            log,
            direction: direction,
            port: port,
            sequences: sequence.first...sequence.last,
            authenticated: authenticated
        )
    }
}
