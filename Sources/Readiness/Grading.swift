import Statistics
import Units

extension Verdict {
    /// Grades what a check saw against a profile, and says what it found.
    public static func reached(on evidence: CheckEvidence, profile: Profile) -> Verdict {
        let probe = ProbeCondition(evidence)
        var criteria: [Criterion] = []
        var obstacles: Set<Obstacle> = []
        var findings: [Finding] = []
        for endpoint in evidence.endpoints {
            let grading = EndpointGrading(endpoint: endpoint, check: evidence, profile: profile, probe: probe)
            let graded = grading.criteria()
            criteria += graded.map(\.criterion)
            obstacles.formUnion(graded.flatMap(\.obstacles))
            findings += grading.reachabilityFindings()
            findings += grading.networkFindings(graded.map(\.criterion))
            findings += grading.markingFindings()
            findings += grading.clockFindings(graded)
        }
        findings += clockFindings(evidence, obstacles: obstacles)
        findings += probe.findings(obstacles: obstacles)
        findings += interruptionFindings(evidence)
        let path = evidence.path?.findings(hurt: evidence.hurtWindows(profile)) ?? []
        findings += path
        var verdict = Verdict(profile: profile.name, criteria: criteria, findings: worstFirst(findings))
        // What is wrong with the way that media takes has no number that a criterion could hold.
        verdict.grade = ([verdict.grade] + path.map(\.severity.grade)).max() ?? verdict.grade
        return verdict
    }

    /// The order in which they were found is kept within one severity.
    private static func worstFirst(_ findings: [Finding]) -> [Finding] {
        Finding.Severity.allCases.sorted(by: >).flatMap { severity in findings.filter { $0.severity == severity } }
    }
}
