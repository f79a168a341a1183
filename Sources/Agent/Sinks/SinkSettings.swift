/// Where results go besides the collector.
public enum SinkSettings: Hashable, Sendable, CustomStringConvertible {
    /// One line of JSON a document, appended.
    case file(String)
    case standardOutput
    /// Metrics, by OTLP over HTTP, to this receiver.
    case otlp(String)

    public var description: String {
        switch self {
        case .file(let path): "file: \(path)"
        case .standardOutput: "stdout"
        case .otlp(let url): "otlp: \(url)"
        }
    }
}
