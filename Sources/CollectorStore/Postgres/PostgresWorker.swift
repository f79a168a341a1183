/// A connection and what it takes to have one again: used by one thread.
final class PostgresWorker {
    enum Access: Sendable {
        case read, write
    }

    private let url: String
    private var connection: PostgresConnection?

    /// A transaction is begun again so often when the connection was lost or another transaction was in the way.
    private static let attempts = 3

    init(url: String) { self.url = url }

    /// - Throws: ``StoreError``, or what `work` throws of its own.
    func run<Value>(_ access: Access, _ work: (any SQLSession) throws -> Value) throws -> Value {
        var attempt = 1
        while true {
            let connection = try connected()
            do {
                return try transaction(access, connection, work)
            } catch let failure as PostgresFailure {
                if failure.isConnectionLost { self.connection = nil }
                guard failure.isWorthAnotherTry, attempt < Self.attempts else { throw failure.storeError }
                attempt += 1
            }
        }
    }

    private func transaction<Value>(
        _ access: Access,
        _ connection: PostgresConnection,
        _ work: (any SQLSession) throws -> Value
    ) throws -> Value {
        switch access {
        case .read: try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        case .write: try connection.run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        }
        do {
            let value = try work(PostgresSession(connection))
            try connection.run("COMMIT")
            return value
        } catch {
            // The first error is the one to tell. A connection that cannot even roll back is of no use any more.
            do { try connection.run("ROLLBACK") } catch { self.connection = nil }
            throw error
        }
    }

    private func connected() throws -> PostgresConnection {
        if let connection { return connection }
        do {
            let connection = try PostgresConnection(url: url)
            // Committed means on the disk, whatever the server's own default is.
            try connection.run("SET synchronous_commit = on")
            try connection.run("SET statement_timeout = '60s'")
            try connection.run("SET idle_in_transaction_session_timeout = '60s'")
            self.connection = connection
            return connection
        } catch let failure as PostgresFailure {
            throw failure.connectError
        }
    }
}

extension PostgresFailure {
    /// The work can be done again from its beginning: it was rolled back, or whether it was is not known and it does no
    /// harm twice.
    var isWorthAnotherTry: Bool {
        // Serialization failure, deadlock; and the server is going down, or its process was killed.
        isConnectionLost || ["40001", "40P01", "57P01", "57P02"].contains(state)
    }

    var storeError: StoreError {
        if isConnectionLost { return .unavailable("the PostgreSQL server went away: \(message)") }
        switch state {
        case "53100": return .unavailable("the disk of the PostgreSQL server is full: \(message)")
        case "25006":
            return .unavailable("the PostgreSQL server takes no writes (\(message)): name the primary, not a standby")
        case "42501":
            return .unavailable(
                "the database role may not do that (\(message)): give it CREATE on the schema, and its own tables"
            )
        case "57014": return .unavailable("the PostgreSQL server took over 60 s and was stopped: \(message)")
        case "40001", "40P01", "57P01", "57P02", "57P03", "53300": return .unavailable(message)
        default: return .failed("\(message)\(state.map { " (SQLSTATE \($0))" } ?? "")")
        }
    }

    var connectError: StoreError {
        .unavailable(
            "cannot connect to the PostgreSQL server: \(message): see that it runs, and that host, port, database, user "
                + "and password of the address are right"
        )
    }
}
