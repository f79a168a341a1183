import Results

extension SQLStore {
    public func putReader(_ reader: Reader) async throws {
        let row: [SQLValue] = [
            .text(TextRules.storable(reader.name)), SQLValue(reader.passwordHash),
            reader.tokenDigest.map { .blob($0.octets) } ?? .null,
            .integer(reader.addedAt.microsecondsSinceUnixEpoch),
        ]
        try await database.write { session in
            try session.insert(
                into: Tables.reader,
                [row],
                onConflict: .update(["password_hash", "token_digest", "added_at"])
            )
        }
    }

    public func removeReader(_ name: String) async throws -> Bool {
        try await database.write { session in
            try session.change("DELETE FROM reader WHERE name = $1", [.text(TextRules.storable(name))]) > 0
        }
    }

    public func readers() async throws -> [Reader] { try await readers(where: "true", []) }

    public func reader(named name: String) async throws -> Reader? {
        try await readers(where: "name = $1", [.text(TextRules.storable(name))]).first
    }

    public func reader(token digest: SecretDigest) async throws -> Reader? {
        try await readers(where: "token_digest = $1", [.blob(digest.octets)]).first
    }

    private func readers(where condition: String, _ values: [SQLValue]) async throws -> [Reader] {
        try await database.read { session in
            try session.query(
                "SELECT \(Tables.reader.columnList) FROM reader WHERE \(condition) ORDER BY name",
                values
            ).map { row in
                Reader(
                    name: try row.text(0),
                    passwordHash: try row.optionalText(1),
                    tokenDigest: row.isNull(2) ? nil : SecretDigest(octets: try row.blob(2)),
                    addedAt: UTCTime(microseconds: try row.integer(3))
                )
            }
        }
    }
}
