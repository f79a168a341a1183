/// Which part of a run without end a result is: its streams went on over the cuts, and each of its packets counts in one
/// part.
public struct ContinuousDocument: Codable, Hashable, Sendable {
    /// The same for all parts of one run: a version 7 UUID in lower case.
    public var run: String
    /// The parts of a run in their order, from 0.
    public var segment: Int

    public init(run: String, segment: Int) {
        self.run = run
        self.segment = segment
    }
}
