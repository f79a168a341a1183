import Testing
import Units
import Wire

@Suite struct StunRequestTests {
    private let transaction = StunTransactionID(high: 0x0001_0203, low: 0x0405_0607_0809_0a0b)

    private func written(_ request: StunRequest) -> [UInt8] {
        var buffer = [UInt8](repeating: 0xee, count: request.length + 1)
        var span = buffer.mutableSpan
        request.write(into: &span, transaction: transaction)
        #expect(buffer.last == 0xee)
        return Array(buffer.dropLast())
    }

    @Test func aBindingRequestIsAHeader() {
        #expect(written(.binding) == octets("00010000 2112a442 000102030405060708090a0b"))
    }

    @Test func anAllocateAsksForUDP() {
        #expect(written(.allocate) == octets("00030008 2112a442 000102030405060708090a0b 00190004 11000000"))
    }

    @Test func aReleaseIsARefreshOfNoLifetime() {
        #expect(written(.release) == octets("00040008 2112a442 000102030405060708090a0b 000d0004 00000000"))
    }

    @Test(arguments: [StunRequest.binding, .allocate, .release])
    func whatWasWrittenReadsBack(request: StunRequest) throws {
        let octets = written(request)
        let header = try StunHeader(parsing: octets.span)
        let transaction = StunHeader.transaction(ofRequest: octets.span)
        #expect(header == StunHeader(method: request.method, messageClass: .request, transaction: self.transaction))
        #expect(transaction == self.transaction)
    }

    /// Methods and classes interleave their bits: every pair keeps its own type (RFC 8489 figure 3).
    @Test func everyMethodAndClassHasATypeOfItsOwn() throws {
        var types: Set<UInt16> = []
        for type in UInt16.min...0x3fff {
            let message = [UInt8(type >> 8), UInt8(type & 0xff), 0, 0] + octets("2112a442 000102030405060708090a0b")
            let header = try StunHeader(parsing: message.span)
            #expect(header.method.rawValue < 0x1000)
            types.insert(header.method.rawValue << 2 | UInt16(header.messageClass.rawValue))
        }
        #expect(types.count == 0x4000)
    }
}
