import Readiness
import Report
import Results
import Testing

@testable import SampleChecks

@Suite("A piece of a check without end in one line")
struct MinuteLineTests {
    private func line(_ check: SampleCheck, color: Bool = false, offset: Int64 = 0) -> String {
        MinuteLine.render(SampleDocuments.document(check), style: TextStyle(color: color), localOffset: offset)
    }

    @Test("tells when, the grade and the worst figures")
    func ready() {
        let text = line(SampleDocuments.ready)
        #expect(text.hasPrefix("06:00:12  READY        delay "))
        #expect(text.contains(" ms  jitter ") && text.contains("  loss "))
        #expect(text.count <= 80)
    }

    @Test("by the clock on the wall")
    func local() {
        #expect(line(SampleDocuments.ready, offset: 3_600).hasPrefix("07:00:12"))
        #expect(line(SampleDocuments.ready, offset: -7 * 3_600).hasPrefix("23:00:12"))
    }

    @Test("names what decided")
    func blocked() {
        let text = line(SampleDocuments.blockedPort)
        #expect(text.contains("NOT READY"))
        #expect(text.hasSuffix("udp.blocked"))
        #expect(line(SampleDocuments.blockedPort, color: true).contains("\u{1b}[1;31m"))
    }
}
