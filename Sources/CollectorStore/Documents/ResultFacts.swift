import Readiness
import Results
import Units

/// What a store finds of a result without reading the document again.
public struct ResultFacts: Hashable, Sendable {
    public var agent: String
    public var version: String
    public var trigger: CheckDescription.Trigger
    /// The schedule that asked for the check; nil where somebody else did.
    public var schedule: String?
    public var profile: String
    /// By the site's clock.
    public var startedAt: UTCTime
    public var endedAt: UTCTime
    public var grade: Grade
    /// What the grade is owed to; nil when it is ready, or when there was nothing to grade.
    public var decider: Decider?
    /// In the document's order, worst first.
    public var findings: [FindingFacts]
    public var figures: [FigureFacts]

    public init(_ document: ResultDocument) {
        agent = TextRules.storable(document.agent)
        version = TextRules.storable(document.version)
        trigger = document.trigger
        schedule = (document.schedule?.name).map { TextRules.storable($0) }
        profile = TextRules.storable(document.profile)
        startedAt = document.startedAt
        endedAt = document.endedAt
        grade = document.grade
        decider = Decider(document)
        findings = document.findings.prefix(Self.mostFindings).map(FindingFacts.init)
        figures = FigureFacts.all(document)
    }

    /// An honest document has a few.
    static let mostFindings = 128
}

/// What a check found, without what shows it.
public struct FindingFacts: Hashable, Sendable {
    public var code: String
    /// Nil for a severity that this version does not know.
    public var severity: Finding.Severity?
    public var summary: String
    public var remedy: String

    public init(code: String, severity: Finding.Severity?, summary: String, remedy: String) {
        self.code = code
        self.severity = severity
        self.summary = summary
        self.remedy = remedy
    }

    init(_ finding: FindingDocument) {
        code = TextRules.storable(finding.code, upTo: 128)
        severity = Finding.Severity(rawValue: finding.severity)
        summary = TextRules.storable(finding.summary, upTo: 1_024)
        remedy = TextRules.storable(finding.remedy, upTo: 2_048)
    }
}
