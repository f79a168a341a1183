import Readiness

extension Grade {
    /// The number that stands for the grade in metrics, as the exit status of a check.
    package var rank: Int {
        switch self {
        case .ready: 0
        case .atRisk: 1
        case .notReady: 2
        case .inconclusive: 3
        }
    }
}
