import Foundation
import Testing

extension EndToEnd {
    /// Our session-reflector against independent session-senders.
    @Suite("An independent sender")
    struct PeerSender {
        private static let delayOut: Int64 = 8_000_000
        private static let delayBack: Int64 = 4_000_000
        /// Timestamps are cut to 2^-32 s, and the lab's own clock readings differ by a little.
        private static let slack: Int64 = 200_000

        @Test("Every field of every reply, as scapy reads it", arguments: Family.allCases)
        func fields(family: Family) async throws {
            let report = try PeerSenderReport(
                json: try await run("stamp_sender.py", [family.farAddress], reflector: [])
            )
            #expect(report.exchanges.count == 18)
            for (index, exchange) in report.exchanges.enumerated() {
                let reply = try #require(exchange.reply, "no reply to \(exchange.request.case)")
                try expectBase(reply, to: exchange.request, number: index)
                try expectTLVs(reply, to: exchange.request, localPort: report.localPort)
            }
            try expectCounters(report)
            try expectFollowUps(report)
        }

        private func expectBase(
            _ reply: PeerSenderReport.Reply,
            to request: PeerSenderReport.Request,
            number: Int
        ) throws {
            #expect(reply.sequence == UInt32(number))
            #expect(reply.senderSequence == request.sequence)
            #expect(reply.senderTimestampHex == request.timestampHex)
            #expect(reply.senderErrorEstimate == request.errorEstimate)
            #expect(reply.ssid == request.ssid)
            #expect(reply.mbz == [0, 0])
            #expect(reply.senderTtl == 77)
            #expect(reply.length == request.length)
            #expect(reply.errorEstimate.z == 0)
            #expect(reply.errorEstimate.multiplier != 0)
            // One clock for both ends, so the times must fall into place.
            #expect(reply.receiveTimestampNs >= request.sentNs + Self.delayOut - Self.slack)
            #expect(reply.timestampNs >= reply.receiveTimestampNs)
            #expect(reply.receivedNs >= reply.timestampNs + Self.delayBack - Self.slack)
        }

        private func expectTLVs(
            _ reply: PeerSenderReport.Reply,
            to request: PeerSenderReport.Request,
            localPort: UInt16
        ) throws {
            #expect(reply.tlvs.map(\.type) == request.tlvs.map(\.type))
            #expect(reply.tlvs.map(\.length) == request.tlvs.map(\.length))
            for (answered, asked) in zip(reply.tlvs, request.tlvs) {
                // U stays set for the private type alone; M and I for none.
                #expect(answered.flags == (asked.type == 252 ? 0x80 : 0), "flags of TLV \(asked.type)")
                switch asked.type {
                case 1, 252: #expect(answered.value == asked.value)
                case 2: #expect(answered.value == String(format: "%04x%04x", 3478, localPort))
                // DSCP1 46 as asked, DSCP2 34 and ECN 1 as the request came in, RP 0.
                case 4: #expect(answered.value == "ba240000")
                case 3: try expectTimestampInformation(answered)
                case 5: #expect(answered.number(at: 0, octets: 4) == asked.number(at: 0, octets: 4))
                default: break
                }
            }
            let asksForMark = request.tlvs.contains { $0.type == 4 }
            #expect(reply.trafficClass >> 2 == (asksForMark ? 46 : 34))
        }

        /// RFC 8972 §4.3: sync source 1 to 5 and method 1 to 3, in and out alike.
        private func expectTimestampInformation(_ tlv: PeerSenderReport.TLV) throws {
            for offset in [0, 2] {
                #expect((1...5).contains(try #require(tlv.number(at: offset, octets: 1))))
                #expect((1...3).contains(try #require(tlv.number(at: offset + 1, octets: 1))))
            }
        }

        /// RFC 8972 §4.5: packets received from and sent to this session so far.
        private func expectCounters(_ report: PeerSenderReport) throws {
            for (index, exchange) in report.exchanges.enumerated() {
                guard let tlv = exchange.reply?.tlv(5) else { continue }
                #expect(tlv.number(at: 4, octets: 4) == UInt64(index + 1))
                let transmitted = try #require(tlv.number(at: 8, octets: 4))
                #expect(transmitted == UInt64(index) || transmitted == UInt64(index + 1))
            }
        }

