import Units
import Wire

/// Tells the probe thread which replies show another reflexive address than the one before, so that only those are
/// recorded.
public struct ReflexiveTracker: Sendable {
    @usableFromInline
    var latest: TransportAddress?
    @usableFromInline
    var latestSequence: UInt32 = 0

    public init() {}

    /// - Returns: whether the address is new. A reply that was overtaken is too old to say.
    @inlinable
    @inline(__always)
    public mutating func isNews(_ address: TransportAddress, sequence: UInt32) -> Bool {
        if latest == address {
            latestSequence = sequence
            return false
        }
        guard latest == nil || Int32(bitPattern: sequence &- latestSequence) > 0 else { return false }
        latest = address
        latestSequence = sequence
        return true
    }
}
