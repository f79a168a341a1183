/// Where results wait for the collector, and how much room they may take.
public struct SpoolSettings: Hashable, Sendable {
    public static let defaultDirectory = "/var/lib/linecheck"
    /// In octets.
    public static let defaultSize = 200_000_000
    public static let sizes = 10_000_000...1_000_000_000_000

    public var directory = SpoolSettings.defaultDirectory
    /// The most that the spool takes on disk, its journal included; in octets.
    public var size = SpoolSettings.defaultSize

    public init() {}

    public init(directory: String, size: Int = SpoolSettings.defaultSize) {
        self.directory = directory
        self.size = size
    }
}
