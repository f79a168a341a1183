import Testing

@testable import Report
@testable import SampleChecks

@Suite("Markup")
struct MarkupTests {
    @Test func textsAreEscapedWhereverTheyStand() {
        let html = HTML {
            tag(.p, .title("a \"b\" <c> & 'd'")) { "<script>1 & 2</script>" }
        }
        #expect(
            html.markup == "<p title=\"a &quot;b&quot; &lt;c&gt; &amp; &#39;d&#39;\">"
                + "&lt;script&gt;1 &amp; 2&lt;/script&gt;</p>"
        )
    }

    @Test func whatCannotStandInAPageIsMarked() {
        #expect(Escaping.escaped("a\u{0}b\u{1b}c\u{7f}d\u{fffe}") == "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}")
        #expect(Escaping.escaped("\u{202e}gnp.exe\u{2066}") == "\u{fffd}gnp.exe\u{fffd}")
        // Joiners and accents are part of names.
        let name = "نیم\u{200c}فاصله é 東京 👩\u{200d}💻\n\t"
        #expect(Escaping.escaped(name) == name)
    }

    @Test func elementsWithoutContentHaveNoEndTag() {
        #expect(HTML { tag(.br) }.markup == "<br>")
        #expect(HTML { tag(.td) }.markup == "<td></td>")
        #expect(HTML { tag(.option, .selected(true), .selected(false)) }.markup == "<option selected></option>")
    }

    @Test func linksStayWithinTheServer() {
        #expect(Link(["sites", "a/b?c#d"]).address == "/sites/a%2Fb%3Fc%23d")
        #expect(Link(["//evil.example"]).address == "/%2F%2Fevil.example")
        #expect(Link(["javascript:alert(1)"]).address == "/javascript%3Aalert%281%29")
        #expect(Link([""], query: [("q", "ä&b=c"), ("sort", "name")]).address == "/?q=%C3%A4%26b%3Dc&sort=name")
        #expect(Link(["\u{1}"]).address == "/%01")
    }

    @Test(arguments: [
        (0.0, "0"), (12.0, "12"), (0.5, "0.5"), (-0.25, "-0.25"), (33.333_333, "33.33"), (0.05, "0.05"),
        (1e300, "10000000"), (.infinity, "0"), (.nan, "0"), (-1e300, "-10000000"),
    ])
    func coordinates(_ value: Double, _ text: String) {
        #expect(Length.coordinate(value) == text)
    }
}

@Suite("Bars against target and limit")
struct RangeBarTests {
    @Test func putTargetAndLimitAtTheSamePlacesWhateverTheyAre() throws {
        let places = try [(50.0, 100.0), (0.001, 0.01), (10, 30)].map { target, limit in
            let bar = try #require(RangeBar(target: target, limit: limit))
            return [bar.place(0), bar.place(target), bar.place(limit), bar.place(1e300)]
        }
        #expect(places.allSatisfy { $0 == [0, 0.4, 0.75, 1] })
    }

    @Test func growWithTheValue() throws {
        let bar = try #require(RangeBar(target: 10, limit: 30))
        let places = stride(from: 0.0, through: 80, by: 0.5).map(bar.place)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(places.allSatisfy { (0...1).contains($0) })
    }

    @Test func haveOneBoundWhereTargetAndLimitAreOne() throws {
        let bar = try #require(RangeBar(target: 30, limit: 30))
        #expect(bar.place(30) == 0.75)
        #expect(bar.place(15) == 0.375)
        #expect(RangeBar(target: nil, limit: nil) == nil)
        #expect(RangeBar(target: 0, limit: 0) == nil)
    }
}

@Suite("Scales of charts")
struct PlotScaleTests {
    @Test func reachTheBoundsThatValuesComeNear() {
        #expect(PlotScale(greatest: 12, target: 50, limit: 100).top < 50)
        #expect(PlotScale(greatest: 40, target: 50, limit: 100).top > 50)
        #expect(PlotScale(greatest: 60, target: 50, limit: 100).top > 100)
        #expect(PlotScale(greatest: 5_000, target: 50, limit: 100).top == 300)
        #expect(PlotScale(greatest: 0, target: nil, limit: nil).top == 1)
        #expect(PlotScale(greatest: .infinity, target: nil, limit: .nan).top == 1)
    }

    @Test(arguments: [0.003, 0.7, 1, 9.99, 42, 113, 300, 98_765])
    func haveAFewRoundTicksWithin(_ greatest: Double) {
        let scale = PlotScale(greatest: greatest, target: nil, limit: nil)
        #expect((3...7).contains(scale.ticks.count))
        #expect(scale.ticks.allSatisfy { (0...scale.top * 1.001).contains($0) })
        #expect(scale.ticks[0] == 0)
    }
}
