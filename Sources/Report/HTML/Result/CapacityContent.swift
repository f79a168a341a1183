import Readiness
import Results

extension ResultContent {
    @HTMLBuilder var capacity: HTML {
        if let capacity = document.capacity {
            Part.capacity.section(wording.answer(capacity)) {
                HTML.table("How many calls at once were tried, and how they fared") {
                    tag(.thead) {
                        tag(.tr) {
                            for name in ["Calls", "Each way", "p95 of delay", "Jitter", "Loss"] { HTML.head(name, "n") }
                            HTML.head("Outcome")
                        }
                    }
                    tag(.tbody) {
                        for trial in capacity.trials.sorted(by: { $0.calls < $1.calls }) { row(trial) }
                    }
                }
            }
        }
    }

    private func row(_ trial: CapacityDocument.Trial) -> HTML {
        tag(.tr) {
            tag(.th, .rowScope, .classes("n")) { NumberText.count(trial.calls) }
            HTML.figure(wording.rate(trial.kilobitsPerSecond))
            HTML.figure(trial.delayP95Milliseconds.map { FigureText.milliseconds($0) + " ms" })
            HTML.figure(trial.jitterMilliseconds.map { FigureText.milliseconds($0) + " ms" })
            HTML.figure(trial.lossRatio.map { FigureText.percent($0) + " %" })
            tag(.td) {
                trial.carried
                    ? Standing.ready.badge("carried") : Standing.notReady.badge("broke: \(wording.words(trial.broken))")
            }
        }
    }
}
