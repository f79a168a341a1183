import Testing

/// The truth is itself worked out by code, so it is held against a path worked out by hand. Needs no lab.
@Suite("The path's truth")
struct PathTruthTests {
    /// Packets enter every 20 ms from number 10 on; number 9 and 15 are outside the measured range.
    private let log = """
        direction,source,source_port,destination,destination_port,dscp_in,dscp_out,length,sequence,received_ns,\
        planned_ns,sent_ns,send_call_ns,fate,payload_head
        \(line(9, at: 0, for: 30, "sent"))
        \(line(10, at: 20, for: 30, "sent"))
        \(line(11, at: 40, for: 55, "sent", mark: 0))
        \(line(12, at: 60, for: 32, "sent"))
        \(line(12, at: 60, for: 33, "duplicate"))
        \(line(13, at: 80, for: nil, "lost"))
        \(line(14, at: 100, for: nil, "lost"))
        \(line(15, at: 120, for: 30, "sent"))
        \(line(10, at: 20, for: 1, "sent", port: 3479))
        """

    private static func line(
        _ sequence: Int,
        at entered: Int,
        for delay: Int?,
        _ fate: String,
        mark: Int = 46,
        port: Int = 3478
    ) -> String {
        let left = delay.map { "\((entered + $0) * 1_000_000)" } ?? ""
        let head = "000000" + (sequence < 16 ? "0" : "") + String(sequence, radix: 16)
        return "forward,10.77.0.1,50000,10.77.0.2,\(port),46,\(mark),182,\(sequence),\(entered * 1_000_000),"
            + "\(left),\(left),5000,\(fate),\(head)"
    }

    @Test("Loss, copies, order, delay, jitter and marks of a path worked out by hand")
    func byHand() throws {
        let truth = PathTruth(
            try LoggedFrame.read(csv: log),
            direction: .forward,
            port: 3478,
            sequences: 10...14
        )
        #expect(truth.offered == 5)
        #expect(truth.lost == 2)
        #expect(truth.longestLossPeriod == 2)
        #expect(truth.duplicates == 1)
        // 10 leaves at 50 ms, 12 at 92 ms, 11 at 95 ms.
        #expect(truth.reordered == 1)
        #expect(truth.delays == [30, 32, 55])
        #expect(truth.delayMedian == 32)
        // Each send took 5 µs, and the frame left somewhere in it.
        #expect(truth.delayBounds(0.5) == 31.9975...32.0025)
        #expect(truth.delayBounds(1) == 54.9975...55.0025)
        // D(10, 12) = 42 - 40 = 2; D(12, 11) = 3 - (-20) = 23.
        let first = 2.0 / 16
        #expect(truth.jitters == [first, first + (23 - first) / 16])
        #expect(truth.marksOut == ["46": 2, "0": 1])
    }

    @Test("What one direction reordered does not count for the other")
    func orderOfEntering() throws {
        let log = """
            direction,source,source_port,destination,destination_port,dscp_in,dscp_out,length,sequence,received_ns,\
            planned_ns,sent_ns,send_call_ns,fate,payload_head
            \(Self.line(11, at: 10, for: 5, "sent"))
            \(Self.line(10, at: 20, for: 5, "sent"))
            """
        let frames = try LoggedFrame.read(csv: log)
        #expect(PathTruth(frames, direction: .forward, port: 3478, sequences: 10...14).reordered == 0)
    }

    @Test("A reply is known by the number that it quotes")
    func replies() throws {
        var frame = try #require(try LoggedFrame.read(csv: log).first)
        frame.direction = .reverse
        frame.payloadHead = [UInt8](repeating: 0, count: 64)
        frame.payloadHead[27] = 24
        frame.payloadHead[51] = 48
        #expect(frame.senderSequence(authenticated: false) == 24)
        #expect(frame.senderSequence(authenticated: true) == 48)
    }

    @Test("Only namespaces of labs are cleared away")
    func staleNames() {
        #expect(StaleLabs.owner(of: "lc-123-4-site") == 123)
        #expect(StaleLabs.owner(of: "lc-123-trial") == 123)
        #expect(StaleLabs.owner(of: "office") == nil)
        #expect(StaleLabs.owner(of: "lc-x-4-site") == nil)
    }
}
