import Foundation
import Readiness
import Testing
import Units

@testable import Results
@testable import SampleChecks

/// Reading in the order of keys reads what the ordinary reading does, or leaves the document to that.
@Suite struct OrderedReadingTests {
    /// With every part that an agent adds to a check.
    private static func asAgentsSend(_ document: ResultDocument) throws -> ResultDocument {
        var document = document
        let at = UTCTime(WallInstant(nanosecondsSinceUnixEpoch: 1_795_500_000_000_000_000))
        document.schedule = ScheduledSlotDocument(name: "hourly \u{e9}\"\\/", slotAt: at)
        document.delivery = DeliveryDocument(
            spool: "durable",
            pending: 3,
            oldestPendingSeconds: 12.5,
            held: 0,
            setAside: 1,
            dropped: 0,
            lastSuccessAt: at,
            lastFailureAt: at,
            lastFailure: "503: \u{1f600}\n"
        )
        document.continuous = ContinuousDocument(run: document.id, segment: 2)
        document.path = try JSONDecoder().decode(PathDocument.self, from: Data(path.utf8))
        document.location = LocationDocument(
            interface: "eth0",
            subnets: ["192.0.2.0/24"],
            networkSwitch: .init(chassis: "00:11:22:33:44:55", port: "gi0/1", vlan: 7)
        )
        document.dscp.ecn = ECNDocument(egress: ["not_ect": 12], farEnd: nil, returned: ["ce": 1])
        return document
    }

    private static let path = """
        {"routes": [{"destination": "relay.example.net", "address": "192.0.2.10", "interface": "wlan0", "kind": "wifi",
            "source": "198.51.100.7", "gateway": "198.51.100.1", "prefix": "0.0.0.0/0", "table": 254, "metric": 600,
            "mtu_bytes": 1500, "ipsec_policy": "192.0.2.0/24"},
            {"destination": "2001:db8::/32", "address": "2001:db8::1", "unroutable": "no route", "tunnel": "wg0"}],
        "default_routes": [{"family": "ipv4", "interface": "wlan0", "kind": "wifi", "gateway": "198.51.100.1",
            "table": 254, "metric": 600}],
        "rules": ["100: from all lookup 7"], "proxies": {"HTTPS_PROXY": "http://proxy:3128"},
        "ranges": {"source": "built in", "as_of": "2026-03-01T00:00:00.000000Z", "prefixes": ["52.112.0.0/14"],
            "routes": [], "outside": []},
        "links": [{"interface": "wlan0", "kind": "wifi", "mtu_bytes": 1500, "speed_mbps": 100, "duplex": "full",
            "autonegotiation": true, "during": {"received_packets": 1, "sent_packets": 2, "receive_errors": 3,
            "transmit_errors": 4, "checksum_errors": 5, "receive_drops": 6, "transmit_drops": 7, "collisions": 8}}],
        "wifi": [{"interface": "wlan0", "ssid": "x", "bssid": "00:11:22:33:44:55", "band": "2.4 GHz",
            "frequency_mhz": 2412, "channel_width_mhz": 20, "signal_dbm": -61, "weakest_signal_dbm": -70,
            "transmit_mbps": 72.2, "receive_mbps": 65, "transmitted_packets": 9, "transmit_retries": 1,
            "transmit_failures": 0, "band_2ghz_ratio": 1, "samples": 3,
            "changes": [{"at": "2026-03-01T00:00:01.000000Z", "kind": "roamed", "from": "a", "to": "b"}]}],
        "unread": {"location": "no LLDP"}}
        """

    private static func line(_ document: ResultDocument) throws -> [UInt8] {
        Array(try document.encodedLine().utf8)
    }

    @Test func whatAgentsWriteIsReadThatWay() throws {
        for (name, document) in SampleDocuments.all {
            #expect(ResultDocument.ordered(try Self.line(document)) == document, "\(name)")
            #expect(ResultDocument.ordered(try document.encoded()) == document, "\(name), indented")
            let whole = try Self.asAgentsSend(document)
            #expect(ResultDocument.ordered(try Self.line(whole)) == whole, "\(name), with what agents add")
        }
    }

