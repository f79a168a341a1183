import Foundation
import Testing

extension EndToEnd {
    /// The packets that a check keeps around what went wrong, against the link's own log of every frame.
    @Suite("Incidents")
    struct Incidents {
        private static let ports: [UInt16] = [3478, 3479]

        /// Runs a check over a line that is cut for 0.7 s, 20 s after its first packet, and is slow for the rest.
        private static func cut(
            _ family: Family = .ipv4,
            _ body: (Lab, String) async throws -> Void = { _, _ in }
        ) async throws -> (IncidentReport, [LoggedFrame]) {
            try await Lab.with(
                forward: "delay=12ms,jitter=uniform:2ms,outage=20s-20700ms",
                reverse: "delay=11ms,dscp=46>0@3479",
                seed: 31
            ) { lab in
                try await lab.startReflector(["--clock-error", "10us"])
                let path = try lab.write("", to: "result.json")
                let options = ["--endpoint", family.endpoint("3478-3479"), "--duration", "40s"]
                let check = try await lab.startCheck(options + ["--clock-error", "10us", "--output", path]).end(
                    within: 70
                )
                #expect(check.status < 64, "\(check.standardError)")
                // The published schema holds for it as for any other.
                _ = try CheckReport(json: String(contentsOfFile: path, encoding: .utf8))
                try await body(lab, path)
                return (try IncidentReport(path: path), try await lab.pathLog())
            }
        }

        @Test("A cut is found, its window holds it, and every packet's fate and times are the link's")
        func truth() async throws {
            let (report, log) = try await Self.cut()
            let outages = log.filter { $0.fate == "outage" }
            let first = try #require(outages.map(\.receivedAt).min())
            let last = try #require(outages.map(\.receivedAt).max())
            #expect(report.incidents.map(\.port).sorted() == Self.ports)
            for (incident, packets) in zip(report.incidents, report.packets) {
                let worst = try #require(incident.broken.first)
                #expect(worst.criterion == "loss" && worst.direction == "forward" && worst.bound == "limit")
                #expect(worst.from <= first && last <= worst.until && worst.proven)
                #expect(worst.until - worst.from < 15_100_000_000)
                try Self.compare(packets, log, incident)
            }
        }

        /// Of each packet kept: lost where the link lost it, sent and slow as the link saw it.
        private static func compare(
            _ packets: [IncidentReport.Packet],
            _ log: [LoggedFrame],
            _ incident: IncidentReport.Incident
        ) throws {
            let requests = Self.bySequence(log, .forward, incident.port)
            let replies = Self.bySequence(log, .reverse, incident.port)
            #expect(packets.count > 1_900)
            var lost = 0
            for packet in packets {
                let request = try #require(requests[packet.sequence], "packet \(packet.sequence) never was on the link")
                // Between the site's kernel and the link's there is a veth pair; a machine under load takes its time.
                #expect(abs(packet.sentNs - request.receivedAt) < 5_000_000)
                guard request.left else {
                    #expect(packet.fate == "lost_forward", "packet \(packet.sequence)")
                    lost += 1
                    continue
                }
                #expect(packet.fate == "answered", "packet \(packet.sequence)")
                let reply = try #require(replies[packet.sequence])
                let uncertainty = Int64((incident.oneWayUncertainty + 2) * 1e6)
                let forward = try #require(packet.forwardNs) - (try #require(request.sentAt) - request.receivedAt)
                let reverse = try #require(packet.reverseNs) - (try #require(reply.sentAt) - reply.receivedAt)
                #expect(abs(forward) < uncertainty && abs(reverse) < uncertainty, "packet \(packet.sequence)")
                #expect(packet.farDscp == 46 && packet.returnedDscp == reply.dscpOut)
            }
            #expect(lost == requests.values.count { !$0.left })
            #expect(lost > 30)
        }

        private static func bySequence(
            _ log: [LoggedFrame],
            _ direction: LoggedFrame.Direction,
            _ port: UInt16
        ) -> [UInt32: LoggedFrame] {
            let frames = log.filter { $0.direction == direction && $0.servicePort == port }
            let numbered = frames.compactMap { frame in frame.senderSequence(authenticated: false).map { ($0, frame) } }
            return Dictionary(numbered) { first, _ in first }
        }

