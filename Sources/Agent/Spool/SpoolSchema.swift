import GRDB

/// The tables of the spool, and how an older file becomes a newer one.
///
/// A migration that has been released never changes: another one follows it.
enum SpoolSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("documents") { database in
            try database.execute(
                sql: """
                    CREATE TABLE document (
                        -- The order of arrival, which no clock can change.
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        kind TEXT NOT NULL CHECK (kind IN ('result', 'assessment')),
                        state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'set_aside')),
                        -- Why it is set aside.
                        reason TEXT,
                        -- Nanoseconds since the Unix epoch.
                        completed_at INTEGER NOT NULL,
                        -- The length of the JSON text, and the text in zlib's format.
                        octets INTEGER NOT NULL,
                        body BLOB NOT NULL
                    );
                    CREATE INDEX document_order ON document (state, kind, sequence);
                    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE TABLE event (
                        name TEXT PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL DEFAULT ''
                    ) WITHOUT ROWID;
                    """
            )
        }
        return migrator
    }
}
