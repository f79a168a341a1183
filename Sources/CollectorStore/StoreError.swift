/// Why a store could not do what it was asked.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The database cannot be reached or opened now; later it may. Nothing of the call happened, or, if the database
    /// went away as it was told to commit, all of it: asking again is safe.
    case unavailable(String)
    /// The database has tables of a later version of the collector.
    case newerSchema(found: Int, known: Int)
    /// The database refused a statement: a mistake in the collector, or a damaged database.
    case failed(String)
    /// The address of the database cannot be understood.
    case badAddress(String)
    case unknownSite(String)
    /// A cursor that this store did not give out.
    case badCursor(String)
    /// It was closed before.
    case closed

    public var description: String {
        switch self {
        case .unavailable(let reason): reason
        case .newerSchema(let found, let known):
            "the database has schema \(found), and this version of the collector knows up to \(known): "
                + "run the version that wrote it, or a later one"
        case .failed(let reason): "the database refused: \(reason)"
        case .badAddress(let reason): reason
        case .unknownSite(let name): "there is no site '\(name)': add it with 'linecheck-collector site add'"
        case .badCursor(let text): "'\(text)' is not a cursor that an earlier page gave"
        case .closed: "the store is closed"
        }
    }
}
