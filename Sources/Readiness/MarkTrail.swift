import Units

/// The marks of one port's packets at each place that they pass, in the order of their passing; nil where nobody looked.
public struct MarkTrail: Hashable, Sendable {
    /// As they left this host, by a capture on the wire.
    public var egress: MarkSeries?
    /// As they arrived at the far end, by its report; at the times at which they were sent.
    public var farEnd: MarkSeries?
    /// Replies as they came to this host, by a capture on the wire.
    public var returnedOnWire: MarkSeries?
    /// Replies as this host's sockets got them.
    public var returned: MarkSeries?

    public init(
        egress: MarkSeries? = nil,
        farEnd: MarkSeries? = nil,
        returnedOnWire: MarkSeries? = nil,
        returned: MarkSeries? = nil
    ) {
        self.egress = egress
        self.farEnd = farEnd
        self.returnedOnWire = returnedOnWire
        self.returned = returned
    }

    /// What passed later. Where nobody looked at one of them, what was seen is what was seen.
    public mutating func append(_ later: MarkTrail) {
        Self.append(later.egress, to: &egress)
        Self.append(later.farEnd, to: &farEnd)
        Self.append(later.returnedOnWire, to: &returnedOnWire)
        Self.append(later.returned, to: &returned)
    }

    private static func append(_ later: MarkSeries?, to series: inout MarkSeries?) {
        guard let later else { return }
        if series == nil { series = later } else { series?.append(later) }
    }
}

/// Whether a check's packets were captured on the wire.
public enum CaptureEvidence: Hashable, Sendable {
    /// Nobody asked for it.
    case off
    /// - Parameter remedy: what makes it possible.
    case unavailable(reason: String, remedy: String)
    case captured(CaptureRecord)
}

/// What a capture was.
public struct CaptureRecord: Hashable, Sendable {
    /// In the order of their first endpoint.
    public var interfaces: [String]
    /// Of the check, those included that do not count.
    public var packets: Int
    /// That the capture had no room for.
    public var dropped: Int
    /// The mark that this host's sockets have when asked to send with the required one; nil where that is not known.
    public var socketMark: DSCP?
    /// Why it ended early; nil where it did not.
    public var failure: String?

    public init(interfaces: [String], packets: Int, dropped: Int, socketMark: DSCP?, failure: String? = nil) {
        self.interfaces = interfaces
        self.packets = packets
        self.dropped = dropped
        self.socketMark = socketMark
        self.failure = failure
    }
}
