import CLinux
import Glibc
import Testing
import Units

@testable import LinuxNet

/// Datagrams over loopback, with all that the kernel says beside them.
@Suite struct DatagramTests {
    static let loopbacks = [IPAddress(ipv4: 0x7f00_0001), IPAddress(ipv6High: 0, low: 1)]

    @Test(arguments: loopbacks)
    func theKernelTellsTimeMarkHopsAndDestination(loopback: IPAddress) throws {
        let receiver = try UDPSocket(family: loopback.family)
        try receiver.enableReception(transmitTimestamps: false)
        if loopback.family == .ipv4 {
            try receiver.set(Int32(IPPROTO_IP), Int32(IP_PKTINFO), 1, "IP_PKTINFO")
        } else {
            try receiver.set(Int32(IPPROTO_IPV6), Int32(IPV6_RECVPKTINFO), 1, "IPV6_RECVPKTINFO")
        }
        try receiver.bind(to: SocketAddress(address: loopback, port: 0))
        let bound = receiver.localAddress()
        let target = try #require(bound)
        let sender = try UDPSocket(family: loopback.family)
        try sender.mark(.expeditedForwarding)
        try sender.connect(to: target)
        // The kernel turns timestamping on only a moment after a socket asks: other datagrams go before.
        _ = try SelfTest.timestamping()
        let before = SystemClock().wall()
        #expect(send(sender.number, "probe", 5, 0) == 5)

        var batch = MessageBatch(capacity: 4, bufferLength: 64)
        var poll = pollfd(fd: receiver.number, events: Int16(POLLIN), revents: 0)
        #expect(Glibc.poll(&poll, 1, 5_000) == 1)
        let count = batch.receive(from: receiver.number)
        #expect(count == 1)
        let (length, truncated, peer) = (batch.length(0), batch.isTruncated(0), batch.peer(0))
        let octets = Array(batch.payload(0, length: 5))
        #expect(length == 5 && !truncated && octets == Array("probe".utf8))
        let own = sender.localAddress()
        #expect(peer == own)
        let control = batch.controlMessages(0)
        #expect(control.trafficClass == 46 << 2)
        #expect(control.timeToLive == 255)
        #expect(control.destination == loopback)
        let stamp = try #require(control.timestamp)
        #expect(stamp >= before - .milliseconds(1) && stamp <= SystemClock().wall())
    }

    @Test func aDatagramLongerThanTheBufferIsKnownToBe() throws {
        let receiver = try UDPSocket(family: .ipv4)
        try receiver.bind(to: SocketAddress(address: Self.loopbacks[0], port: 0))
        let sender = try UDPSocket(family: .ipv4)
        let bound = receiver.localAddress()
        let target = try #require(bound)
        try sender.connect(to: target)
        let long = [UInt8](repeating: 1, count: 65)
        #expect(send(sender.number, long, long.count, 0) == 65)
        var batch = MessageBatch(capacity: 1, bufferLength: 64)
        var poll = pollfd(fd: receiver.number, events: Int16(POLLIN), revents: 0)
        #expect(Glibc.poll(&poll, 1, 5_000) == 1)
        let count = batch.receive(from: receiver.number)
        #expect(count == 1)
        let truncated = batch.isTruncated(0)
        #expect(truncated)
    }

    @Test func loopbackHasBothTimestamps() throws {
        #expect(try SelfTest.timestamping() == SelfTest.Timestamping(transmit: true, receive: true))
    }

    @Test func theClocksAreReadTogether() {
        let clock = SystemClock()
        let first = clock.read()
        let second = clock.read()
        #expect(second.monotonic >= first.monotonic)
        // The wall clock moves with the monotonic one, whatever time passes in between.
        let drift = (second.wall - first.wall) - (second.monotonic - first.monotonic)
        #expect(drift.magnitude < .milliseconds(1))
    }
}
