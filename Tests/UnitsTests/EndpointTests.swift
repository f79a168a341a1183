import Testing
import Units

@Suite struct EndpointTests {
    @Test(arguments: [
        ("reflector.example.net", "reflector.example.net", "3478-3481"),
        ("stamp://reflector.example.net", "reflector.example.net", "3478-3481"),
        ("STAMP://reflector.example.net:862", "reflector.example.net", "862"),
        ("reflector:3478,3480-3481", "reflector", "3478,3480-3481"),
        ("host_1-a.example.", "host_1-a.example.", "3478-3481"),
        ("192.0.2.1", "192.0.2.1", "3478-3481"),
        ("192.0.2.1:3478", "192.0.2.1", "3478"),
        ("[2001:db8::1]", "2001:db8::1", "3478-3481"),
        ("[2001:db8::1]:3479-3480", "2001:db8::1", "3479-3480"),
        ("stamp://[2001:DB8::1]:3478", "2001:DB8::1", "3478"),
        ("2001:db8::1", "2001:db8::1", "3478-3481"),
        ("stamp://2001:db8::1", "2001:db8::1", "3478-3481"),
        ("::1", "::1", "3478-3481"),
        ("::", "::", "3478-3481"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1", "3478-3481"),
        ("fe80::1%eth0", "fe80::1%eth0", "3478-3481"),
        ("[fe80::1%wlan0.20]:3478", "fe80::1%wlan0.20", "3478"),
        ("[fe80::1%2]", "fe80::1%2", "3478-3481"),
    ])
    func readsEveryForm(text: String, host: String, ports: String) throws {
        let endpoint = try Endpoint(text)
        #expect(endpoint.scheme == .stamp)
        #expect(endpoint.host == host)
        #expect(try endpoint.ports == PortSet(ports))
        #expect(try Endpoint(endpoint.description) == endpoint)
    }

    @Test(arguments: [
        ("turn://relay.example.net", Endpoint.Scheme.turn, "3478-3481"),
        ("TURN://[2001:db8::1]:3479", .turn, "3479"),
        ("stun://stun.example.net", .stun, "3478"),
        ("stun://192.0.2.1:3478-3479", .stun, "3478-3479"),
    ])
    func serversHaveTheirOwnSchemesAndPorts(text: String, scheme: Endpoint.Scheme, ports: String) throws {
        let endpoint = try Endpoint(text)
        #expect(endpoint.scheme == scheme)
        #expect(try endpoint.ports == PortSet(ports))
        #expect(try Endpoint(endpoint.description) == endpoint)
    }

    @Test(arguments: [
        ("", "endpoint '' names no host; write HOST or HOST:PORTS"),
        ("stamp://", "endpoint 'stamp://' names no host; write HOST or HOST:PORTS"),
        (":3478", "endpoint ':3478' names no host; write HOST or HOST:PORTS"),
        ("[]:3478", "endpoint '[]:3478' names no host; write HOST or HOST:PORTS"),
        (
            "http://reflector",
            "endpoint 'http://reflector': the scheme 'http://' is not known; it can be stamp://, turn://, stun://"
        ),
        (
            "://reflector",
            "endpoint '://reflector': the scheme '://' is not known; it can be stamp://, turn://, stun://"
        ),
        ("[2001:db8::1", "endpoint '[2001:db8::1': the bracket of the IPv6 address is not closed"),
        (
            "[2001:db8::1]3478",
            "endpoint '[2001:db8::1]3478': after the address comes ':' and the ports, not '3478'"
        ),
        (
            "reflector:",
            "endpoint 'reflector:': '' is not a UDP port or a range of them (1-65535, as in 3478-3481)"
        ),
        (
            "reflector:stamp",
            "endpoint 'reflector:stamp': 'stamp' is not a UDP port or a range of them (1-65535, as in 3478-3481)"
        ),
        ("reflector:9-8", "endpoint 'reflector:9-8': the port range '9-8' runs backwards"),
        ("[::1]:", "endpoint '[::1]:': '' is not a UDP port or a range of them (1-65535, as in 3478-3481)"),
        ("[::1]:1-65", "endpoint '[::1]:1-65': '1-65' names 65 ports; at most 64"),
    ])
    func namesWhatIsWrong(text: String, message: String) {
        #expect(throws: TextRefusal(message)) { try Endpoint(text) }
    }

    @Test(arguments: [
        ("my host", "my host"), ("host/path", "host/path"), ("stamp://user@host", "user@host"),
        ("host:3478:3479", "host:3478:3479"), ("bücher.example", "bücher.example"), ("host\u{1b}[m", "host\u{1b}[m"),
        ("a]b", "a]b"), ("a]:b:c", "a]:b:c"), ("host%eth0", "host%eth0"), ("%eth0", "%eth0"),
        ("fe80::1%", "fe80::1%"), ("fe80::1%eth 0", "fe80::1%eth 0"), ("[[::1]", "[::1"), ("[fe80::x]:1", "fe80::x"),
        ("host\u{301}", "host\u{301}"), ("\0", "\0"),
    ])
    func refusesWhatTheResolverNeedNotBeAsked(text: String, host: String) {
        #expect(throws: TextRefusal("endpoint '\(text)': '\(host)' cannot be a host name or an address")) {
            try Endpoint(text)
        }
    }

    @Test func aHostHasAtMost255Octets() throws {
        let longest = String(repeating: "a", count: 255)
        #expect(try Endpoint(longest).host == longest)
        #expect(throws: TextRefusal.self) { try Endpoint(longest + "a") }
    }

    @Test func describesItselfWithSchemeAndPorts() throws {
        #expect(try Endpoint("reflector").description == "stamp://reflector:3478-3481")
        #expect(try Endpoint("fe80::1%eth0").description == "stamp://[fe80::1%eth0]:3478-3481")
        #expect(try Endpoint(host: "::1", ports: PortSet("862")).description == "stamp://[::1]:862")
    }

    @Test func randomTextNeitherTrapsNorReadsBackAsAnother() throws {
        var generator = SeededGenerator(seed: 8762)
        let pieces = "stamp://[]::%%..-,_aF019 /é".map(String.init) + ["\u{301}", "\r\n", "://", "[::1]", ":3478"]
        var accepted = 0
        for _ in 0..<40_000 {
            let text = generator.text(of: pieces, upTo: 16)
            guard let endpoint = try? Endpoint(text) else { continue }
            accepted += 1
            #expect(try Endpoint(endpoint.description) == endpoint, "from '\(text)'")
            #expect(endpoint.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
        }
        #expect(accepted > 1_000)
    }
}
