import Testing
import Units

@Suite struct PortSetTests {
    @Test(
        arguments: [
            ("3478", [3478]), ("3478-3481", [3478, 3479, 3480, 3481]), ("3478,3480-3481", [3478, 3480, 3481]),
            ("3481,3478", [3481, 3478]), ("5,5,4-6,5", [5, 4, 6]), ("1", [1]), ("65535", [65535]), ("7-7", [7]),
            ("65534-65535", [65534, 65535]), ("0003478", [3478]), ("1-64", Array(1...64)),
        ] as [(String, [UInt16])]
    )
    func readsPortsInTheOrderAskedForEachOnce(text: String, ports: [UInt16]) throws {
        #expect(try PortSet(text).ports == ports)
    }

    @Test(
        arguments: [
            ("", "''"), ("0", "'0'"), ("65536", "'65536'"), ("70000-70001", "'70000-70001'"), ("-", "'-'"),
            ("1-2-3", "'1-2-3'"), ("-5", "'-5'"), ("5-", "'5-'"), ("+5", "'+5'"), ("x", "'x'"), ("1,", "''"),
            (",1", "''"),
            ("1,,2", "''"), ("1, 2", "' 2'"), ("0x10", "'0x10'"), ("١٢", "'١٢'"), ("99999999999999999999", nil),
            ("3478–3481", nil),
        ] as [(String, String?)]
    )
    func refusesWhatIsNotAPort(text: String, part: String?) {
        let wanted = "\(part ?? "'\(text)'") is not a UDP port or a range of them (1-65535, as in 3478-3481)"
        #expect(throws: TextRefusal(wanted)) { try PortSet(text) }
    }

    @Test(arguments: [
        ("3481-3478", "the port range '3481-3478' runs backwards"),
        ("1-65", "'1-65' names 65 ports; at most 64"),
        ("1-65535", "'1-65535' names 65535 ports; at most 64"),
        ("1-40,101-140", "'1-40,101-140' names 80 ports; at most 64"),
    ])
    func refusesWithTheBound(text: String, message: String) {
        #expect(throws: TextRefusal(message)) { try PortSet(text) }
    }

    @Test(arguments: [
        ("3478,3479,3480,3481", "3478-3481"), ("3481,3480", "3481,3480"), ("1,2,9,65534-65535", "1-2,9,65534-65535"),
        ("8", "8"), ("2,1,2,3", "2,1,3"),
    ])
    func describesItselfInTheShortestWay(text: String, description: String) throws {
        #expect(try PortSet(text).description == description)
    }

    @Test func theRelaysOfTeamsAreFour() {
        #expect(PortSet.teamsRelays.description == "3478-3481")
    }

    @Test func everyDescriptionReadsBack() throws {
        var generator = SeededGenerator(seed: 3478)
        for _ in 0..<3_000 {
            let parts = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                let low = UInt16.random(in: 1...65_528, using: &generator)
                return "\(low)-\(low + UInt16.random(in: 0...7, using: &generator))"
            }
            let ports = try PortSet(parts.joined(separator: ","))
            #expect(try PortSet(ports.description) == ports)
            #expect(Set(ports.ports).count == ports.ports.count)
        }
    }

    @Test func randomTextNeitherTrapsNorSlipsThrough() throws {
        var generator = SeededGenerator(seed: 3481)
        let pieces = "0123456789,,-- +é\n٣".map(String.init) + ["\u{301}", "34", "3478"]
        var accepted = 0
        for _ in 0..<40_000 {
            let text = generator.text(of: pieces, upTo: 8)
            guard let ports = try? PortSet(text) else { continue }
            accepted += 1
            #expect(try PortSet(ports.description) == ports)
            #expect((1...PortSet.maximumCount).contains(ports.ports.count))
            #expect(!ports.ports.contains(0))
        }
        #expect(accepted > 1_000)
    }
}
