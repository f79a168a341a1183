/// The types that are sent, by their object identifiers.
enum PostgresType: UInt32, Hashable, Sendable {
    /// The server finds out.
    case unknown = 0
    case bytea = 17
    case int8 = 20
    case text = 25
    case float8 = 701
    case byteaArray = 1_001
    case textArray = 1_009
    case int8Array = 1_016
    case float8Array = 1_022

    init(_ column: SQLTable.ColumnType) {
        switch column {
        case .integer: self = .int8
        case .real: self = .float8
        case .text: self = .text
        case .blob: self = .bytea
        }
    }

    /// Of which an array is made.
    var array: PostgresType {
        switch self {
        case .bytea: .byteaArray
        case .int8: .int8Array
        case .float8: .float8Array
        default: .textArray
        }
    }

    var name: String {
        switch self {
        case .bytea: "bytea"
        case .int8: "bigint"
        case .float8: "double precision"
        default: "text"
        }
    }
}

/// Values in the binary form in which they travel: big-endian, arrays with their dimensions before them.
enum PostgresBinary {
    static func parameter(_ value: SQLValue) -> PostgresParameter {
        switch value {
        case .null: PostgresParameter(type: .unknown, octets: nil)
        case .integer: scalar(value, .int8)
        case .real: scalar(value, .float8)
        case .text: scalar(value, .text)
        case .blob: scalar(value, .bytea)
        case .texts(let texts): array(texts.map(SQLValue.text), of: .text)
        }
    }

    private static func scalar(_ value: SQLValue, _ type: PostgresType) -> PostgresParameter {
        var octets: [UInt8] = []
        return PostgresParameter(type: type, octets: append(value, as: type, to: &octets) ? octets : nil)
    }

    /// One dimension, counted from 1.
    static func array(_ values: some Collection<SQLValue>, of type: PostgresType) -> PostgresParameter {
        var array: [UInt8] = []
        array.reserveCapacity(20 + 16 * values.count)
        append(UInt32(values.isEmpty ? 0 : 1), to: &array)
        append(UInt32(values.contains(.null) ? 1 : 0), to: &array)
        append(type.rawValue, to: &array)
        guard !values.isEmpty else { return PostgresParameter(type: type.array, octets: array) }
        append(UInt32(clamping: values.count), to: &array)
        append(UInt32(1), to: &array)
        for value in values {
            let place = array.count
            append(UInt32.max, to: &array)
            guard append(value, as: type, to: &array) else { continue }
            let length = UInt32(clamping: array.count - place - 4)
            for offset in 0..<4 { array[place + offset] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * offset)) }
        }
        return PostgresParameter(type: type.array, octets: array)
    }

    /// - Returns: false for NULL, of which there are no octets.
    private static func append(_ value: SQLValue, as type: PostgresType, to octets: inout [UInt8]) -> Bool {
        switch value {
        case .null, .texts: return false
        case .integer(let integer) where type == .float8: append(Double(integer).bitPattern, to: &octets)
        case .integer(let integer): append(UInt64(bitPattern: integer), to: &octets)
        case .real(let real): append(real.bitPattern, to: &octets)
        case .text(let text): octets += text.utf8
        case .blob(let blob): octets += blob
        }
        return true
    }

    private static func append<Word: FixedWidthInteger>(_ word: Word, to octets: inout [UInt8]) {
        for shift in stride(from: Word.bitWidth - 8, through: 0, by: -8) {
            octets.append(UInt8(truncatingIfNeeded: word >> Word(shift)))
        }
    }

    /// - Parameter type: the object identifier that the server names.
    static func value(_ octets: [UInt8]?, type: UInt32) throws -> SQLValue {
        guard let octets else { return .null }
        let number = octets.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch (type, octets.count) {
        // int8, int4, int2, bool.
        case (20, 8): return .integer(Int64(bitPattern: number))
        case (23, 4): return .integer(Int64(Int32(truncatingIfNeeded: number)))
        case (21, 2): return .integer(Int64(Int16(truncatingIfNeeded: number)))
        case (16, 1): return .integer(Int64(number))
        case (701, 8): return .real(Double(bitPattern: number))
        case (17, _): return .blob(octets)
        // text, varchar, name, unknown.
        case (25, _), (1_043, _), (19, _), (705, _): return .text(String(decoding: octets, as: UTF8.self))
        default: throw StoreError.failed("an answer has a column of type \(type) and \(octets.count) octets")
        }
    }
}