        @Test(
            "What is exported is what other programs read: the same packets, times, ports, numbers and marks",
            arguments: Family.allCases
        )
        func exported(family: Family) async throws {
            var table: [CSVPacket] = []
            let (report, log) = try await Self.cut(family) { lab, path in
                let program = try Executables.built("linecheck")
                for file in ["a.pcapng", "a.csv"] {
                    let arguments = [program, "report", path, "--incident", "1", "--export"]
                    let export = try await lab.start(arguments + [lab.folder.path + "/" + file], at: .site).end(
                        within: 20
                    )
                    #expect(export.status < 64 && export.standardError.contains("packets of 1 incident are in"))
                }
                let pages = try await lab.start([program, "report", path, "--packets"], at: .site).end(within: 20)
                #expect(pages.standardOutput.contains("forward delay, ms"))
                #expect(pages.standardOutput.split(separator: "\n").allSatisfy { $0.count <= 80 })
                let report = try IncidentReport(path: path)
                try Self.expectSame(lab, report, family)
                table = try CSVPacket.all(lab.folder.path + "/a.csv")
            }
            #expect(report.incidents.count == 2)
            try Self.expectTable(table, report, log, family)
        }

        /// A table of values is what the document has, and what the link saw.
        private static func expectTable(
            _ table: [CSVPacket],
            _ report: IncidentReport,
            _ log: [LoggedFrame],
            _ family: Family
        ) throws {
            let (incident, packets) = (report.incidents[0], report.packets[0])
            #expect(table.map(\.sequence) == packets.map(\.sequence))
            #expect(table.map(\.sentUnixNs) == packets.map(\.sentNs))
            #expect(table.map(\.fate) == packets.map(\.fate))
            for (row, packet) in zip(table, packets) {
                #expect(row.forwardNs == packet.forwardNs && row.reverseNs == packet.reverseNs)
                #expect(row.dscpFarEnd == packet.farDscp && row.dscpReturned == packet.returnedDscp)
                #expect(row.incident == 1 && row.port == incident.port && row.dscpSent == 46)
                #expect(row.localAddress == incident.localAddress && row.localPort == incident.localPort)
                #expect(row.address == family.farAddress)
                #expect(row.oneWayUncertaintyMs == (packet.forwardNs == nil ? nil : incident.oneWayUncertainty))
            }
            // By another program's reading, the table alone says of each packet what the link's log says.
            let requests = bySequence(log, .forward, incident.port)
            let replies = bySequence(log, .reverse, incident.port)
            for row in table {
                let request = try #require(requests[row.sequence])
                #expect((row.fate == "answered") == request.left, "packet \(row.sequence)")
                guard let reply = replies[row.sequence], let forward = row.forwardNs, let reverse = row.reverseNs,
                    let left = request.sentAt, let returned = reply.sentAt
                else { continue }
                let bound = Int64((incident.oneWayUncertainty + 2) * 1e6)
                #expect(abs(forward - (left - request.receivedAt)) < bound, "packet \(row.sequence)")
                #expect(abs(reverse - (returned - reply.receivedAt)) < bound, "packet \(row.sequence)")
                #expect(row.dscpReturned == reply.dscpOut)
            }
            #expect(table.count { $0.fate == "lost_forward" } == requests.values.count { !$0.left })
        }

        private static func expectSame(_ lab: Lab, _ report: IncidentReport, _ family: Family) throws {
            let (incident, packets) = (report.incidents[0], report.packets[0])
            let file = lab.folder.path + "/a.pcapng"
            let read = try Command.run(try Executables.peer("read_capture.py") + [file, "\(incident.port)"])
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let frames = try decoder.decode([CapturedFrame].self, from: Data(read.standardOutput.utf8))
            #expect(frames.allSatisfy { $0.checksums })
            #expect(frames.allSatisfy { $0.comment.hasPrefix("rebuilt: incident 1, packet \($0.sequence), ") })
            #expect(frames.allSatisfy { $0.length == 182 })
            let site = frames.filter { $0.interface == "site" }
            let requests = site.filter { $0.destinationPort == incident.port }
            #expect(requests.map(\.sequence) == packets.map(\.sequence))
            #expect(requests.map(\.atNs) == packets.map(\.sentNs))
            #expect(requests.allSatisfy { $0.source == incident.localAddress && $0.sourcePort == incident.localPort })
            #expect(requests.allSatisfy { $0.destination == family.farAddress && $0.dscp == 46 })
            let answered = packets.filter { $0.fate == "answered" }
            let replies = site.filter { $0.sourcePort == incident.port }
            #expect(replies.count == answered.count && answered.count < packets.count)
            let arrivals = Dictionary(uniqueKeysWithValues: replies.map { ($0.sequence, $0) })
            for packet in answered {
                let reply = try #require(arrivals[packet.sequence])
                #expect(reply.atNs == packet.answeredNs)
                #expect(reply.dscp == packet.returnedDscp)
            }
            #expect(frames.count { $0.interface == "far" } == 2 * answered.count)
            try expectOtherReaders(file, frames)
        }

