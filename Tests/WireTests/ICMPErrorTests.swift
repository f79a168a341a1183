import Testing
import Units
import Wire

/// ICMP errors as another implementation writes them (Scapy 2.8.0).
private enum Golden {
    /// Time exceeded in its IPv4 packet, from 10.66.3.2, quoting 48 octets of a datagram with TOS 0xb9 and TTL 1.
    static let packet = octets(
        """
        45c0004c000100003e01636a0a4203020a4201010b003cff0000000045b900441234400001114c360a4201010a4205029c400d970030a98a
        0102030405060708090a0b0c0d0e0f1011121314
        """
    )
    /// Communication administratively prohibited, quoting the IP header and 64 bits, as RFC 792 has it.
    static let shortPacket = octets(
        """
        45000038000100004001623e0a4203020a420101030da9600000000045b900441234400001114c360a4201010a4205029c400d970030a98a
        """
    )
    static let ipv6 = octets(
        """
        030061ca000000006b91234500301101fd660001000000000000000000000001fd6600050000000000000000000000029c400d970030c93a
        0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728
        """
    )
    /// Both with two MPLS labels at octet 128 of the body, and without a word of how long the quote is.
    static let labelled = octets(
        """
        0b000fc80000000045b900441234400001114c360a4201010a4205029c400d970030a98a0102030405060708090a0b0c0d0e0f1011121314
        15161718191a1b1c1d1e1f202122232425262728000000000000000000000000000000000000000000000000000000000000000000000000
        000000000000000000000000000000000000000000000000
        20006fda000c010103e81a01493007ff
        """
    )
    static let labelledIPv6 = octets(
        """
        03006192000000006b91234500301101fd660001000000000000000000000001fd6600050000000000000000000000029c400d970030c93a
        0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526272800000000000000000000000000000000
        000000000000000000000000000000000000000000000000
        20006fda000c010103e81a01493007ff
        """
    )
    static let labels: [MPLSLabel] = [MPLSLabel(entry: 0x03e8_1a01), MPLSLabel(entry: 0x4930_07ff)]
}

private func parse(_ octets: [UInt8], _ family: IPAddress.Family = .ipv4) throws(ICMPRefusal) -> ICMPError {
    try ICMPError(parsing: octets.span, family: family)
}

private func parsePacket(_ octets: [UInt8]) throws(ICMPRefusal) -> IPAddress {
    try ICMPError.parse(ipv4Packet: octets.span).sender
}

private func refusal(_ octets: [UInt8], _ family: IPAddress.Family = .ipv4) -> ICMPRefusal? {
    do throws(ICMPRefusal) {
        _ = try parse(octets, family)
        return nil
    } catch {
        return error
    }
}

/// The IPv4 message with its checksum made right again.
private func resealed(_ message: [UInt8]) -> [UInt8] {
    var message = message
    (message[2], message[3]) = (0, 0)
    var checksum = InternetChecksum()
    checksum.add(message.span)
    (message[2], message[3]) = (UInt8(checksum.value >> 8), UInt8(checksum.value & 0xff))
    return message
}

@Suite("ICMP errors")
struct ICMPErrorTests {
    @Test("Time exceeded is read with what it quotes")
    func timeExceeded() throws {
        let (error, sender) = try ICMPError.parse(ipv4Packet: Golden.packet.span)
        #expect(sender == IPAddress(ipv4: 0x0a42_0302))
        #expect(error.type == 11 && error.code == 0)
        let quote = error.quote
        #expect(quote.source == IPAddress(ipv4: 0x0a42_0101))
        #expect(quote.destination == IPAddress(ipv4: 0x0a42_0502))
        #expect(DSCP(trafficClass: quote.trafficClass).value == 46)
        #expect(ECN(trafficClass: quote.trafficClass).value == 1)
        #expect(quote.hopLimit == 1)
        #expect(quote.sourcePort == 40_000 && quote.destinationPort == 3_479)
        #expect(quote.udpLength == 48 && quote.udpChecksum == 0xa98a)
        #expect(quote.payload == Array(1...20))
        #expect(error.labels.isEmpty)
    }

    @Test("A quote of the IP header and 64 bits has no payload")
    func shortQuote() throws {
        let (error, _) = try ICMPError.parse(ipv4Packet: Golden.shortPacket.span)
        #expect(error.type == 3 && error.code == 13)
        #expect(error.quote.udpChecksum == 0xa98a)
        #expect(error.quote.payload.isEmpty)
    }

    @Test("IPv6")
    func ipv6() throws {
        let error = try parse(Golden.ipv6, .ipv6)
        #expect(error.type == 3 && error.code == 0)
        #expect(error.quote.source == IPAddress(ipv6High: 0xfd66_0001_0000_0000, low: 1))
        #expect(error.quote.destination == IPAddress(ipv6High: 0xfd66_0005_0000_0000, low: 2))
        #expect(DSCP(trafficClass: error.quote.trafficClass).value == 46)
        #expect(ECN(trafficClass: error.quote.trafficClass).value == 1)
        #expect(error.quote.hopLimit == 1)
        #expect(error.quote.payload == Array(1...UInt8(ICMPQuote.payloadKept)))
    }

    @Test("A whole quote gives no more payload than what identifies a probe")
    func wholeQuote() throws {
        #expect(try parse(Golden.ipv6, .ipv6).quote.payload.count == ICMPQuote.payloadKept)
    }

    // MARK: Extensions

