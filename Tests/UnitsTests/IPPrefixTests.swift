import Testing
import Units

@Suite struct IPPrefixTests {
    @Test(
        arguments: [
            ("52.112.0.0/14", "52.112.0.0/14"), ("0.0.0.0/0", "0.0.0.0/0"), ("10.1.2.3", "10.1.2.3/32"),
            ("2603:1063::/38", "2603:1063::/38"), ("::/0", "::/0"), ("::1", "::1/128"),
            ("2001:DB8:0:0:0:0:0:0/32", "2001:db8::/32"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1/128"),
            ("2603:1063:400::/38", "2603:1063:400::/38"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8/128"),
        ]
    )
    func reads(text: String, written: String) throws {
        #expect(try IPPrefix(text).description == written)
    }

    @Test(
        arguments: [
            "", "/14", "52.112.0.0/33", "52.112.0.0/", "52.112.0.0/-1", "52.112.0.0/1x", "52.112.0/14",
            "052.112.0.0/14",
            "52.112.0.1/14", "2603:1063::1/38", "2603:1063::/129", "1:2:3:4:5:6:7", "1::2::3", "1:2:3:4:5:6:7:8:9",
            "g::", "12345::", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7::8", "1.2.3.4::", "relay.example",
        ]
    )
    func refuses(text: String) {
        #expect(throws: TextRefusal.self) { try IPPrefix(text) }
    }

    @Test func containsWhatBeginsWithItsBits() throws {
        let range = try IPPrefix("52.112.0.0/14")
        let inside = try ["52.112.0.0", "52.115.255.255"].map { try IPPrefix($0).address }
        let outside = try ["52.111.255.255", "52.116.0.0", "::3470:0"].map { try IPPrefix($0).address }
        #expect(inside.allSatisfy(range.contains) && !outside.contains(where: range.contains))
        #expect(range.contains(try IPPrefix("52.113.0.0/16")))
        #expect(try !range.contains(IPPrefix("52.0.0.0/8")))
        let six = try IPPrefix("2603:1063::/38")
        #expect(six.contains(try IPPrefix("2603:1063:3ff:ffff::").address))
        #expect(!six.contains(try IPPrefix("2603:1063:400::").address))
    }
}
