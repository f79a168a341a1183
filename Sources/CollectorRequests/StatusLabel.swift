import CollectorStore
import Readiness

extension SiteStatus {
    /// As the API and the metrics write it.
    package var label: String {
        switch self {
        case .graded(let grade): grade.rawValue
        case .silent: "silent"
        }
    }

    package init?(label: String) {
        guard let status = Self.allCases.first(where: { $0.label == label }) else { return nil }
        self = status
    }
}
