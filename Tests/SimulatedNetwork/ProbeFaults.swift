import Units

/// What this host itself does to its probes.
public struct ProbeFaults: Hashable, Sendable {
    /// The probe thread does not run: places in the grid pass by.
    public var busy: LinkFaults.Outage?
    /// The interface is down: the kernel refuses to send, and nothing is received.
    public var interfaceDown: LinkFaults.Outage?

    public init() {}
}

extension LinkFaults.Outage {
    func contains(_ now: Nanoseconds) -> Bool { from <= now && now < to }
}
