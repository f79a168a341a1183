import Readiness
import Results
import Units

/// What a store finds of an assessment without reading the document again.
public struct AssessmentFacts: Hashable, Sendable {
    public var agent: String
    public var version: String
    public var name: String
    public var verdict: AssessmentVerdict
    public var isFinal: Bool
    public var from: UTCTime
    public var until: UTCTime

    public init(
        agent: String,
        version: String,
        name: String,
        verdict: AssessmentVerdict,
        isFinal: Bool,
        from: UTCTime,
        until: UTCTime
    ) {
        self.agent = agent
        self.version = version
        self.name = name
        self.verdict = verdict
        self.isFinal = isFinal
        self.from = from
        self.until = until
    }

    public init(_ document: AssessmentDocument) {
        agent = TextRules.storable(document.agent)
        version = TextRules.storable(document.version)
        name = TextRules.storable(document.name)
        verdict = document.verdict
        isFinal = document.isFinal
        from = document.from
        until = document.until
    }
}
