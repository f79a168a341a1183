import Results
import Testing
import Units

@testable import Agent

@Suite struct DeliveryDocumentTests {
    @Test func aFailingPushStandsInTheNextResult() {
        var status = PushStatus()
        status.spool.condition = .diskFull("database or disk is full")
        status.spool.pending = 12
        status.spool.held = 2
        status.spool.setAside = 1
        status.spool.dropped = [.result: 3, .assessment: 1]
        status.spool.lastSuccess = ManualClock.start
        status.spool.lastFailure = PushFailure(at: ManualClock.start + .seconds(61), reason: "HTTP 503")
        status.oldestPendingAge = .milliseconds(90_040)
        #expect(status.isFailing)
        let document = DeliveryDocument(status)
        #expect(document.spool == "disk_full")
        #expect(document.pending == 12)
        #expect(document.held == 2)
        #expect(document.setAside == 1)
        #expect(document.dropped == 4)
        #expect(document.oldestPendingSeconds == 90)
        #expect(document.lastSuccessAt?.text == "2026-11-24T12:00:00.000000Z")
        #expect(document.lastFailureAt?.text == "2026-11-24T12:01:01.000000Z")
        #expect(document.lastFailure == "HTTP 503")
    }
}