        /// tcpdump and tshark see as many packets, at the same nanosecond.
        private static func expectOtherReaders(_ file: String, _ frames: [CapturedFrame]) throws {
            let times = frames.map { frame in
                "\(frame.atNs / 1_000_000_000).\("\(frame.atNs % 1_000_000_000 + 1_000_000_000)".dropFirst())"
            }
            let tcpdump = try #require(Executables.tool("tcpdump"))
            let lines = try Command.run([tcpdump, "-r", file, "-n", "-tt", "--nano"])
            #expect(lines.standardOutput.split(separator: "\n").map { String($0.prefix(20)) } == times)
            let tshark = try #require(Executables.tool("tshark"))
            let fields = ["-e", "frame.time_epoch", "-e", "udp.dstport", "-e", "frame.comment"]
            let read = try Command.run([tshark, "-r", file, "-T", "fields", "-o", "udp.check_checksum:TRUE"] + fields)
            let rows = read.standardOutput.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
            #expect(rows.map { $0[0] } == times)
            #expect(rows.map { $0[1] } == frames.map { "\($0.destinationPort)" })
            #expect(rows.map { $0[2] } == frames.map(\.comment))
        }
    }
}

/// What `read_capture.py` prints of one packet.
private struct CapturedFrame: Decodable {
    var atNs: Int64
    var source: String
    var sourcePort: UInt16
    var destination: String
    var destinationPort: UInt16
    var dscp: Int
    var sequence: UInt32
    var length: Int
    var interface: String
    var checksums: Bool
    var comment: String
}

/// What Python's `csv` reads of one packet (`read_packet_table.py`).
private struct CSVPacket: Decodable {
    var incident: Int
    var address: String
    var port: UInt16
    var localAddress: String
    var localPort: UInt16
    var sequence: UInt32
    var sentUnixNs: Int64
    var fate: String
    var forwardNs: Int64?
    var reverseNs: Int64?
    var oneWayUncertaintyMs: Double?
    var dscpSent: Int
    var dscpFarEnd: Int?
    var dscpReturned: Int?

    static func all(_ path: String) throws -> [CSVPacket] {
        let read = try Command.run(try Executables.peer("read_packet_table.py") + [path])
        guard read.status == 0 else { throw LabFailure("the table cannot be read: \(read.standardError)") }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode([CSVPacket].self, from: Data(read.standardOutput.utf8))
    }
}

/// The incidents of a result as another reader has them: the document from its published names, the packets from the
/// words of the schema (`read_packets.py`).
struct IncidentReport {
    struct Broken: Decodable {
        var criterion: String
        var direction: String?
        var bound: String
        var proven: Bool
        /// Nanoseconds since 1970.
        var from: Int64
        var until: Int64

        enum CodingKeys: String, CodingKey { case criterion, direction, bound, proven, from, until }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            criterion = try fields.decode(String.self, forKey: .criterion)
            direction = try fields.decodeIfPresent(String.self, forKey: .direction)
            bound = try fields.decode(String.self, forKey: .bound)
            proven = try fields.decode(Bool.self, forKey: .proven)
            from = try Self.nanoseconds(fields.decode(String.self, forKey: .from))
            until = try Self.nanoseconds(fields.decode(String.self, forKey: .until))
        }

        private static func nanoseconds(_ text: String) throws -> Int64 {
            let parts = text.dropLast().split(separator: ".")
            guard parts.count == 2, let micro = Int64(parts[1]),
                let date = ISO8601DateFormatter().date(from: parts[0] + "Z")
            else { throw LabFailure("not a time: \(text)") }
            return Int64(date.timeIntervalSince1970) * 1_000_000_000 + micro * 1_000
        }
    }

    struct Incident: Decodable {
        var port: UInt16
        var broken: [Broken]
        var localAddress: String
        var localPort: UInt16
        var oneWayUncertainty: Double

        enum CodingKeys: String, CodingKey {
            case port, broken
            case localAddress = "local_address"
            case localPort = "local_port"
            case oneWayUncertainty = "one_way_uncertainty_ms"
        }
    }

    struct Packet: Decodable {
        var sequence: UInt32
        var fate: String
        var sentNs: Int64
        var forwardNs: Int64?
        var reverseNs: Int64?
        var stayNs: Int64?
        var farDscp: Int?
        var returnedDscp: Int?

        /// Nil where nothing came back.
        var answeredNs: Int64? {
            forwardNs.flatMap { forward in
                reverseNs.flatMap { reverse in stayNs.map { sentNs + forward + $0 + reverse } }
            }
        }
    }

    private struct Document: Decodable {
        var incidents: [Incident]
    }

    var incidents: [Incident]
    /// By incident.
    var packets: [[Packet]]

    init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        incidents = try JSONDecoder().decode(Document.self, from: data).incidents
        let read = try Command.run(try Executables.peer("read_packets.py") + [path])
        guard read.status == 0 else { throw LabFailure("the packets cannot be read: \(read.standardError)") }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        packets = try decoder.decode([[Packet]].self, from: Data(read.standardOutput.utf8))
    }
}
