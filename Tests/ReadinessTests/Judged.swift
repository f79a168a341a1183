import Readiness
import Testing

@testable import SampleChecks

/// A verdict and the shortest ways to what a test looks at.
struct Judged {
    let verdict: Verdict

    init(_ check: SampleCheck, _ profile: Profile = .teams) {
        verdict = Verdict.reached(on: check.evidence, profile: profile)
    }

    func all(_ name: Criterion.Name) -> [Criterion] { verdict.criteria.filter { $0.name == name } }

    func one(_ name: Criterion.Name, sourceLocation: SourceLocation = #_sourceLocation) throws -> Criterion {
        let found = all(name)
        #expect(found.count == 1, sourceLocation: sourceLocation)
        return try #require(found.first, sourceLocation: sourceLocation)
    }

    func finding(_ code: Finding.Code) -> Finding? { verdict.findings.first { $0.code == code } }

    var codes: Set<Finding.Code> { Set(verdict.findings.map(\.code)) }
}

extension Finding {
    func value(_ name: String) -> EvidenceValue? { evidence.first { $0.name == name }?.value }
}
