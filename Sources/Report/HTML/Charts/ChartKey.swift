/// Samples of lines and areas for a chart's key.
package enum ChartKey {
    package static func line(_ name: StaticString) -> HTML {
        tag(.svg, .classes("area"), .viewBox(22, 10), .ariaHidden) {
            tag(.path, .classes(name), .shape("M0 5H22"))
        }
    }

    package static func area(_ name: StaticString) -> HTML {
        tag(.svg, .classes("area"), .viewBox(22, 10), .ariaHidden) {
            tag(.rect, .classes(name), .width(22), .height(10))
        }
    }
}
