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
        case .integer: PostgresParameter(type: .int8, octets: octets(value, as: .int8))
        case .real: PostgresParameter(type: .float8, octets: octets(value, as: .float8))
        case .text: PostgresParameter(type: .text, octets: octets(value, as: .text))
        case .blob: PostgresParameter(type: .bytea, octets: octets(value, as: .bytea))
        case .texts(let texts): array(texts.map(SQLValue.text), of: .text)
        }
    }

    /// One dimension, counted from 1.
    static func array(_ values: some Collection<SQLValue>, of type: PostgresType) -> PostgresParameter {
        guard !values.isEmpty else {
            return PostgresParameter(type: type.array, octets: word(0) + word(0) + word(type.rawValue))
        }
        let hasNull: UInt32 = values.contains(.null) ? 1 : 0
        var array = word(1) + word(hasNull) + word(type.rawValue) + word(UInt32(clamping: values.count)) + word(1)
        for value in values {
            guard let octets = octets(value, as: type) else {
                array += word(.max)
                continue
            }
            array += word(UInt32(clamping: octets.count))
            array += octets
        }
        return PostgresParameter(type: type.array, octets: array)
    }

    /// Nil for NULL.
    private static func octets(_ value: SQLValue, as type: PostgresType) -> [UInt8]? {
        switch value {
        case .null, .texts: nil
        case .integer(let integer) where type == .float8: long(Double(integer).bitPattern)
        case .integer(let integer): long(UInt64(bitPattern: integer))
        case .real(let real): long(real.bitPattern)
        case .text(let text): Array(text.utf8)
        case .blob(let octets): octets
        }
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func long(_ value: UInt64) -> [UInt8] {
        word(UInt32(truncatingIfNeeded: value >> 32)) + word(UInt32(truncatingIfNeeded: value))
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
