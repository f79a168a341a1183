import Readiness
import Results

extension Page {
    /// How the assessment that a check belongs to stands with it.
    mutating func add(assessmentOf document: ResultDocument) {
        guard let assessment = document.assessment else { return }
        add(heading: "ASSESSMENT")
        var line = Line("  ")
        line.append(assessment.verdict.word, assessment.verdict.emphasis)
        let state = assessment.isFinal ? "" : " so far"
        line.append("\(state)  \(assessment.name), until \(assessment.until.secondText)".cut(to: 80 - line.width))
        add(line)
        add(reasons: assessment.reasons)
    }
}