    @Test("MPLS labels where the message does not say how long its quote is")
    func labels() throws {
        let error = try parse(Golden.labelled)
        #expect(error.labels == Golden.labels)
        #expect(error.labels.map(\.label) == [16_001, 299_776])
        #expect(error.labels.map(\.trafficClass) == [5, 3])
        #expect(error.labels.map(\.timeToLive) == [1, 255])
        #expect(error.quote.payload == Array(1...UInt8(ICMPQuote.payloadKept)))
        #expect(try parse(Golden.labelledIPv6, .ipv6).labels == Golden.labels)
    }

    @Test("MPLS labels where it does: in 32-bit words for IPv4, in 64-bit words for IPv6")
    func statedLength() throws {
        var four = Golden.labelled
        four[5] = 32
        #expect(try parse(resealed(four)).labels == Golden.labels)
        var six = Golden.labelledIPv6
        six[4] = 16
        #expect(try parse(six, .ipv6).labels == Golden.labels)
    }

    @Test("A stated length that is wrong gives no labels, and a quote cut there")
    func wrongLength() throws {
        var message = Golden.labelled
        message[5] = 31
        #expect(try parse(resealed(message)).labels.isEmpty)
        message[5] = 7
        #expect(try parse(resealed(message)).quote.payload.isEmpty)
        message[5] = 6
        #expect(refusal(resealed(message)) == .quoteTooShort)
        message[5] = 255
        #expect(try parse(resealed(message)).labels.isEmpty)
    }

    @Test("Extensions whose version, checksum or object length is wrong are passed over")
    func brokenExtensions() throws {
        for (offset, value) in [(136, UInt8(0x10)), (138, 0x6e), (141, 0xff), (141, 3), (142, 2), (151, 0xfe)] {
            var message = Golden.labelled
            message[offset] = value
            #expect(try parse(resealed(message)).labels.isEmpty, "octet \(offset)")
        }
    }

    // MARK: Refusals

    @Test("Every reason for refusal")
    func refusals() {
        let message = Array(Golden.packet.dropFirst(20))
        func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
            var copy = message
            copy[offset] = value
            return resealed(copy)
        }
        #expect(refusal(Array(message.prefix(7))) == .tooShort)
        var corrupt = message
        corrupt[20] ^= 1
        #expect(refusal(corrupt) == .badChecksum)
        #expect(refusal(changed(0, 8)) == .notAnError)
        #expect(refusal(changed(0, 5)) == .notAnError)
        #expect(refusal(resealed(Array(message.prefix(8)))) == .quoteTooShort)
        #expect(refusal(resealed(Array(message.prefix(8 + 27)))) == .quoteTooShort)
        #expect(refusal(changed(8, 0x65)) == .quoteVersion)
        #expect(refusal(changed(8, 0x44)) == .quoteHeaderLength)
        #expect(refusal(changed(8, 0x4f)) == .quoteTooShort)
        #expect(refusal(changed(8 + 9, 6)) == .quoteNotUDP)
        #expect(refusal(changed(8 + 7, 1)) == .quoteFragment)
        var extended = Golden.ipv6
        extended[8 + 6] = 44
        #expect(refusal(extended, .ipv6) == .quoteNotUDP)
        #expect(refusal(Array(Golden.ipv6.prefix(8 + 47)), .ipv6) == .quoteTooShort)
        #expect(refusal(message, .ipv6) == .notAnError)
    }

    @Test("A packet that is not ICMP is refused", arguments: [(0, UInt8(0x65)), (0, 0x44), (9, 17)])
    func notICMP(offset: Int, value: UInt8) {
        var packet = Golden.packet
        packet[offset] = value
        #expect(throws: ICMPRefusal.notICMP) { try parsePacket(packet) }
    }

    @Test("However a message is cut, it is read or refused")
    func everyLength() {
        for whole in [Golden.labelled, Golden.labelledIPv6, Golden.packet] {
            for length in 0...whole.count {
                let octets = Array(whole.prefix(length))
                _ = try? parse(resealedIfPossible(octets))
                _ = try? parse(octets, .ipv6)
                _ = try? ICMPError.parse(ipv4Packet: octets.span)
            }
        }
    }

    private func resealedIfPossible(_ octets: [UInt8]) -> [UInt8] { octets.count >= 4 ? resealed(octets) : octets }

    @Test("Codes are stable and each its own")
    func codes() {
        #expect(Set(ICMPRefusal.allCases.map(\.code)).count == ICMPRefusal.allCases.count)
    }
}

@Suite("The Internet checksum")
struct InternetChecksumTests {
    /// The worked example of RFC 1071 §3: the sum is 0xddf2.
    @Test("RFC 1071's example")
    func example() {
        var checksum = InternetChecksum()
        checksum.add(octets("0001f203f4f5f6f7").span)
        #expect(checksum.value == ~0xddf2)
    }

    @Test("An odd octet at the end is padded with zero")
    func odd() {
        var (odd, even) = (InternetChecksum(), InternetChecksum())
        odd.add(octets("0001f2").span)
        even.add(octets("0001f200").span)
        #expect(odd.value == even.value)
    }

    /// As Scapy computes them.
    @Test("UDP over IPv4 and IPv6")
    func udp() {
        let payload: [UInt8] = Array(1...40)
        let four = InternetChecksum.udp(
            payload.span,
            from: IPAddress(ipv4: 0x0a42_0101),
            port: 40_000,
            to: IPAddress(ipv4: 0x0a42_0502),
            port: 3_479
        )
        #expect(four == 0xa98a)
        let six = InternetChecksum.udp(
            payload.span,
            from: IPAddress(ipv6High: 0xfd66_0001_0000_0000, low: 1),
            port: 40_000,
            to: IPAddress(ipv6High: 0xfd66_0005_0000_0000, low: 2),
            port: 3_479
        )
        #expect(six == 0xc93a)
    }
}
