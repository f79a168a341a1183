import Agent
import Foundation
import Results
import Testing
import Units

extension EndToEnd {
    /// The agent as its unit runs it, and the collector as its own: a check goes all the way to the page.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorAndAgent {
        @Test func aCheckOnScheduleStandsOnThePage() async throws {
            let lab = try CollectorLab()
            let linecheck = try Executables.built("linecheck")
            let port = Int.random(in: 20_000..<30_000)
            let reflector = try Program(
                [linecheck, "reflect", "--listen", "127.0.0.1", "--ports", "\(port)", "--clock-error", "10us"],
                name: "reflector"
            )
            try await reflector.waitUntilItSays("listening on")
            let site = try SoonestSite.name(in: 4...9)
            let token = try lab.write(try lab.require("site", "add", site), to: "token")
            try await lab.start()
            let yaml = """
                site: \(site)
                endpoints: ["127.0.0.1:\(port)"]
                probe: {clock_error: 10us}
                spool: {directory: \(lab.path("state"))}
                collector: {url: \(lab.url), token_file: \(token)}
                schedules: [{name: fast, every: 60s, duration: 4s, timezone: UTC}]
                """
            let agent = try Program(
                [linecheck, "agent", "--config", try lab.write(yaml, to: "linecheck.yaml")],
                name: "agent"
            )
            try await agent.waitUntilItSays("check ends", within: 40)
            let path = "/v1/sites/\(site.replacing(" ", with: "%20"))"
            let deadline = Date(timeIntervalSinceNow: 20)
            while try lab.storedIDs().isEmpty, Date() < deadline { try await Task.sleep(for: .milliseconds(200)) }
            let id = try #require(try lab.storedIDs().first)
            let kept = try lab.request("\(path)/results/\(id)")
            let document = try ResultDocument.decode(Data(kept.body.utf8))
            #expect(document.site == site && document.trigger == .schedule)
            #expect(document.streams.first?.packets.sent == 200)
            let fleet = try lab.request("/")
            #expect(fleet.status == 200 && fleet.body.contains(site))
            let page = try lab.request("/sites/\(site.replacing(" ", with: "%20"))/results/\(id)")
            #expect(page.status == 200 && page.body.contains("127.0.0.1:\(port)"))
            let metrics = try lab.request("/metrics").body
            #expect(metrics.contains("linecheck_collector_documents_total{kind=\"result\",outcome=\"stored\"} 1\n"))
            _ = try await agent.stop()
            let ended = try await lab.stop()
            #expect(ended.status == 0, "\(ended.standardError)")
        }
    }
}

/// Agents are spread over their period by the site's name.
enum SoonestSite {
    /// A site whose agent on this host begins its next check within so many seconds, where it checks every minute.
    static func name(in seconds: ClosedRange<Double>) throws -> String {
        let schedule = Schedule(name: "fast", rhythm: .every(.seconds(60)), timeZone: .gmt)
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, 255)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let now = WallInstant(nanosecondsSinceUnixEpoch: Int64(Date().timeIntervalSince1970 * 1e9))
        for number in 0..<10_000 {
            let slots = ScheduleSlots(schedule, agent: "Site \(number)\n\(name)")
            guard let next = slots.next(after: now) else { continue }
            if seconds.contains((next - now).seconds) { return "Site \(number)" }
        }
        throw LabFailure("no site checks within \(seconds) s")
    }
}
