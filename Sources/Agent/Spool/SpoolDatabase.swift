import Foundation
import GRDB
import Readiness
import Units

/// The file of the spool: opened, examined, and moved out of the way when it is damaged.
struct SpoolDatabase {
    static let fileName = "spool.sqlite"

    let queue: DatabaseQueue

    static func path(in directory: String) -> String { "\(directory)/\(fileName)" }

    /// Opens the file for writing, makes it where there is none, and brings it to today's tables.
    static func open(in directory: String) throws -> SpoolDatabase {
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o750]
        )
        var configuration = GRDB.Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path(in: directory), configuration: configuration)
        try queue.writeWithoutTransaction { database in
            // Committed means on the disk, not merely handed to the kernel.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(journalPages)")
            try database.execute(sql: "PRAGMA journal_size_limit = \(journalReserve)")
            guard try String.fetchOne(database, sql: "PRAGMA quick_check(1)") == "ok" else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "its structure is damaged")
            }
        }
        try SpoolSchema.migrator.migrate(queue)
        return SpoolDatabase(queue: queue)
    }

    /// After so many pages the journal is written back.
    private static let journalPages = 256
    /// What the limit of size leaves for the journal; in octets. One transaction can outgrow ``journalPages``.
    static let journalReserve = 4_000_000

    /// Octets of the file that hold something: pages that became free are used again.
    static func usedOctets(_ database: Database) throws -> Int {
        func number(_ pragma: String) throws -> Int {
            try Int.fetchOne(database, sql: "PRAGMA \(pragma)") ?? 0
        }
        return try (number("page_count") - number("freelist_count")) * number("page_size")
    }

    /// Gives a damaged file, and its journal, names that tell when that was.
    ///
    /// - Returns: the file's new path.
    static func moveAside(in directory: String, at now: WallInstant) throws -> String {
        let time = now.rfc3339.filter { $0.isNumber || $0 == "T" }.prefix(15)
        var target = "\(directory)/spool.damaged-\(time)Z.sqlite"
        var count = 1
        while FileManager.default.fileExists(atPath: target) {
            count += 1
            target = "\(directory)/spool.damaged-\(time)Z-\(count).sqlite"
        }
        try FileManager.default.moveItem(atPath: path(in: directory), toPath: target)
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path(in: directory) + suffix) {
            try FileManager.default.moveItem(atPath: path(in: directory) + suffix, toPath: target + suffix)
        }
        return target
    }
}

/// What an error of the database means for the spool.
enum SpoolTrouble {
    case damaged(String)
    case condition(SpoolCondition)

    init(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code ?? (error as NSError).code
            self = .condition(Self.condition(errno: Int32(code), reason: "\(error.localizedDescription)"))
            return
        }
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(reason)
        case .SQLITE_FULL: self = .condition(.diskFull(reason))
        case .SQLITE_READONLY, .SQLITE_PERM: self = .condition(.readOnly(reason))
        default: self = .condition(.unavailable(reason))
        }
    }

    private static func condition(errno: Int32, reason: String) -> SpoolCondition {
        switch errno {
        case ENOSPC, EDQUOT: .diskFull(reason)
        case EROFS, EACCES, EPERM: .readOnly(reason)
        default: .unavailable(reason)
        }
    }
}
