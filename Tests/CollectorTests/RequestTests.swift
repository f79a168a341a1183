import CollectorRequests
import Testing

@testable import Collector

@Suite struct RequestTests {
    @Test(arguments: [
        ("/", [], []), ("/v1/sites/B%C3%BCro%2F1", ["v1", "sites", "Büro/1"], []), ("//", ["", ""], []),
        ("/?q=a+b%26&q&=x", [], ["q=a b&", "q=", "=x"]), ("/a?b?c", ["a"], ["b?c="]),
    ])
    func targetsAreDecoded(text: String, segments: [String], query: [String]) throws {
        let target = try #require(RequestTarget(text))
        #expect(target.segments == segments)
        #expect(target.query.map { "\($0.name)=\($0.value)" } == query)
    }

    @Test(arguments: ["", "x", "/%", "/%4", "/%zz", "/%ff", "/?a=%ff", "/?%=1"])
    func whatIsNotEncodedIsRefused(text: String) { #expect(RequestTarget(text) == nil) }

    @Test func segmentsAreEncodedAsTheyAreDecoded() throws {
        for name in ["Berlin, 4th floor", "a/b?c#d", "ü\u{1}%2F", "+~"] {
            #expect(try #require(RequestTarget("/" + RequestTarget.encoded(name))).segments == [name])
        }
    }

    @Test(arguments: [
        ([], Route.fleetPage), (["v1", "results"], .ingestResults), (["v1", "sites", "a"], .site("a")),
        (["v1", "sites", "a", "results", "1"], .result("a", id: "1")), (["sites", "a"], .sitePage("a")),
        (["sites", "a", "assessments", "1"], .certificatePage("a", id: "1")), (["health", "live"], .live),
    ])
    func addressesAreFound(segments: [String], route: Route) { #expect(Route(segments) == route) }

    @Test(arguments: [
        [""], ["v1"], ["v1", ""], ["sites"], ["sites", "a", "b"], ["v1", "sites", "a", "b"], ["login", ""],
    ])
    func othersAreNot(segments: [String]) { #expect(Route(segments) == nil) }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("=1+1", "'=1+1"), ("-3.5", "-3.5"),
        ("@x", "'@x"), ("two\nlines", "\"two\nlines\""),
    ])
    func cellsAreSafe(text: String, cell: String) { #expect(ResultCSV.cell(text) == cell) }
}
