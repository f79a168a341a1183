import SimulatedNetwork
import Units

/// What a run's numbers were found to be wrong about.
struct Violations {
    private(set) var all: [String] = []
    /// How many statements were held against the truth.
    private(set) var checked = 0

    /// - Parameters:
    ///   - property: its name, the same for every seed.
    ///   - detail: the numbers on both sides.
    mutating func expect(_ holds: Bool, _ property: String, _ detail: @autoclosure () -> String) {
        checked += 1
        if !holds { all.append("\(property): \(detail())") }
    }
}

extension CheckedRun {
    /// Holds everything that the run reported against the truth.
    func violations() -> Violations {
        var violations = Violations()
        checkDelays(&violations)
        checkUncertainty(&violations)
        checkLosses(&violations)
        checkJitter(&violations)
        checkClockSteps(&violations)
        checkSkew(&violations)
        checkClaims(&violations)
        checkGrades(&violations)
        checkProbe(&violations)
        return violations
    }
}

extension Nanoseconds {
    /// For messages.
    var text: String { "\(milliseconds) ms" }
}
