import Foundation
import Readiness
import Results
import Units

@testable import CollectorStore
@testable import SampleChecks

/// A fleet as a collector has it after a month: the same from the same seed, but for the time of day.
struct SeededFleet {
    /// Of which everything is shown: a month of checks, the latest of them bad, findings and assessments.
    static let troubled = "Dublin, Harcourt Street"
    /// With a month in which all was well.
    static let good = "Cork, South Mall"
    /// With a check that kept the packets of its incidents.
    static let incident = "Galway, Eyre Square"
    private static let featured = [troubled, good, incident]

    private static let cities = [
        "Amsterdam", "Athens", "Barcelona", "Berlin", "Bilbao", "Bologna", "Brno", "Bruges", "Düsseldorf", "Gdańsk",
        "Genève", "Ghent", "Graz", "Kraków", "København", "Leeds", "Lyon", "Málaga", "Malmö", "Milano", "München",
        "Nantes", "Oslo", "Porto", "Riga", "Rotterdam", "Tampere", "Tallinn", "Torino", "Utrecht", "Wien", "Zagreb",
        "Zürich",
    ]

    private let store: SQLStore
    private let now: UTCTime
    private var generator: SeededGenerator
    private let kinds: [(share: Int, facts: ResultFacts)]

    /// What the pages of ``troubled`` and the others are called.
    struct Contents {
        var latest = ""
        var incident = ""
        var go = ""
        var noGo = ""
    }

    /// Fills an empty database.
    static func fill(_ path: String, sites: Int, seed: UInt64) async throws -> Contents {
        let store = try await SQLStore.sqlite(path: path)
        let clock = WallInstant(nanosecondsSinceUnixEpoch: Int64(Date().timeIntervalSince1970) * 1_000_000_000)
        var fleet = SeededFleet(store, now: UTCTime(clock), seed: seed)
        let contents = try await fleet.fillFeatured()
        try await fleet.fillOthers(sites - featured.count)
        await store.close()
        return contents
    }

    private init(_ store: SQLStore, now: UTCTime, seed: UInt64) {
        self.store = store
        self.now = now
        generator = SeededGenerator(seed: seed)
        let samples: [(Int, SampleCheck)] = [
            (82, SampleDocuments.ready), (3, SampleDocuments.blockedPort), (5, SampleDocuments.inconclusive),
            (4, SampleDocuments.everythingWrong), (4, Self.lossy), (2, SampleDocuments.relay),
        ]
        kinds = samples.map { ($0.0, ResultFacts(SampleDocuments.document($0.1))) }
    }

    private static var lossy: SampleCheck {
        .of {
            $0.streams[1].forwardLost = 22
            $0.streams[2].forwardJitter = 14
        }
    }

    // MARK: - Results

    private mutating func id(_ at: UTCTime) -> String {
        ResultID(at: WallInstant(nanosecondsSinceUnixEpoch: at.microsecondsSinceUnixEpoch * 1_000), using: &generator)
            .description
    }

    private mutating func result(
        _ site: String,
        _ facts: ResultFacts,
        at: UTCTime,
        json: [UInt8]? = nil,
        id: String? = nil
    ) throws -> IngestedDocument {
        var facts = facts
        (facts.startedAt, facts.endedAt) = (at, at + .seconds(60))
        (facts.trigger, facts.schedule) = (.schedule, "office")
        let id = id ?? self.id(at)
        return try IngestedDocument(
            site: site,
            id: id,
            receivedAt: at + .seconds(64),
            claimedAt: at,
            json: json ?? Array("{\"id\":\"\(id)\"}".utf8),
            facts: .result(facts)
        )
    }

    private mutating func kind() -> ResultFacts {
        var left = Int.random(in: 0..<kinds.reduce(0) { $0 + $1.share }, using: &generator)
        for kind in kinds {
            if left < kind.share { return kind.facts }
            left -= kind.share
        }
        return kinds[0].facts
    }

    // MARK: - The fleet

    private mutating func fillOthers(_ count: Int) async throws {
        var batch: [IngestedDocument] = []
        for index in 0..<count {
            let city = Self.cities[index % Self.cities.count]
            let site = "\(city) \(String(format: "%02d", index / Self.cities.count + 1))"
            _ = try await store.addSite(site, now: now - .seconds(40 * 86_400))
            // A few have never sent anything, and a few more no longer do.
            switch Int.random(in: 0..<200, using: &generator) {
            case 0: continue
            case 1...4: batch += try week(site, endedBefore: Int64.random(in: 30...150, using: &generator) * 3_600)
            default: batch += try week(site, endedBefore: Int64.random(in: 70...900, using: &generator))
            }
            if batch.count > 2_000 || index == count - 1 {
                _ = try await store.store(batch)
                batch = []
            }
        }
    }

