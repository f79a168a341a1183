/// A page in Prometheus' text format (0.0.4), metric by metric.
///
/// A metric without samples does not stand on it: absent means that there is nothing to tell.
package struct ExpositionPage {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package typealias Sample = ([String: String], Double)

    package private(set) var text = ""

    package init() {}

    package mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) {
        add(name, "gauge", help) { page in
            for sample in samples { page.line(name, sample) }
        }
    }

    package mutating func counter(_ name: String, _ help: String, _ samples: () -> [Sample]) {
        let samples = samples()
        add(name, "counter", help) { page in
            for sample in samples { page.line(name, sample) }
        }
    }

    /// - Parameter histograms: one of each set of labels.
    package mutating func histogram(_ name: String, _ help: String, _ histograms: [([String: String], Histogram)]) {
        add(name, "histogram", help) { page in
            for (labels, histogram) in histograms {
                for (bound, count) in histogram.cumulative {
                    page.line("\(name)_bucket", (labels.merging(["le": bound]) { $1 }, Double(count)))
                }
                page.line("\(name)_sum", (labels, histogram.sum))
                page.line("\(name)_count", (labels, Double(histogram.count)))
            }
        }
    }

    /// Writes the heading, and takes it back where no sample follows.
    private mutating func add(_ name: String, _ type: String, _ help: String, _ samples: (inout Self) -> Void) {
        let before = text
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        let headed = text.utf8.count
        samples(&self)
        if text.utf8.count == headed { text = before }
    }

    private mutating func line(_ name: String, _ sample: Sample) {
        let list = sample.0.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
        text += name + (list.isEmpty ? "" : "{\(list.joined(separator: ","))}") + " \(Self.number(sample.1))\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
