/// Samples of lines and areas for a chart's key.
package enum ChartKey {
    package static func line(_ name: StaticString) -> HTML {
        tag(.svg, .classes("area"), .viewBox(22, 10), .width(22), .height(10), .ariaHidden) {
            tag(.path, .classes(name), .shape("M0 5H22"))
        }
    }

    package static func tick(_ name: StaticString) -> HTML {
        tag(.svg, .classes("area"), .viewBox(22, 10), .width(22), .height(10), .ariaHidden) {
            tag(.path, .classes(name), .shape("M9 0V10M11 0V10M15 0V10"))
        }
    }

    package static func area(_ name: StaticString) -> HTML {
        tag(.svg, .classes("area"), .viewBox(22, 10), .width(22), .height(10), .ariaHidden) {
            tag(.rect, .classes(name), .width(22), .height(10))
        }
    }
}
