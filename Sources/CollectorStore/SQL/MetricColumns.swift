/// The columns of one check's figures: of each metric the value and the ends of its uncertainty.
enum FigureColumns {
    static let names = Metric.allCases.flatMap { metric in ["", "_low", "_high"].map { metric.rawValue + $0 } }

    static func values(_ figures: [Metric: Figure]) -> [SQLValue] {
        Metric.allCases.flatMap { metric in
            let figure = figures[metric]
            return [SQLValue(figure?.value), SQLValue(figure?.low), SQLValue(figure?.high)]
        }
    }

    /// - Parameter first: the position of the first of them.
    static func figures(_ row: SQLRow, from first: Int) throws -> [Metric: Figure] {
        var figures: [Metric: Figure] = [:]
        for (index, metric) in Metric.allCases.enumerated() {
            let column = first + 3 * index
            guard let value = try row.optionalReal(column), let low = try row.optionalReal(column + 1),
                let high = try row.optionalReal(column + 2)
            else { continue }
            figures[metric] = Figure(value: value, low: low, high: high)
        }
        return figures
    }
}

/// The columns of roll-ups: the ``Spread`` of each metric.
enum SpreadColumns {
    static let names = Metric.allCases.flatMap { metric in
        ["_min", "_median", "_max", "_low", "_high"].map { metric.rawValue + $0 }
    }

    static func values(_ metrics: [Metric: Spread]) -> [SQLValue] {
        Metric.allCases.flatMap { metric in
            let spread = metrics[metric]
            return [
                SQLValue(spread?.minimum), SQLValue(spread?.median), SQLValue(spread?.maximum), SQLValue(spread?.low),
                SQLValue(spread?.high),
            ]
        }
    }

    static func metrics(_ row: SQLRow, from first: Int) throws -> [Metric: Spread] {
        var metrics: [Metric: Spread] = [:]
        for (index, metric) in Metric.allCases.enumerated() {
            let numbers = try (0..<5).compactMap { try row.optionalReal(first + 5 * index + $0) }
            guard numbers.count == 5 else { continue }
            metrics[metric] = Spread(
                minimum: numbers[0],
                median: numbers[1],
                maximum: numbers[2],
                low: numbers[3],
                high: numbers[4]
            )
        }
        return metrics
    }
}

/// Packets by DSCP as a column has them: `0:12 46:3000`.
enum MarkColumn {
    static func text(_ marks: [Int: Int]) -> String? {
        marks.isEmpty
            ? nil : marks.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
    }

    static func marks(_ text: String?) -> [Int: Int] {
        var marks: [Int: Int] = [:]
        for part in (text ?? "").split(separator: " ") {
            let ends = part.split(separator: ":")
            guard ends.count == 2, let mark = Int(ends[0]), let count = Int(ends[1]) else { continue }
            marks[mark] = count
        }
        return marks
    }
}