    /// Every octet in turn is taken out, doubled, or another: whatever is still read must be what the ordinary reading
    /// makes of it.
    @Test func nothingIsReadThatTheOrdinaryReadingRefuses() throws {
        var document = try Self.asAgentsSend(SampleDocuments.document(SampleDocuments.everythingWrong))
        document.streams = Array(document.streams.prefix(1))
        document.criteria = Array(document.criteria.prefix(2))
        document.findings = Array(document.findings.prefix(1))
        let octets = try Self.line(document)
        var random = SeededOctets(state: 7)
        var read = 0
        for place in octets.indices {
            var changed = octets
            switch random.next() % 4 {
            case 0: changed.remove(at: place)
            case 1: changed.insert(changed[place], at: place)
            case 2:
                changed[place] =
                    Array("0123456789-.eE\"\\{}[],:ntf \u{1}\u{7f}".utf8).randomElement(using: &random) ?? 0
            default: changed[place] = UInt8(truncatingIfNeeded: random.next())
            }
            guard let found = ResultDocument.ordered(changed) else { continue }
            read += 1
            let text = String(decoding: changed, as: UTF8.self)
            #expect((try? ResultDocument.decode(Data(changed))) == found, "\(text)")
            #expect(String(validating: changed, as: UTF8.self) != nil)
        }
        #expect(read > octets.count / 20, "changes that leave a document are among these")
    }

    @Test(arguments: [
        // Another order, twice, unknown, null.
        #"{"source":"a","synchronized":true,"max_error_ms":1}"#, #"{"source":"a","source":"a","synchronized":true}"#,
        #"{"source":"a","synchronized":true,"weather":1}"#, #"{"max_error_ms":null,"source":"a","synchronized":true}"#,
        // Not as numbers are written.
        #"{"max_error_ms":01,"source":"a","synchronized":true}"#,
        #"{"max_error_ms":1.,"source":"a","synchronized":true}"#,
        #"{"max_error_ms":.5,"source":"a","synchronized":true}"#,
        #"{"max_error_ms":1e,"source":"a","synchronized":true}"#,
        #"{"max_error_ms":1e999,"source":"a","synchronized":true}"#,
        #"{"max_error_ms":+1,"source":"a","synchronized":true}"#,
        // No text, no commas, too many of them.
        "{\"source\":\"a\u{1}\",\"synchronized\":true}", #"{"source":"a" "synchronized":true}"#,
        #"{"source":"a","synchronized":true,}"#, #"{,"source":"a","synchronized":true}"#,
        #"{"source":"\ud800","synchronized":true}"#, #"{"source":"a","synchronized":tru}"#, #"{"source":"a\"#, "", "{",
    ])
    func whatIsNotAsExpectedIsLeftToTheOrdinaryReading(text: String) {
        var json = OrderedReader(text.utf8)
        #expect(throws: OrderedReader.Doubt.self) { try ClockDocument(&json) }
    }

    @Test func octetsThatAreNoTextAreLeftToTheOrdinaryReading() {
        var json = OrderedReader([0x22, 0x61, 0xff, 0x22] as [UInt8])
        #expect(throws: OrderedReader.Doubt.self) { try json.text() }
    }

    /// Numbers of every length, rounded once.
    @Test func numbersAreThoseThatAnyReaderFinds() throws {
        var random = SeededOctets(state: 11)
        for _ in 0..<20_000 {
            var text = Bool.random(using: &random) ? "-" : ""
            text += "\(UInt64.random(in: 0...(1 << UInt64.random(in: 1...63, using: &random)), using: &random))"
            if Bool.random(using: &random) {
                text += "." + (0..<Int.random(in: 1...25, using: &random)).map { _ in "\(random.next() % 10)" }.joined()
            }
            if random.next() % 8 == 0 { text += "e\(Int.random(in: -40...40, using: &random))" }
            var json = OrderedReader(text.utf8)
            #expect(try json.double() == JSONDecoder().decode(Double.self, from: Data(text.utf8)), "\(text)")
            #expect(json.isAtEnd)
        }
        for (text, value) in [("0", 0), ("-0", 0), ("9223372036854775807", Int.max), ("-42", -42)] {
            var json = OrderedReader(text.utf8)
            #expect(try json.integer() == value)
        }
        for text in ["1.0", "1e2", "9223372036854775808", "65536"] {
            var json = OrderedReader(text.utf8)
            #expect(throws: OrderedReader.Doubt.self) { try json.integer() as UInt16 }
        }
    }

    @Test func anotherSchemaIsLeftToTheOrdinaryReading() throws {
        var document = SampleDocuments.document(SampleDocuments.ready)
        for (schema, isRead) in [
            ("linecheck.result/1.7", true), ("linecheck.result/2", false), ("linecheck.audit/1", false),
        ] {
            document.schema = schema
            #expect((ResultDocument.ordered(try Self.line(document)) != nil) == isRead, "\(schema)")
        }
    }
}

/// SplitMix64.
private struct SeededOctets: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
