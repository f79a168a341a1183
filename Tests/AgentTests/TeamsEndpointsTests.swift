import Agent
import Foundation
import Testing
import Units

@Suite struct TeamsEndpointsTests {
    private static func read(_ json: String) throws -> TeamsEndpoints {
        try TeamsEndpoints(json: Data(json.utf8), file: "endpoints.json")
    }

    @Test func onlySetsWithTheRelaysPortsAreTaken() throws {
        let json = """
            [{"id": 1, "serviceArea": "Exchange", "ips": ["40.96.0.0/13"], "tcpPorts": "80,443", "category": "Optimize"},
             {"id": 11, "serviceArea": "Skype", "ips": ["52.112.0.0/14", "2603:1063::/38"],
              "udpPorts": "3478,3479,3480,3481", "category": "Optimize", "required": true},
             {"id": 12, "serviceArea": "Skype", "urls": ["*.lync.com"], "ips": ["52.112.0.0/14"], "udpPorts": "443"},
             {"id": 13, "ips": ["192.0.2.0/24", "52.112.0.0/14"], "udpPorts": "3478-3481"}]
            """
        let endpoints = try Self.read(json)
        #expect(endpoints.ranges.map(\.description) == ["52.112.0.0/14", "2603:1063::/38", "192.0.2.0/24"])
        #expect(endpoints.source == "endpoints.json")
    }

    @Test(arguments: [
        "", "{}", "[]", #"[{"ips": ["52.112.0.0/14"], "udpPorts": "443"}]"#,
        #"[{"ips": ["52.112.0.0/99"], "udpPorts": "3478"}]"#, #"[{"ips": ["52.112.0.1/14"], "udpPorts": "3478"}]"#,
    ])
    func whatIsNoListIsRefused(json: String) {
        #expect(throws: TextRefusal.self) { try Self.read(json) }
    }

    @Test func theBuiltInListHasItsDate() {
        #expect(TeamsEndpoints.shipped.ranges.count == 3)
        #expect(TeamsEndpoints.shipped.source.contains("2026-08-14"))
    }
}
