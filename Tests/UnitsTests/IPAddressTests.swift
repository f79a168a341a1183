import Glibc
import Testing
import Units

@Suite struct IPAddressTests {
    @Test(
        arguments: [
            (0, 0, "::"), (0, 1, "::1"), (0x2001_0db8_0000_0000, 1, "2001:db8::1"),
            // RFC 5952 §4.2.2: one group of zeros stays.
            (0x2001_0db8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
            // §4.2.3: the longest run, and of two as long the first.
            (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
            (0x2001_0db8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
            // §4.1 and §4.3: no leading zeros, lower case.
            (0x2001_0db8_00ab_0cde, 0xf000_000f_0bad_cafe, "2001:db8:ab:cde:f000:f:bad:cafe"),
            (0x2001_0db8_0000_0000, 0, "2001:db8::"), (0, 0x0000_0000_0001_0000, "::1:0"),
            (0x0001_0000_0000_0000, 0, "1::"),
            (0x0000_0001_0002_0003, 0x0004_0005_0006_0007, "0:1:2:3:4:5:6:7"),
            (0x0001_0002_0003_0004, 0x0005_0006_0007_0000, "1:2:3:4:5:6:7:0"),
            (.max, .max, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), (0xfe80_0000_0000_0000, 0x1, "fe80::1"),
            // §5: the IPv4-mapped prefix alone has the IPv4 address in it.
            (0, 0x0000_ffff_c000_0201, "::ffff:192.0.2.1"), (0, 0x0000_ffff_0000_0000, "::ffff:0.0.0.0"),
            (0, 0x0001_ffff_c000_0201, "::1:ffff:c000:201"), (1, 0x0000_ffff_c000_0201, "::1:0:ffff:c000:201"),
            (0x0064_ff9b_0000_0000, 0xc000_0201, "64:ff9b::c000:201"),
        ] as [(UInt64, UInt64, String)]
    )
    func writesIPv6Canonically(high: UInt64, low: UInt64, text: String) {
        #expect(IPAddress(ipv6High: high, low: low).description == text)
    }

    @Test(
        arguments: [
            (0, "0.0.0.0"), (0xffff_ffff, "255.255.255.255"), (0x7f00_0001, "127.0.0.1"), (0xc000_0201, "192.0.2.1"),
        ] as [(UInt32, String)]
    )
    func writesIPv4Dotted(bits: UInt32, text: String) {
        #expect(IPAddress(ipv4: bits).description == text)
    }

    @Test func agreesWithTheCLibrary() {
        var generator = SeededGenerator(seed: 5952)
        for _ in 0..<8_000 {
            // Groups that are often zero, and often small.
            let groups = (0..<8).map { _ in
                Bool.random(using: &generator) ? 0 : UInt16.random(in: 0...UInt16.max, using: &generator)
            }
            let high = groups[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
            let low = groups[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
            // The library also writes ::a.b.c.d, a form that RFC 4291 §2.5.5.1 has given up.
            guard high != 0 || low >> 32 != 0 else { continue }
            #expect(IPAddress(ipv6High: high, low: low).description == Self.libraryText(groups))
        }
    }

    @Test func readsBackThroughTheCLibraryAsTheSameBits() {
        var generator = SeededGenerator(seed: 4291)
        for _ in 0..<5_000 {
            let (high, low) = (generator.next() & generator.next(), generator.next() & generator.next())
            var parsed = in6_addr()
            #expect(inet_pton(AF_INET6, IPAddress(ipv6High: high, low: low).description, &parsed) == 1)
            let octets = withUnsafeBytes(of: parsed) { Array($0) }
            #expect(octets[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } == high)
            #expect(octets[8...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } == low)
        }
    }

    private static func libraryText(_ groups: [UInt16]) -> String {
        let octets = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, octets, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test func loopback() {
        #expect(IPAddress(ipv4: 0x7f00_0000).isLoopback)
        #expect(IPAddress(ipv4: 0x7fff_ffff).isLoopback)
        #expect(!IPAddress(ipv4: 0x7eff_ffff).isLoopback)
        #expect(!IPAddress(ipv4: 0x8000_0000).isLoopback)
        #expect(IPAddress(ipv6High: 0, low: 1).isLoopback)
        #expect(!IPAddress(ipv6High: 0, low: 2).isLoopback)
        #expect(!IPAddress(ipv6High: 1, low: 1).isLoopback)
        #expect(!IPAddress(ipv6High: 0, low: 0x7f00_0001).isLoopback)
    }

    @Test func multicastAndBroadcast() {
        #expect(IPAddress(ipv4: 0xe000_0000).isMulticastOrBroadcast)
        #expect(IPAddress(ipv4: 0xefff_ffff).isMulticastOrBroadcast)
        #expect(IPAddress(ipv4: 0xffff_ffff).isMulticastOrBroadcast)
        #expect(!IPAddress(ipv4: 0xdfff_ffff).isMulticastOrBroadcast)
        #expect(!IPAddress(ipv4: 0xf000_0000).isMulticastOrBroadcast)
        #expect(!IPAddress(ipv4: 0xffff_fffe).isMulticastOrBroadcast)
        #expect(IPAddress(ipv6High: 0xff02_0000_0000_0000, low: 1).isMulticastOrBroadcast)
        #expect(!IPAddress(ipv6High: 0xfe80_0000_0000_0000, low: 1).isMulticastOrBroadcast)
        #expect(!IPAddress(ipv6High: 0, low: 0xe000_0001).isMulticastOrBroadcast)
    }

    @Test func unspecified() {
        #expect(IPAddress(ipv4: 0).isUnspecified)
        #expect(!IPAddress(ipv4: 1).isUnspecified)
        #expect(IPAddress(ipv6High: 0, low: 0).isUnspecified)
        #expect(!IPAddress(ipv6High: 1, low: 0).isUnspecified)
        #expect(IPAddress(ipv4: 0) != IPAddress(ipv6High: 0, low: 0))
    }
}
