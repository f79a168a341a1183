import Results

/// Something that wants to have every document, beside the collector and without a spool. It never holds up a check:
/// what it cannot take is counted.
public protocol Sink: Sendable {
    /// As in the configuration.
    var name: String { get }
    func accept(_ completed: CompletedDocument)
    /// Opens anew what lies under a name: after a log was rotated, at SIGHUP.
    func reopen()
    /// Ends what goes on, within a second.
    func stop()
    var status: SinkStatus { get }
}

/// A document that is spooled, with what metrics want to know besides.
public struct CompletedDocument: Sendable {
    public var document: SpooledDocument
    /// The same, where it is a check's result.
    public var result: ResultDocument?
    public var push: PushStatus

    public init(document: SpooledDocument, result: ResultDocument?, push: PushStatus) {
        self.document = document
        self.result = result
        self.push = push
    }
}

public struct SinkStatus: Hashable, Sendable {
    public var written = 0
    /// Documents that it could not take.
    public var lost = 0
    /// Why the last one was lost, or is delayed; nil when the last one was written.
    public var failure: String?

    public init() {}
}

extension SinkSettings {
    /// - Parameter version: Linecheck's, which a receiver of metrics is told.
    public func open(version: String) -> any Sink {
        switch self {
        case .file(let path): JSONLinesSink(path: path)
        case .standardOutput: JSONLinesSink.standardOutput()
        case .otlp(let url): OTLPSink(url: url, version: version)
        }
    }
}
