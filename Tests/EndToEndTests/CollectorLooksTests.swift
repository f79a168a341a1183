import Foundation
import Testing

extension EndToEnd {
    /// The collector's pages as Chromium shows them, of a fleet of a thousand sites: wide and narrow, light, dark and on
    /// paper. `SCREENSHOTS` names the folder where the pictures are kept.
    @Suite(.enabled(if: CollectorLab.missing.isEmpty, "SKIPPED: needs \(CollectorLab.missing)"))
    struct CollectorLooks {
        private static let sites = 1_000

        private static func path(_ parts: String...) -> String {
            "/"
                + parts.map { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
                .joined(separator: "/")
        }

        /// By name. A name that begins with `certificate` fits on one sheet of paper.
        private static func pages(_ contents: SeededFleet.Contents) -> [(name: String, path: String)] {
            [
                ("fleet", "/"), ("fleet-silent", "/?grade=silent"), ("fleet-found", "/?q=b%C3%BCr&sort=name"),
                ("site-troubled", path("sites", SeededFleet.troubled)),
                ("site-troubled-month", path("sites", SeededFleet.troubled) + "?range=30d"),
                ("site-good-day", path("sites", SeededFleet.good) + "?range=24h"),
                ("site-sparse", path("sites", SeededFleet.incident)),
                ("result-latest", path("sites", SeededFleet.troubled, "results", contents.latest)),
                ("result-incident", path("sites", SeededFleet.incident, "results", contents.incident)),
                ("assessments", "/assessments"), ("login", "/login?next=/"),
            ]
        }

        private static func certificates(_ contents: SeededFleet.Contents) -> [(name: String, path: String)] {
            [
                ("certificate-go", path("sites", SeededFleet.good, "assessments", contents.go)),
                ("certificate-no-go", path("sites", SeededFleet.troubled, "assessments", contents.noGo)),
            ]
        }

        @Test("A fleet of 1,000 sites, a site, a result and the certificate are right in Chromium")
        func thePagesAreRightInChromium() async throws {
            let lab = try CollectorLab()
            let contents = try await SeededFleet.fill(lab.database, sites: Self.sites, seed: 7)
            try await lab.start()
            #expect(try lab.request("/").body.contains("1,000 sites"))
            let (pages, certificates) = (Self.pages(contents), Self.certificates(contents))
            try look(at: pages, of: lab)
            try look(at: certificates, of: lab, ["--pages", "1"])
            for page in pages + certificates { try expectPictures(page.name) }
        }

        private func look(at pages: [(name: String, path: String)], of lab: CollectorLab, _ more: [String] = []) throws
        {
            let looked = try Command.run(
                try Executables.peer("look_at_pages.py") + ["--out", Screenshots.folder.path] + more
                    + pages.map { "\($0.name)=\(lab.url)\($0.path)" }
            )
            #expect(looked.status == 0, "\(looked.standardOutput)\(looked.standardError)")
        }

        /// That there is something on them is what the script looks after.
        private func expectPictures(_ page: String) throws {
            for (name, width) in [("wide", 1_280), ("narrow", 360)] {
                for scheme in ["light", "dark"] {
                    let file = Screenshots.folder.appendingPathComponent("\(page)-\(name)-\(scheme).png")
                    let picture = try Data(contentsOf: file)
                    #expect(picture.count > 5_000, "\(file.lastPathComponent)")
                    #expect(picture.prefix(8) == Data([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
                    #expect(Self.number(picture, at: 16) == width, "\(file.lastPathComponent)")
                    let age = Date().timeIntervalSince(try #require(try modified(file)))
                    #expect(age < 600, "\(file.lastPathComponent) is of an earlier run")
                }
            }
            for paper in ["a4", "letter"] {
                let sheet = try Data(contentsOf: Screenshots.folder.appendingPathComponent("\(page)-\(paper).pdf"))
                #expect(sheet.starts(with: Data("%PDF".utf8)))
            }
        }

        private func modified(_ file: URL) throws -> Date? {
            try file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
        }

        private static func number(_ data: Data, at offset: Int) -> Int {
            data.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
