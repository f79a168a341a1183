/// Everything that is wrong with a configuration file, at once.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Fault: Hashable, Sendable, CustomStringConvertible {
        public var file: String
        /// Counted from 1; nil when the fault is not at one place.
        public var line: Int?
        /// What was wrong, the value, and the bound.
        public var message: String

        public var description: String {
            line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
        }
    }

    public var faults: [Fault]

    public init(faults: [Fault]) { self.faults = faults }

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
