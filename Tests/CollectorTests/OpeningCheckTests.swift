import Collector
import Settings
import Testing
import Units

/// A collector never stands open to a network.
@Suite struct OpeningCheckTests {
    private func refuses(_ yaml: String, readers: Int) throws -> Bool {
        OpeningCheck.refusal(try CollectorConfiguration(yaml: yaml, file: "c"), readers: readers) != nil
    }

    @Test(arguments: [
        ("", 0, false), ("listen: 127.0.0.1:1", 0, false), ("listen: '[::1]:1'", 0, false),
        ("listen: 0.0.0.0:1", 1, true), ("listen: 192.0.2.1:1", 1, true),
        ("listen: 0.0.0.0:1\ntls: {certificate: /c, key: /k}", 0, true),
        ("listen: 0.0.0.0:1\ntls: {certificate: /c, key: /k}", 1, false),
        ("listen: 0.0.0.0:1\nproxies: [192.0.2.9]", 0, true), ("listen: 0.0.0.0:1\nproxies: [192.0.2.9]", 1, false),
        // A proxy on this host makes it reachable from elsewhere.
        ("proxies: [127.0.0.1]", 0, true), ("proxies: [127.0.0.1]", 1, false),
    ])
    func startsOnlyWhereItIsNotOpen(yaml: String, readers: Int, refused: Bool) throws {
        #expect(try refuses(yaml, readers: readers) == refused)
    }
}
