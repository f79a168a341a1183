/// The parsers of Linecheck, each with what must hold whatever it reads. The names are those of the corpus folders.
public enum FuzzEntry: String, CaseIterable, Sendable {
    /// A datagram that arrives at a session-reflector.
    case stampRequest = "stamp-request"
    /// A datagram that arrives at a session-sender.
    case stampReply = "stamp-reply"
    /// What stands behind a base packet.
    case tlv
    /// An ICMP error that reaches a trace.
    case icmpError = "icmp-error"
    /// A datagram that arrives at a STUN client.
    case stunResponse = "stun-response"
    /// Files and arguments that people write.
    case configuration
    /// A saved result, and the report on it.
    case resultDocument = "result-document"
    /// What the kernel answers.
    case netlink
    /// A frame by which a switch speaks of itself.
    case linkDiscovery = "link-discovery"
    /// Microsoft's list of endpoints.
    case endpointsList = "endpoints-list"
    /// What a collector, or something before it, answers to a delivery.
    case collectorAnswer = "collector-answer"
    /// A frame of a capture.
    case capturedFrame = "captured-frame"
    /// What a site, or something that has its credentials, delivers to a collector.
    case deliveredBatch = "delivered-batch"
    /// The packets that a result keeps of an incident.
    case packetRecord = "packet-record"
    /// Where a page of the collector's ended, as a reader hands it back.
    case pageCursor = "page-cursor"
    /// The head of a request to the collector.
    case collectorRequest = "collector-request"

    /// Puts `input` through the parser.
    ///
    /// - Throws: ``BrokenInvariant`` when something does not hold. Whatever traps has failed as well.
    public func run(_ input: [UInt8]) throws(BrokenInvariant) {
        switch self {
        case .stampRequest: try StampRequestEntry.run(input)
        case .stampReply: try StampReplyEntry.run(input)
        case .tlv: try TLVEntry.run(input)
        case .icmpError: try ICMPErrorEntry.run(input)
        case .stunResponse: try StunResponseEntry.run(input)
        case .configuration: try ConfigurationEntry.run(input)
        case .resultDocument: try ResultDocumentEntry.run(input)
        case .netlink: try NetlinkEntry.run(input)
        case .linkDiscovery: try LinkDiscoveryEntry.run(input)
        case .endpointsList: try EndpointsListEntry.run(input)
        case .collectorAnswer: try CollectorAnswerEntry.run(input)
        case .capturedFrame: try CapturedFrameEntry.run(input)
        case .deliveredBatch: try DeliveredBatchEntry.run(input)
        case .packetRecord: try PacketRecordEntry.run(input)
        case .pageCursor: try PageCursorEntry.run(input)
        case .collectorRequest: try CollectorRequestEntry.run(input)
        }
    }
}

extension FuzzEntry {
    /// The same as libFuzzer wants it: what does not hold ends the process.
    ///
    /// - Returns: zero, by which the input is worth keeping if it reached anything new.
    public func runOrTrap(_ octets: UnsafeBufferPointer<UInt8>) -> CInt {
        do {
            try run(Array(octets))
        } catch {
            fatalError("\(rawValue): \(error)")
        }
        return 0
    }
}

/// Something that must hold whatever is read, and did not.
public struct BrokenInvariant: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// - Parameter invariant: what must hold, as a sentence.
func require(_ holds: Bool, _ invariant: @autoclosure () -> String) throws(BrokenInvariant) {
    guard holds else { throw BrokenInvariant(invariant()) }
}
