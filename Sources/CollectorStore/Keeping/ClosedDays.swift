import Results
import Units

/// Up to where roll-ups change no more, since checks that they were made of may be gone. A result of such a day that
/// comes later is kept as long as any other, but no roll-up counts it.
enum ClosedDays {
    private static let name = "closed_before"

    static func before(_ session: any SQLSession) throws -> UTCTime {
        let rows = try session.query("SELECT value FROM keeping WHERE name = $1", [.text(name)])
        return UTCTime(microseconds: try rows.first?.integer(0) ?? .min)
    }

    /// Never opens a day again, whatever the policy becomes.
    static func close(before time: UTCTime, _ session: any SQLSession) throws {
        guard try before(session) < time else { return }
        try session.insert(
            into: Tables.keeping,
            [[.text(name), .integer(time.microsecondsSinceUnixEpoch)]],
            onConflict: .update(["value"])
        )
    }
}
