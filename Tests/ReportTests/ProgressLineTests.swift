import Report
import Testing
import Units

@Suite("The progress line")
struct ProgressLineTests {
    @Test("shows what there is so far")
    func figures() {
        let figures = RunningFigures(
            elapsed: .milliseconds(12_400),
            total: .seconds(60),
            sent: 2_480,
            answered: 2_478,
            lossRatio: 2.0 / 2_480,
            roundTripMedian: .microseconds(23_310),
            jitter: .microseconds(1_204)
        )
        #expect(
            ProgressLine.render(figures)
                == "12/60 s  answered 2,478/2,480  loss 0.081 %  rtt 23.3 ms  jitter 1.2 ms"
        )
    }

    @Test("leaves out what is not known yet")
    func first() {
        let figures = RunningFigures(elapsed: .zero, total: .seconds(60), sent: 0, answered: 0)
        #expect(ProgressLine.render(figures) == "0/60 s  answered 0/0")
    }

    @Test("is never wider than 80 columns, whatever the figures")
    func width() {
        for sent in [0, 99_999, 123_456_789, Int.max] {
            for length in [Nanoseconds.zero, .seconds(1), .seconds(86_400), .maximum, Nanoseconds(-1)] {
                let figures = RunningFigures(
                    elapsed: length,
                    total: length,
                    sent: sent,
                    answered: sent,
                    lossRatio: 0.123_456,
                    roundTripMedian: length,
                    jitter: length
                )
                #expect(ProgressLine.render(figures).count <= 80)
                #expect(!ProgressLine.render(figures).contains("\n"))
            }
        }
    }
}
