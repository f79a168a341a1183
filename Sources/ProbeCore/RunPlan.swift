/// What part of a run a round of the send grid belongs to.
///
/// Lead-in packets wake up address resolution and anchor the reflector's numbering; measured packets count; tail
/// packets settle in which direction the last measured losses happened. Sending stops when every stream that was
/// ever answered has an answer to a tail packet, or after `tailLimit` rounds.
public struct RunPlan: Hashable, Sendable {
    public enum Part: Hashable, Sendable {
        case leadIn, measured, tail
    }

    public var leadInRounds: Int
    public private(set) var measuredRounds: Int
    public var tailLimit: Int

    /// Measured rounds of a run that goes on until it is stopped: more than a century of one a millisecond.
    public static let endless = 1 << 42

    public init(leadInRounds: Int, measuredRounds: Int, tailLimit: Int) {
        self.leadInRounds = leadInRounds
        self.measuredRounds = measuredRounds
        self.tailLimit = tailLimit
    }

    public func part(of round: Int) -> Part {
        if round < leadInRounds { return .leadIn }
        return round < leadInRounds + measuredRounds ? .measured : .tail
    }

    /// Whether sending ends before this round, given whether every answered stream's tail was answered.
    public func ends(before round: Int, tailsAnswered: Bool) -> Bool {
        let tail = round - leadInRounds - measuredRounds
        return tail >= tailLimit || tail > 0 && tailsAnswered
    }

    /// Ends the measured part at this round: what an interruption does.
    public mutating func cut(at round: Int) {
        measuredRounds = min(measuredRounds, max(0, round - leadInRounds))
    }
}