    /// A check in each quarter of a day, of which what is drawn and listed is kept.
    private mutating func week(_ site: String, endedBefore seconds: Int64) throws -> [IngestedDocument] {
        let last = now - .seconds(seconds)
        let bare = kinds.map { kind in
            var facts = kind.facts
            (facts.figures, facts.findings) = ([], [])
            return facts
        }
        let usual = kind()
        return try (0..<28).map { index in
            let at = last - .seconds(Int64(index) * 6 * 3_600)
            guard index > 0 else { return try result(site, usual, at: at) }
            let isOdd = Int.random(in: 0..<14, using: &generator) == 0
            let odd = bare[Int.random(in: 0..<bare.count, using: &generator)]
            var like = usual
            (like.figures, like.findings) = ([], [])
            return try result(site, isOdd ? odd : like, at: at)
        }
    }

    // MARK: - The sites that are looked at

    private mutating func fillFeatured() async throws -> Contents {
        var contents = Contents()
        for site in Self.featured { _ = try await store.addSite(site, now: now - .seconds(40 * 86_400)) }
        contents.latest = try await fillMonth(Self.troubled, trouble: 1, latest: SampleDocuments.everythingWrong)
        _ = try await fillMonth(Self.good, trouble: 0, latest: SampleDocuments.ready)
        contents.incident = try await fillIncident()
        contents.noGo = try await fillAssessment(SampleAssessments.noGo, Self.troubled)
        contents.go = try await fillAssessment(SampleAssessments.go, Self.good)
        return contents
    }

    /// - Returns: the id of the latest.
    private mutating func fillMonth(_ site: String, trouble: Double, latest: SampleCheck) async throws -> String {
        let hours = 30 * 24
        var batch: [IngestedDocument] = []
        for hour in (1...hours).reversed() {
            // Half a day in which the box was without power.
            if (200..<212).contains(hour) { continue }
            let at = now - .seconds(Int64(hour) * 3_600)
            batch.append(try result(site, facts(at, trouble: trouble), at: at))
        }
        var document = SampleDocuments.document(latest)
        (document.site, document.id) = (site, id(now))
        (document.startedAt, document.endedAt) = (now - .seconds(200), now - .seconds(140))
        let json = Array(try document.encoded())
        let last = try result(site, ResultFacts(document), at: document.startedAt, json: json, id: document.id)
        _ = try await store.store(batch + [last])
        return document.id
    }

    /// Busy hours are worse than others, and weekends are not.
    private mutating func facts(_ at: UTCTime, trouble: Double) -> ResultFacts {
        let hours = at.microsecondsSinceUnixEpoch / 3_600_000_000
        let (hour, day) = (Double(hours % 24), hours / 24 % 7)
        // 1970-01-01 was a Thursday.
        let isWeekend = day == 2 || day == 3
        let busy = isWeekend ? 0 : max(0, 1 - abs(hour - 11) / 5) * trouble
        let noise = Double.random(in: 0...1, using: &generator)
        let loss = noise > 0.85 ? noise * 0.0007 : 0
        var facts = busy > 0.7 ? kinds[4].facts : kinds[0].facts
        // One agent is on the cable, the other on Wi-Fi.
        if trouble > 0, hours % 2 == 0 { facts.agent = "box-17-wifi" }
        for index in facts.figures.indices {
            let share = facts.figures[index].direction == .reverse ? 0.3 : 1
            facts.figures[index].figures = [
                .delayP50: figure(9 + noise * 2 + busy * share * 25, 0.6),
                .delayP95: figure(12 + noise * 3 + busy * share * 55, 1.2),
                .jitterWorst15s: figure(1.2 + noise + busy * share * 13, 0.15),
                .lossRatio: figure(loss + busy * share * 0.006, 0.0003),
            ]
        }
        return facts
    }

    private func figure(_ value: Double, _ uncertainty: Double) -> Figure {
        Figure(value: value, low: max(0, value - uncertainty), high: value + uncertainty)
    }

    private mutating func fillIncident() async throws -> String {
        var document = SampleIncidents.document
        document.site = Self.incident
        let json = Array(try document.encoded())
        let ingested = try IngestedDocument(document, json: json, site: Self.incident, receivedAt: now)
        _ = try await store.store([ingested])
        return document.id
    }

    private mutating func fillAssessment(_ assessment: AssessmentDocument, _ site: String) async throws -> String {
        var document = assessment
        (document.site, document.id) = (site, id(now))
        let json = Array(try document.encoded())
        _ = try await store.store([try IngestedDocument(document, json: json, site: site, receivedAt: now)])
        return document.id
    }
}
