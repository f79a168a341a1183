import CPostgres

/// Why the server, or the way to it, did not do what it was asked.
struct PostgresFailure: Error, Hashable, Sendable {
    /// Five characters (PostgreSQL's appendix A); nil where the server did not speak.
    var state: String?
    var message: String
    /// Nothing more can be asked over this connection.
    var isConnectionLost: Bool
}

/// A value on its way to the server: a type by its object identifier, and its binary form.
struct PostgresParameter: Hashable {
    var type: PostgresType
    /// Nil for NULL.
    var octets: [UInt8]?
}

/// What the server answered: for each row the octets of each column, in binary form; nil for NULL.
struct PostgresAnswer {
    var types: [UInt32]
    var rows: [[[UInt8]?]]
    /// How many rows a statement changed.
    var changed: Int
}

/// A connection to a PostgreSQL server, by libpq: the only file that calls it. It is not Sendable, so that the compiler
/// keeps it on the thread that made it, as libpq asks.
final class PostgresConnection {
    /// Non-null from the initialiser, which checks it, to `deinit`, which alone frees it.
    private let handle: OpaquePointer

    /// - Throws: ``PostgresFailure``.
    init(url: String) throws {
        let settings = [
            ("connect_timeout", "10"), ("fallback_application_name", "linecheck-collector"),
            // A server that went without a word is noticed within half a minute.
            ("tcp_user_timeout", "30000"), ("keepalives_idle", "15"), ("keepalives_interval", "5"),
            // Last, so that what the address says goes before the above.
            ("dbname", url), ("client_encoding", "UTF8"),
        ]
        let connected = Self.withCStrings(settings.map(\.0)) { keywords in
            Self.withCStrings(settings.map(\.1)) { values in
                // Both arrays end with a null pointer and live until the call returns; libpq copies what it keeps.
                PQconnectdbParams(keywords, values, 1)
            }
        }
        guard let connected else {
            throw PostgresFailure(state: nil, message: "out of memory", isConnectionLost: true)
        }
        handle = connected
        guard PQstatus(handle) == CONNECTION_OK else {
            // Initialised in full, so that `deinit` frees the handle.
            throw PostgresFailure(state: nil, message: Self.message(handle), isConnectionLost: true)
        }
        // The callback keeps nothing of what it is handed.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// Whether libpq can read an address; the reason where it cannot.
    static func refusal(ofURL url: String) -> String? {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(url, &message)
        // Each is null or was allocated by the call, and is freed once.
        defer {
            PQconninfoFree(options)
            PQfreemem(message)
        }
        guard options == nil else { return nil }
        return message.map { trimmed(String(cString: $0)) } ?? "it cannot be read"
    }

    /// Runs statements without parameters.
    func run(_ sql: String) throws {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        try check(result)
    }

    /// - Throws: ``PostgresFailure``.
    func execute(_ sql: String, _ parameters: [PostgresParameter]) throws -> PostgresAnswer {
        var octets: [UInt8] = []
        octets.reserveCapacity(parameters.reduce(1) { $0 + ($1.octets?.count ?? 0) })
        var offsets: [Int?] = []
        for parameter in parameters {
            offsets.append(parameter.octets == nil ? nil : octets.count)
            octets += parameter.octets ?? []
        }
        // An array of no octets has no address to count from.
        octets.append(0)
        let types = parameters.map(\.type.rawValue)
        let lengths = parameters.map { Int32(clamping: $0.octets?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: parameters.count)
        let result = octets.withUnsafeBytes { buffer in
            // Every pointer lies within `octets`, with as many octets behind it as its length says; all arrays have as
            // many elements as there are parameters, and live until the call returns.
            let values = offsets.map { offset in
                offset.flatMap { buffer.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return PQexecParams(handle, sql, Int32(parameters.count), types, values, lengths, formats, 1)
        }
        // The answer is copied out before it is freed.
        defer { PQclear(result) }
        try check(result)
        return Self.answer(result)
    }

    private func check(_ result: OpaquePointer?) throws {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return
        default:
            // Null, or a text that lives as long as the result does.
            let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
            throw PostgresFailure(
                state: state,
                message: PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
                    ?? Self.message(handle),
                // An error without a code is libpq's own; it does not always know yet that the connection is gone.
                isConnectionLost: state == nil || PQstatus(handle) != CONNECTION_OK
            )
        }
    }

    private static func answer(_ result: OpaquePointer?) -> PostgresAnswer {
        let columns = PQnfields(result)
        let rows = (0..<PQntuples(result)).map { row in
            (0..<columns).map { column -> [UInt8]? in
                guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else {
                    return nil
                }
                // libpq says how many octets there are at `value`, which belongs to the result and is copied here.
                return Array(UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(result, row, column))))
            }
        }
        return PostgresAnswer(
            types: (0..<columns).map { PQftype(result, $0) },
            rows: rows,
            // A text that lives as long as the result does.
            changed: PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        )
    }

    /// A text that belongs to the connection and is copied here.
    private static func message(_ handle: OpaquePointer) -> String {
        PQerrorMessage(handle).map { trimmed(String(cString: $0)) } ?? "no reason given"
    }

    /// On one line.
    private static func trimmed(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline).map { $0.drop { $0 == "\t" || $0 == " " } }.joined(separator: " ")
    }

    /// Hands over texts as C has them: an array of pointers that ends with a null pointer.
    private static func withCStrings<Value>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        var octets: [CChar] = []
        var offsets: [Int] = []
        for text in texts {
            offsets.append(octets.count)
            octets += text.utf8CString
        }
        return octets.withUnsafeBufferPointer { buffer in
            // Each points at a text that ends with a zero, within `octets`, which lives until `body` returns.
            body(offsets.map { buffer.baseAddress?.advanced(by: $0) } + [nil])
        }
    }
}
