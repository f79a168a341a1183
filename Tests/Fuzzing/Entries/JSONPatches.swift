import Foundation

/// Changes to the values of a JSON text that leave it a JSON text, so that a mutated document is still a document.
///
/// Each is the number of a value in the order of the sorted keys (2), how to change it (1), and for a text its length
/// (1) and octets.
enum JSONPatches {
    static func apply(_ patches: FuzzInput, to data: Data) -> Data? {
        guard var tree = try? JSONSerialization.jsonObject(with: data) else { return nil }
        var input = patches
        var limit = 32
        while !input.isEmpty, limit > 0 {
            limit -= 1
            let count = valueCount(tree)
            guard count > 0 else { break }
            var index = Int(input.word()) % count
            let change = Change(&input)
            tree = replaced(tree, at: &index, by: change) ?? tree
        }
        guard JSONSerialization.isValidJSONObject(tree) else { return nil }
        return try? JSONSerialization.data(withJSONObject: tree)
    }

    private enum Change {
        case remove
        case double
        case value(any Sendable)

        init(_ input: inout FuzzInput) {
            switch input.octet() & 0b111 {
            case 0: self = .remove
            case 1: self = .double
            case 2: self = .value(Int(Int16(bitPattern: input.word())))
            case 3: self = .value(Self.numbers[Int(input.octet()) % Self.numbers.count])
            case 4:
                let word = UInt64(input.word()) << 48 | UInt64(input.word()) << 32
                let number = Double(bitPattern: word)
                self = .value(number.isFinite ? number : 0)
            case 5: self = .value(input.octet() & 1 == 0)
            default: self = .value(String(decoding: input.octets(Int(input.octet())), as: UTF8.self))
            }
        }

        private static let numbers: [Double] = [
            0, -0.0, 1, -1, 0.1, 65_535, 65_536, 4_294_967_296, 9e15, 9.3e18, -9.3e18, 1e300, -1e300,
            Double.leastNonzeroMagnitude,
        ]
    }

    private static func valueCount(_ tree: Any) -> Int {
        switch tree {
        case let fields as [String: Any]: 1 + fields.values.reduce(0) { $0 + valueCount($1) }
        case let items as [Any]: 1 + items.reduce(0) { $0 + valueCount($1) }
        default: 1
        }
    }

    /// - Parameter index: how many values are still to be passed over; below 0 once the change is made.
    /// - Returns: nil where the value is to go.
    private static func replaced(_ tree: Any, at index: inout Int, by change: Change) -> Any? {
        index -= 1
        guard index >= 0 else {
            if case .value(let value) = change { return value }
            if case .double = change { return tree }
            return nil
        }
        if let fields = tree as? [String: Any] {
            var result: [String: Any] = [:]
            for (key, field) in fields.sorted(by: { $0.key < $1.key }) {
                result[key] = index < 0 ? field : replaced(field, at: &index, by: change)
            }
            return result
        }
        guard let items = tree as? [Any] else { return tree }
        var result: [Any] = []
        for item in items {
            guard index >= 0 else {
                result.append(item)
                continue
            }
            let changed = replaced(item, at: &index, by: change)
            if let changed { result.append(changed) }
            if index < 0, case .double = change { result.append(item) }
        }
        return result
    }
}
