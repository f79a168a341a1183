import Exposition
import Testing

@Suite struct ExpositionTests {
    @Test func aHistogramIsCumulative() {
        var histogram = Histogram(bounds: [0.1, 1])
        for value in [0.1, 0.5, 3] { histogram.observe(value) }
        var page = ExpositionPage()
        page.histogram("x_seconds", "Why.", [(["a": "b"], histogram)])
        page.gauge("none", "Nothing.", [])
        #expect(
            page.text == """
                # HELP x_seconds Why.
                # TYPE x_seconds histogram
                x_seconds_bucket{a="b",le="0.1"} 1
                x_seconds_bucket{a="b",le="1"} 2
                x_seconds_bucket{a="b",le="+Inf"} 3
                x_seconds_sum{a="b"} 3.6
                x_seconds_count{a="b"} 3

                """
        )
    }
}
