import CLinux
import Foundation
import Glibc
import Readiness
import Testing
import Units
import Wire

@testable import LinuxNet

@Suite("Links are watched", .enabled(if: NetworkNamespace.isAvailable, "needs root, ip and veth"))
struct PathWatchTests {
    /// The frame of `LinkDiscoveryTests`, by Scapy.
    private static let lldp: [UInt8] = {
        let hex =
            "0180c200000e001b21aabbcc88cc020704001b21aabbcc0415054769676162697445746865726e6574312f302f3706020078"
            + "0a0b73772d6265726c696e2d340000"
        let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }()

    private static func send(_ frame: [UInt8], by interface: String) {
        let descriptor = socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_ifindex = Int32(if_nametoindex(interface))
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, frame, frame.count, 0, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
            }
        }
    }

    @Test func aSwitchIsHeardAndCountersGrow() throws {
        let namespace = try NetworkNamespace()
        try namespace.ip("link add up0 type veth peer name switch0")
        try namespace.ip("address add 10.1.0.2/24 dev up0")
        try namespace.ip("link set up0 up")
        try namespace.ip("link set switch0 up")
        let evidence = try namespace.inside {
            let destination = SocketAddress(address: IPAddress(ipv4: 0x0a01_0001), port: 3_478)
            let survey = PathSurvey(
                destinations: [.init(name: "relay", host: "relay", address: destination, resolved: [])],
                dscp: .expeditedForwarding
            )
            let before = survey.read()
            let watch = try PathWatch()
            // The thread opens its socket in its own time.
            for _ in 0..<20 {
                Self.send(Self.lldp, by: "switch0")
                usleep(50_000)
            }
            return watch.finish(before)
        }
        let neighbour = try #require(evidence.neighbours.first)
        #expect(neighbour.interface == "up0" && neighbour.name == "sw-berlin-4")
        #expect(neighbour.port == "GigabitEthernet1/0/7" && neighbour.chassis == "00:1b:21:aa:bb:cc")
        let during = try #require(evidence.links.first { $0.interface == "up0" }?.during)
        #expect(during.receivedPackets >= 20 && during.errors == 0)
        #expect(evidence.unread.contains { $0.fact == "wifi" })
    }

    @Test func silenceIsAbsentWithItsReason() throws {
        let namespace = try NetworkNamespace()
        let evidence = try namespace.inside { try PathWatch().finish(PathEvidence()) }
        #expect(evidence.neighbours.isEmpty)
        #expect(evidence.unread.contains { $0.fact == "lldp" && $0.reason.contains("no switch spoke") })
    }
}
