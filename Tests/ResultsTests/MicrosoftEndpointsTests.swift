import Foundation
import Readiness
import Results
import Testing
import Units

@Suite("Microsoft's list of endpoints")
struct MicrosoftEndpointsTests {
    /// In the form of the web service's answer, cut short.
    private static let list = """
        [
          {"id": 1, "serviceArea": "Exchange", "serviceAreaDisplayName": "Exchange Online",
           "urls": ["outlook.office.com"], "ips": ["13.107.6.152/31", "2603:1006::/40"], "tcpPorts": "80,443",
           "udpPorts": "443", "expressRoute": true, "category": "Optimize", "required": true},
          {"id": 11, "serviceArea": "Skype", "serviceAreaDisplayName": "Microsoft Teams",
           "ips": ["52.112.0.0/14", "52.122.0.0/15", "2603:1063::/38"], "udpPorts": "3478,3479,3480,3481",
           "expressRoute": true, "category": "Optimize", "required": true},
          {"id": 12, "serviceArea": "Skype", "urls": ["*.lync.com"], "ips": ["52.238.119.141/32"],
           "tcpPorts": "443,80", "expressRoute": true, "category": "Allow", "required": true},
          {"id": 127, "serviceArea": "Skype", "urls": ["*.skype.com"], "tcpPorts": "443,80", "required": true}
        ]
        """

    private func read(_ text: String) throws(MicrosoftEndpoints.Refusal) -> MediaRanges {
        try MicrosoftEndpoints.ranges(
            Data(text.utf8),
            source: .file("endpoints.json"),
            asOf: WallInstant(nanosecondsSinceUnixEpoch: 5)
        )
    }

    private func refusal(_ text: String) -> String? {
        do throws(MicrosoftEndpoints.Refusal) {
            _ = try read(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func mediaRangesAreThoseOfTeamsForUDP() throws {
        let ranges = try read(Self.list)
        #expect(ranges.prefixes.map(\.description) == ["52.112.0.0/14", "52.122.0.0/15", "2603:1063::/38"])
        #expect(ranges.prefixes == MediaRanges.shipped.prefixes)
        #expect(ranges.source == .file("endpoints.json") && ranges.asOf.nanosecondsSinceUnixEpoch == 5)
    }

    @Test func portsMayBeRanges() throws {
        let ranged = Self.list.replacing("3478,3479,3480,3481", with: "443, 3400-3500")
        #expect(try read(ranged).prefixes.count == 3)
        let others = Self.list.replacing("3478,3479,3480,3481", with: "443,50000-50059")
        #expect(refusal(others)?.contains("no set of Teams") == true)
    }

    @Test func refusals() {
        #expect(refusal("{")?.hasPrefix("it is not JSON") == true)
        #expect(refusal("{}")?.hasPrefix("it is not a list of endpoint sets: the top") == true)
        #expect(refusal("[]")?.contains("no set of Teams") == true)
        #expect(refusal("[{\"serviceArea\": \"Skype\"}]")?.contains("[0] has no id") == true)
        let range = refusal(Self.list.replacing("52.112.0.0/14", with: "52.112.0.0/34"))
        #expect(range == "set 11: '52.112.0.0/34': the length '34' must be within 0-32")
    }
}
