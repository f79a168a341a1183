/// Why a text is no record of packets that this version can read.
public enum PacketRecordRefusal: String, Error, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case notBase64 = "not_base64"
    /// It does not begin as a record does.
    case wrongMark = "wrong_mark"
    /// Written by a later version.
    case wrongVersion = "wrong_version"
    /// It ends before its end.
    case truncated
    /// Something stands behind its end.
    case trailing
    case numberTooLong = "number_too_long"
    /// A unit of nothing, or of more than a second.
    case wrongUnit = "wrong_unit"
    /// More packets than any record has, or more runs than packets.
    case tooMany = "too_many"
    /// What became of a packet is a word that this version does not know.
    case unknownFate = "unknown_fate"
    case wrongMarking = "wrong_marking"
    /// A time or a delay that no clock can show.
    case outOfRange = "out_of_range"

    public var description: String {
        switch self {
        case .notBase64: "it is not base64"
        case .wrongMark: "it does not begin with the letters LCP"
        case .wrongVersion: "it was written by a later version of Linecheck"
        case .truncated: "it is cut off"
        case .trailing: "something stands behind its end"
        case .numberTooLong: "a number has more than 64 bits"
        case .wrongUnit: "its unit of time is not within 1 ns and 1 s"
        case .tooMany: "it has more packets than \(PacketRecord.greatestCount)"
        case .unknownFate: "it tells of a fate that this version does not know"
        case .wrongMarking: "it has a DSCP above 63"
        case .outOfRange: "it has a time or a delay that cannot be"
        }
    }
}
