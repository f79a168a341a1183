import ArgumentParser

/// Stores made-up results, so that a test can kill it at any moment, or to see how fast that is: not part of the
/// product.
@main
struct StoreDriver: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store-driver",
        abstract: "Store made-up results.",
        subcommands: [Feed.self, Measure.self]
    )
}
