import ProbeCore
import Testing
import Units

@Suite struct UnreachableReasonTests {
    private func logged(_ source: IPAddress, type: UInt8, code: UInt8, fromEndpoint: Bool = false) -> StreamLog {
        var log = ObservationLog(streams: 1, interval: .milliseconds(20), replyTimeout: .seconds(2))
        for _ in 0..<2 {
            log.append(
                .unreachable(
                    stream: 0,
                    at: .example,
                    source: source,
                    type: type,
                    code: code,
                    fromEndpoint: fromEndpoint
                )
            )
        }
        return log.streams[0]
    }

    @Test(
        arguments: [
            (3, 0, "no route to destination"), (3, 1, "host unreachable"), (3, 2, "protocol unreachable"),
            (3, 3, "port unreachable"), (3, 4, "packet too big"), (3, 9, "administratively prohibited"),
            (3, 10, "administratively prohibited"), (3, 13, "administratively prohibited"),
            (11, 0, "hop limit exceeded"), (3, 255, "ICMP type 3 code 255"), (1, 4, "ICMP type 1 code 4"),
        ] as [(UInt8, UInt8, String)]
    )
    func icmpIsSpelledOut(type: UInt8, code: UInt8, reason: String) {
        #expect(logged(.example(9), type: type, code: code).unreachable.keys.map(\.reason) == [reason])
    }

    @Test(
        arguments: [
            (1, 0, "no route to destination"), (1, 1, "administratively prohibited"), (1, 3, "host unreachable"),
            (1, 4, "port unreachable"), (1, 5, "refused by a routing policy"), (1, 6, "refused by a routing policy"),
            (2, 0, "packet too big"), (3, 0, "hop limit exceeded"), (4, 1, "ICMP type 4 code 1"),
        ] as [(UInt8, UInt8, String)]
    )
    func icmpv6IsSpelledOut(type: UInt8, code: UInt8, reason: String) {
        #expect(logged(.example6(9), type: type, code: code).unreachable.keys.map(\.reason) == [reason])
    }

    @Test(arguments: [IPAddress.example(9), .example6(9), IPAddress(ipv4: .max), IPAddress(ipv6High: .max, low: .max)])
    func theSourceSurvivesTheRecord(source: IPAddress) throws {
        let entry = try #require(logged(source, type: 3, code: 3, fromEndpoint: true).unreachable.first)
        #expect(entry.key.source == source && entry.key.fromEndpoint)
        #expect(entry.key.type == 3 && entry.key.code == 3)
        #expect(entry.value == 2)
        #expect(logged(source, type: 3, code: 3).unreachable.keys.map(\.fromEndpoint) == [false])
    }
}
