import Testing
import Units

@testable import impairment_link

@Suite("The link's log")
struct FrameLogTests {
    @Test("A frame that was sent, with the middle of the send call as its time")
    func sent() throws {
        var record = try record(SampleFrames.ipv6(payload: [0, 0, 1, 2, 0xab]))
        record.plannedAt = instant(2_000)
        record.sendBegan = instant(2_010)
        record.sendEnded = instant(2_030)
        record.dscpOut = .bestEffort
        record.fate = .sent
        #expect(
            FrameLog.line(record)
                == "forward,fd77:0:0:0:0:0:0:1,50000,fd77:0:0:0:0:0:0:2,3478,46,0,5,258,1000,2000,2020,20,sent,00000102ab"
        )
    }

    @Test("A frame that never left has no times of leaving")
    func lost() throws {
        var record = try record(SampleFrames.ipv4(payload: [9]))
        record.fate = .lost
        #expect(FrameLog.line(record) == "forward,10.77.0.1,50000,10.77.0.2,3478,46,46,1,,1000,,,,lost,09")
        #expect(
            FrameLog.line(record).split(separator: ",", omittingEmptySubsequences: false).count == FrameLog.header.count
        )
    }

    @Test("Any fault of the link itself makes its log worthless")
    func faults() {
        #expect(LinkFaults().logIsComplete)
        #expect(LinkFaults(refusedSends: 3).logIsComplete)
        #expect(!LinkFaults(socketDrops: 1).logIsComplete)
        #expect(!LinkFaults(overflows: 1).logIsComplete)
        #expect(!LinkFaults(oversized: 1).logIsComplete)
        #expect(!LinkFaults(unstamped: 1).logIsComplete)
        #expect(!LinkFaults(unfinishedChecksums: 1).logIsComplete)
        #expect(!LinkFaults(clockStep: .milliseconds(2)).logIsComplete)
    }

    private func instant(_ nanoseconds: Int64) -> WallInstant { WallInstant(nanosecondsSinceUnixEpoch: nanoseconds) }

    private func record(_ octets: [UInt8]) throws -> FrameRecord {
        try octets.withUnsafeBytes { frame in
            let parsed = try #require(UDPFrame(frame))
            return FrameRecord(frame, parsed: parsed, direction: .forward, receivedAt: instant(1_000))
        }
    }
}
