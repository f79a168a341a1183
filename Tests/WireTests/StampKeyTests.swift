import Testing
import Units
import Wire

@Suite struct StampKeyTests {
    private let key = WorkedExample.key
    private let hex = "00112233445566778899aabbccddeeff"

    /// Two keys are the same when they seal alike.
    private func isSame(_ left: StampKey, _ right: StampKey) -> Bool {
        written(112) { left.sealBase(&$0) } == written(112) { right.sealBase(&$0) }
    }

    @Test func aKeyIsNeverPrinted() {
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped, "\([key])", "\(Optional(key) as Any)"] {
            #expect(!text.lowercased().contains("0011"))
            #expect(!text.contains("17"))
            #expect(text.contains("redacted"))
        }
    }

    @Test(arguments: [
        "00112233445566778899aabbccddeeff", "hex:00112233445566778899AABBCCDDEEFF",
        "\u{20}\t00112233445566778899aabbccddeeff \r\n",
        "# site 7\r\n\r\n  # renewed\nhex: 00112233445566778899aabbccddeeff\n",
    ])
    func keyFilesThatHoldTheKey(text: String) throws { #expect(isSame(try StampKey(text: text), key)) }

    @Test(arguments: [
        ("", "the key file holds no key"),
        ("# nothing\n \n", "the key file holds no key"),
        (
            "00112233445566778899aabbccddeeff\n00112233445566778899aabbccddeeff",
            "the key file holds 2 keys; one is wanted"
        ),
        (
            "00112233445566778899aabbccddee",
            "the key has 15 octets; it can have 16 to 64, as two hexadecimal digits each"
        ),
        ("00112233445566778899aabbccddeeff0", "the key has an odd number of hexadecimal digits, 33"),
        (
            "0011223344556677 8899aabbccddeeff",
            "the key's character 17 is not a hexadecimal digit; it can have 16 to 64, as two hexadecimal digits each"
        ),
        (
            "aäss",
            "the key's character 2 is not a hexadecimal digit; it can have 16 to 64, as two hexadecimal digits each"
        ),
    ])
    func keyFilesThatAreRefused(text: String, message: String) {
        #expect(throws: TextRefusal(message)) { try StampKey(text: text) }
    }

    @Test func keyLengths() {
        for (count, isAccepted) in [(15, false), (16, true), (64, true), (65, false)] {
            let text = String(repeating: "ab", count: count)
            #expect(((try? StampKey(text: text)) != nil) == isAccepted, "\(count) octets")
        }
    }

    @Test func anotherKeyDoesNotVerify() {
        let other = StampKey(octets("01112233445566778899aabbccddeeff"))
        #expect(!other.verifiesBase(WorkedExample.authenticatedRequest))
        #expect(!other.verifiesProtection(of: WorkedExample.authenticatedRequest, mode: .authenticated))
    }

    @Test func aPacketTooShortDoesNotVerify() {
        for count in [0, 1, 95, 96, 111] {
            #expect(!key.verifiesBase(Array(WorkedExample.authenticatedRequest.prefix(count))))
        }
    }

    /// A packet in authenticated mode whose TLVs are those of `hex`, every HMAC TLV among them sealed.
    private func sealed(_ hex: String) -> [UInt8] {
        let bytes = Array(WorkedExample.authenticatedRequest.prefix(112)) + octets(hex)
        return changed(bytes) { span in
            for tlv in tlvs(in: bytes, from: 112) where tlv.type == .hmac {
                key.sealTLVs(in: &span, mode: .authenticated, hmacAt: tlv)
            }
        }
    }

    private static let hmac = "80080010" + String(repeating: "00", count: 16)
    private static let cos = "80040004b8000000"
    private static let padding = "80010002aabb"

    private static let accepted: [[String]] = [
        [], [padding], [padding, "8001"], [hmac], [cos, hmac], [padding, cos, hmac], [cos, hmac, padding],
        [cos, hmac, padding, padding],
    ]
    private static let refused: [[String]] = [
        [cos], [cos, padding], [hmac, cos], [cos, hmac, hmac], [cos, "80080004aabbccdd"], [cos, "80080010aabb"],
        [cos, hmac, "00000000"],
    ]

    @Test(arguments: accepted) func whereTheHMACTLVMayStand(parts: [String]) {
        #expect(key.verifiesProtection(of: sealed(parts.joined()), mode: .authenticated))
    }

    @Test(arguments: refused) func whereTheHMACTLVMayNotStand(parts: [String]) {
        #expect(!key.verifiesProtection(of: sealed(parts.joined()), mode: .authenticated))
    }

    @Test func protectionIsOptionalWithoutAuthentication() {
        #expect(key.verifiesProtection(of: WorkedExample.request, mode: .unauthenticated))
        let bytes = WorkedExample.request + octets(Self.hmac)
        #expect(!key.verifiesProtection(of: bytes, mode: .unauthenticated))
        let sealed = changed(bytes) { span in
            key.sealTLVs(in: &span, mode: .unauthenticated, hmacAt: tlvs(in: bytes)[1])
        }
        #expect(key.verifiesProtection(of: sealed, mode: .unauthenticated))
    }

    @Test func theSequenceNumberIsCoveredAndPaddingBehindIsNot() {
        let bytes = sealed(Self.cos + Self.hmac + Self.padding)
        var replayed = bytes
        replayed[3] ^= 1
        #expect(!key.verifiesProtection(of: replayed, mode: .authenticated))
        var padded = bytes
        padded[padded.count - 1] ^= 1
        #expect(key.verifiesProtection(of: padded, mode: .authenticated))
    }

    @Test func protectionNamesTheTLV() {
        let hmac = TLV(flags: .unrecognized, type: .hmac, headerOffset: 120, length: 16)
        #expect(TLVProtection(of: WorkedExample.authenticatedRequest, mode: .authenticated) == .hmac(hmac))
        #expect(TLVProtection(of: WorkedExample.request, mode: .unauthenticated) == .missing)
        let base = Array(WorkedExample.request.prefix(44))
        #expect(TLVProtection(of: base, mode: .unauthenticated) == .notNeeded)
    }
}