        /// RFC 8972 §4.7: the number of the reply just before and the true time of its sending, where that one was
        /// asked for as well; else zeros, since nobody took that time.
        private func expectFollowUps(_ report: PeerSenderReport) throws {
            var askedBefore: Int?
            for (index, exchange) in report.exchanges.enumerated() {
                guard let tlv = exchange.reply?.tlv(7) else { continue }
                defer { askedBefore = index }
                guard askedBefore == index - 1 else {
                    #expect(tlv.value.allSatisfy { $0 == "0" }, "the reply just before was not asked for")
                    continue
                }
                let number = Int(try #require(tlv.number(at: 0, octets: 4)))
                try #require(number == index - 1)
                let earlier = try #require(report.exchanges[number].reply)
                let seconds = Int64(try #require(tlv.number(at: 4, octets: 4))) - 2_208_988_800
                let fraction = Int64(try #require(tlv.number(at: 8, octets: 4)))
                let sent = seconds * 1_000_000_000 + (fraction * 1_000_000_000) >> 32
                #expect(sent >= earlier.timestampNs - 1_000)
                #expect(sent <= earlier.receivedNs - Self.delayBack + Self.slack)
                #expect((1...3).contains(try #require(tlv.number(at: 12, octets: 1))))
            }
            #expect(askedBefore != nil)
        }

        private struct AuthenticatedReport: Decodable {
            struct Reply: Decodable {
                var length: Int
                var requestLength: Int
                var baseHmacRight: Bool
                var tlvHmacRight: Bool
                var flags: [Int]
                var types: [Int]
                var sequence: UInt32
                var ssid: UInt16
                var senderSequence: UInt32
                var senderTimestampCopied: Bool
                var senderErrorEstimate: UInt16
            }
            var replies: [Reply?]
        }

        @Test("Authenticated mode, by Python's own HMAC")
        func authenticated() async throws {
            let arguments = [Family.ipv4.farAddress, "--key-hex", Modes.key]
            let report: AuthenticatedReport = try decode(
                try await run("stamp_authenticated_sender.py", arguments, reflector: [], key: Modes.key)
            )
            #expect(report.replies.count == 3)
            for (index, reply) in report.replies.enumerated() {
                let reply = try #require(reply)
                #expect(reply.length == reply.requestLength)
                #expect(reply.baseHmacRight)
                #expect(reply.tlvHmacRight)
                #expect(reply.flags == [0, 0])
                #expect(reply.types == [4, 8])
                #expect(reply.sequence == UInt32(index))
                #expect(reply.senderSequence == UInt32(index))
                #expect(reply.senderTimestampCopied)
                #expect(reply.senderErrorEstimate == 0x9601)
                #expect(reply.ssid == 0xbeef)
            }
            let broken: AuthenticatedReport = try decode(
                try await run(
                    "stamp_authenticated_sender.py",
                    arguments + ["--break-tag"],
                    reflector: [],
                    key: Modes.key
                )
            )
            #expect(broken.replies.allSatisfy { $0 == nil })
        }

        private struct LightReport: Decodable {
            struct Exchange: Decodable {
                var requestLength: Int
                var replyLength: Int?
                var sequence: UInt32?
                var senderSequence: UInt32?
                var senderTimestampCopied: Bool?
                var senderErrorEstimateCopied: Bool?
                var senderTtl: Int?
            }
            var exchanges: [Exchange]
        }

        @Test("Short TWAMP-Light requests are answered when that is asked for")
        func twampLight() async throws {
            let report: LightReport = try decode(
                try await run("twamp_light_sender.py", [Family.ipv4.farAddress], reflector: ["--twamp-light"])
            )
            #expect(report.exchanges.count == 4)
            for (index, exchange) in report.exchanges.enumerated() {
                #expect(exchange.replyLength == 44)
                #expect(exchange.sequence == UInt32(index))
                #expect(exchange.senderSequence == UInt32(index))
                #expect(exchange.senderTimestampCopied == true)
                #expect(exchange.senderErrorEstimateCopied == true)
                #expect(exchange.senderTtl == 255)
            }
        }

        @Test("Short requests are refused otherwise, since the answer would be longer than the question")
        func shortRequestsRefused() async throws {
            let sizes = ["14", "41", "43", "44"]
            let report: LightReport = try decode(
                try await run(
                    "twamp_light_sender.py",
                    [Family.ipv4.farAddress, "--sizes"] + sizes,
                    reflector: []
                )
            )
            #expect(report.exchanges.map(\.replyLength) == [nil, nil, nil, 44])
        }

        private func run(
            _ script: String,
            _ arguments: [String],
            reflector: [String],
            key: String? = nil
        ) async throws -> String {
            let sender = try Executables.peer(script) + arguments
            return try await Lab.with(forward: "delay=8ms", reverse: "delay=4ms") { lab in
                let keyOption = try key.map { ["--key-file", try lab.write($0, to: "key")] } ?? []
                try await lab.startReflector(reflector + keyOption)
                let result = try await lab.start(sender, at: .site).end(within: 40)
                guard result.status == 0 else { throw LabFailure("\(script): \(result.standardError)") }
                return result.standardOutput
            }
        }

        private func decode<Report: Decodable>(_ json: String) throws -> Report {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Report.self, from: Data(json.utf8))
        }
    }
}
