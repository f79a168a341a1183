import Readiness
import Testing
import Units

@testable import Capture

@Suite("Capture of a check's own packets")
struct CaptureLogTests {
    private static func instant(_ milliseconds: Int) -> WallInstant {
        WallInstant(nanosecondsSinceUnixEpoch: Int64(milliseconds) * 1_000_000)
    }

    private static func record(
        _ stream: UInt32,
        _ number: UInt32,
        _ dscp: UInt8,
        isReply: Bool = false,
        hasNumber: Bool = true,
        at milliseconds: Int = 0
    ) -> CaptureLog.Record {
        CaptureLog.Record(
            at: instant(milliseconds),
            stream: stream,
            number: number,
            trafficClass: dscp << 2,
            isReply: isReply,
            hasNumber: hasNumber
        )
    }

    private static let always = instant(0)...instant(1_000)

    @Test("only measured packets count, each once in each direction")
    func measured() {
        var log = CaptureLog(interface: "eth0")
        for number in 0..<10 as Range<UInt32> {
            log.records.append(Self.record(0, number, 46))
            log.records.append(Self.record(0, number, 0, isReply: true))
        }
        log.records.append(Self.record(0, 5, 46))
        log.records.append(Self.record(0, 5, 0, isReply: true))
        let marks = [log].marks(groups: [0], measured: [3..<8], period: Self.always)
        #expect(marks[0].egress.counts == [.expeditedForwarding: 5])
        #expect(marks[0].returned.counts == [.bestEffort: 5])
        #expect(log.packets == 22)
    }

    @Test("streams of one port are counted together, those of others apart")
    func groups() {
        var log = CaptureLog(interface: "eth0")
        log.records = [Self.record(0, 0, 46), Self.record(1, 0, 46), Self.record(2, 0, 10), Self.record(9, 0, 10)]
        let marks = [log].marks(groups: [0, 0, 1], measured: [0..<5, 0..<5, 0..<5], period: Self.always)
        #expect(marks.map(\.egress.packets) == [2, 1])
    }

    @Test("packets without numbers count by their time")
    func times() {
        var log = CaptureLog(interface: "eth0")
        log.records = [-1, 0, 500, 1_000, 1_001].map { Self.record(0, 0, 46, hasNumber: false, at: $0) }
        #expect([log].marks(groups: [0], measured: [0..<5], period: Self.always)[0].egress.packets == 3)
    }

    @Test("numbers under a mask count from the first request, wherever it and its reply were seen")
    func masked() {
        func record(_ number: UInt32, isReply: Bool, at milliseconds: Int) -> CaptureLog.Record {
            var record = Self.record(0, number ^ 0xdead_beef, 46, isReply: isReply, at: milliseconds)
            record.isMasked = true
            return record
        }
        var leaving = CaptureLog(interface: "eth1")
        leaving.records = (0..<6).map { record($0, isReply: false, at: Int($0)) }
        var returning = CaptureLog(interface: "eth0")
        returning.records = (0..<6).map { record($0, isReply: true, at: Int($0) + 1) }
        for logs in [[leaving, returning], [returning, leaving]] {
            let marks = logs.marks(groups: [0], measured: [2..<5], period: Self.always)[0]
            #expect(marks.egress.packets == 3 && marks.returned.packets == 3)
        }
    }

    @Test("a packet that two interfaces saw counts once")
    func twoInterfaces() {
        var log = CaptureLog(interface: "eth0")
        log.records = (0..<4).map { Self.record(0, $0, 46) }
        let marks = [log, log].marks(groups: [0], measured: [0..<4], period: Self.always)
        #expect(marks[0].egress.packets == 4)
    }

    private static func address(_ last: UInt32, _ port: UInt16) -> CapturedFlow.Address {
        CapturedFlow.Address(address: IPAddress(ipv4: 0x0a00_0000 + last), port: port)
    }

    @Test("a packet is found in either direction, and none of another port")
    func flows() throws {
        let flow = CapturedFlow(
            local: Self.address(1, 40_000),
            remote: Self.address(2, 3_478),
            numbering: .stamp(authenticated: false)
        )
        let table = FlowTable([nil, flow])
        var packet = UDPPacket(
            source: flow.local.address,
            destination: flow.remote.address,
            sourcePort: 40_000,
            destinationPort: 3_478,
            trafficClass: 0,
            vlan: nil,
            ipLength: 100,
            payloadOffset: 42,
            payloadLength: 44
        )
        #expect(table.match(packet)?.stream == 1 && table.match(packet)?.isReply == false)
        swap(&packet.source, &packet.destination)
        swap(&packet.sourcePort, &packet.destinationPort)
        #expect(table.match(packet)?.isReply == true)
        packet.sourcePort = 3_479
        #expect(table.match(packet) == nil)
    }

    @Test("a reply's number is the session-sender's, where its mode has it", arguments: [(false, 24), (true, 48)])
    func numbers(authenticated: Bool, place: Int) {
        let flow = CapturedFlow(
            local: Self.address(1, 1),
            remote: Self.address(2, 2),
            numbering: .stamp(authenticated: authenticated)
        )
        var frame = [UInt8](repeating: 0, count: 10 + 60)
        frame[13] = 7
        frame[10 + place + 3] = 9
        #expect(flow.number(in: frame.span, payloadAt: 10, isReply: false) == 7)
        #expect(flow.number(in: frame.span, payloadAt: 10, isReply: true) == 9)
        #expect(flow.number(in: frame.span, payloadAt: 68, isReply: false) == nil, "what was cut off has no number")
    }

    @Test("many streams make one term of a filter")
    func filter() {
        let flows = (0..<1_000).map { index in
            CapturedFlow(
                local: Self.address(1, UInt16(40_000 + index)),
                remote: Self.address(2, UInt16(3_478 + index % 4)),
                numbering: .stun
            )
        }
        let filter = CaptureFilter.flows(flows)
        #expect(
            filter.untagged
                == "(ip and udp and host 10.0.0.1 and host 10.0.0.2 and portrange 40000-40999 and portrange 3478-3481)"
        )
        #expect(filter.text(for: .raw) == filter.untagged, "tunnels have no tags")
    }
}
