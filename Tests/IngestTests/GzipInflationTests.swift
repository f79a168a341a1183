import Testing

@testable import Deflate

@Suite struct GzipInflationTests {
    private func refusal(_ octets: [UInt8], limit: Int = 1_000_000) -> GzipInflation.Refusal? {
        do throws(GzipInflation.Refusal) {
            _ = try GzipInflation.inflate(octets, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 500_000])
    func whatWasCompressedComesBack(count: Int) throws {
        let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 / 3) }
        #expect(try GzipInflation.inflate(Compression.gzip(octets), limit: count) == octets)
    }

    @Test func membersFollowOneAnother() throws {
        let both = Compression.gzip([1, 2]) + Compression.gzip([3])
        #expect(try GzipInflation.inflate(both, limit: 3) == [1, 2, 3])
        #expect(refusal(both, limit: 2) == .tooLong(limit: 2))
    }

    /// 100 MB of nothing in 100 kB: it is given up at the limit.
    @Test func aBombIsGivenUp() {
        let bomb = Compression.gzip([UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 60_000)
        #expect(refusal(bomb) == .tooLong(limit: 1_000_000))
        let members = Array(repeating: Compression.gzip([UInt8](repeating: 0, count: 600_000)), count: 2).flatMap { $0 }
        #expect(refusal(members) == .tooLong(limit: 1_000_000))
    }

    @Test func damageIsRefused() {
        let member = Compression.gzip(Array("a body of some length, so that there is something to damage".utf8))
        #expect(refusal([]) == .cut)
        #expect(refusal(Array("plain".utf8)) == .notGzip)
        for length in 1..<member.count { #expect(refusal(Array(member.prefix(length))) == .cut) }
        #expect(refusal(member + [0]) == .trailing)
        #expect(refusal(member + [0x1f]) == .cut)
        var damaged = member
        damaged[member.count - 6] ^= 1
        #expect(refusal(damaged) == .notGzip)
    }
}
