import CollectorStore
import Readiness
import Report
import Results
import Units

/// How checks were graded over time: for each stretch a column, as high as the share of each grade.
struct GradeHistory {
    let points: [GradePoint]
    let axis: TimeAxis
    let range: SiteRange

    @HTMLBuilder var html: HTML {
        if !points.isEmpty {
            tag(.div, .classes("grades")) {
                PlotFrame(
                    title: "Checks by grade",
                    detail: "share of the checks of each stretch",
                    spoken: spoken,
                    scale: PlotScale(greatest: 1 / 1.1, target: nil, limit: nil),
                    along: axis.labels,
                    target: nil,
                    limit: nil,
                    figure: { $0 == 0 || $0 >= 1 ? NumberText.decimal($0 * 100, places: 0) + " %" : "" },
                    boundText: { "\($0)" }
                ).html {
                    for grade in Grade.allCases {
                        tag(.path, .classes("fill", Standing(grade).className), .d(shape(grade)))
                    }
                }
            }
            tag(.ul, .classes("key")) {
                for grade in Grade.allCases.reversed() {
                    tag(.li) { Standing(grade).badge("\(words(grade)): \(count(grade))") }
                }
            }
        }
    }

    private func words(_ grade: Grade) -> String { Standing(grade).word.lowercased() }

    private func count(_ grade: Grade) -> String { NumberText.count(points.reduce(0) { $0 &+ number($1, grade) }) }

    private func number(_ point: GradePoint, _ grade: Grade) -> Int {
        switch grade {
        case .ready: point.ready
        case .inconclusive: point.inconclusive
        case .atRisk: point.atRisk
        case .notReady: point.notReady
        }
    }

    private var spoken: String {
        "Checks over \(range.words): "
            + Grade.allCases.reversed().map { "\(count($0)) \(words($0))" }.joined(separator: ", ")
    }

    /// Worst at the bottom, where they are seen first.
    private func shape(_ grade: Grade) -> PathData {
        var data = PathData()
        let width = max(2, stretch / (axis.span.until - axis.span.from) * PlotFrame.width * 0.86)
        for point in points where number(point, grade) > 0 {
            let all = Double(max(1, point.checks))
            let below = Grade.allCases.filter { $0 > grade }.reduce(0.0) { $0 + Double(number(point, $1)) / all }
            let height = Double(number(point, grade)) / all
            let x = axis.span.place(Double(point.at.microsecondsSinceUnixEpoch)) * PlotFrame.width
            data.rectangle(
                min(x, PlotFrame.width - width),
                (1 - below - height) * PlotFrame.height,
                width: width,
                height: height * PlotFrame.height
            )
        }
        return data
    }

    /// Microseconds that a point stands for.
    private var stretch: Double {
        switch range.resolution {
        case .raw:
            zip(points, points.dropFirst()).map {
                Double($1.at.microsecondsSinceUnixEpoch) - Double($0.at.microsecondsSinceUnixEpoch)
            }.min() ?? 900e6
        case .hour: 3_600e6
        case .day: 86_400e6
        }
    }
}
