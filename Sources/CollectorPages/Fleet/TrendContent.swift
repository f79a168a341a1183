import CollectorStore
import Readiness
import Report

/// A site's week: a column for each quarter of a day, the higher and the redder the worse.
enum TrendContent {
    private static let width = 5.0
    private static let height = 20.0

    static func html(_ trend: Trend) -> HTML {
        let count = max(1, trend.worst.count)
        return tag(
            .svg,
            .classes("trend"),
            .viewBox(count * Int(width), Int(height)),
            .stretched,
            .role("img"),
            .ariaLabel(spoken(trend))
        ) {
            for grade in Grade.allCases { columns(trend, grade) }
            columns(trend, nil)
        }
    }

    @HTMLBuilder private static func columns(_ trend: Trend, _ grade: Grade?) -> HTML {
        let data = shape(trend, grade)
        if !data.isEmpty {
            if let grade {
                tag(.path, .classes("fill", Standing(grade).className), .d(data))
            } else {
                tag(.path, .classes("none"), .d(data))
            }
        }
    }

    private static func shape(_ trend: Trend, _ grade: Grade?) -> PathData {
        var data = PathData()
        let height = height(grade)
        for (index, worst) in trend.worst.enumerated() where worst == grade {
            data.rectangle(Double(index) * width, Self.height - height, width: width - 1, height: height)
        }
        return data
    }

    private static func height(_ grade: Grade?) -> Double {
        switch grade {
        case .ready: 6
        case .inconclusive: 10
        case .atRisk: 14
        case .notReady: 20
        case nil: 2
        }
    }

    static func spoken(_ trend: Trend) -> String {
        let parts = Grade.allCases.reversed().compactMap { grade -> String? in
            let count = trend.worst.count { $0 == grade }
            return count == 0 ? nil : "\(Standing(grade).word.lowercased()) in \(count)"
        }
        let none = trend.worst.count { $0 == nil }
        let missing = none == 0 ? [] : ["no check in \(none)"]
        return "of \(trend.worst.count) quarters of days: " + (parts + missing).joined(separator: ", ")
    }
}
