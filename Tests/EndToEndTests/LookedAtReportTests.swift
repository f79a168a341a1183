import Foundation
import Testing

extension EndToEnd {
    /// `--format html`: one file, as a browser shows it.
    @Suite("Reports as a page")
    struct LookedAtReports {
        @Test("A check's page is valid, and right in Chromium: wide, narrow, light, dark and on paper")
        func looked() async throws {
            try await Lab.with(forward: "delay=5ms", reverse: "delay=5ms") { lab in
                try await lab.startReflector(["--clock-error", "10us"])
                let page = try lab.write("", to: "page.html")
                let check = try await lab.startCheck(
                    ["--endpoint", Family.ipv4.endpoint("3478"), "--duration", "1s", "--site", "Köln <b>1</b>"]
                        + ["--format", "html", "--output", page]
                ).end(within: 20)
                #expect(check.standardOutput.isEmpty)
                #expect(check.status == 3)
                let html = try String(contentsOfFile: page, encoding: .utf8)
                #expect(html.contains("INCONCLUSIVE"))
                #expect(html.contains("Köln &lt;b&gt;1&lt;/b&gt;"))
                let examined = try Command.run(try Executables.peer("examine_page.py") + [page])
                #expect(examined.status == 0, "\(examined.standardOutput)\(examined.standardError)")
                let looked = try Command.run(
                    try Executables.peer("look_at_pages.py") + ["--out", Screenshots.folder.path]
                        + ["report=file://\(page)"]
                )
                #expect(looked.status == 0, "\(looked.standardOutput)\(looked.standardError)")
            }
        }
    }
}

/// Where what a browser showed is kept: outside the sources, for whoever wants to see it.
enum Screenshots {
    static var folder: URL {
        let named = ProcessInfo.processInfo.environment["SCREENSHOTS"]
        return named.map { URL(fileURLWithPath: $0) }
            ?? Executables.packageRoot.appendingPathComponent(".build-screenshots")
    }
}
