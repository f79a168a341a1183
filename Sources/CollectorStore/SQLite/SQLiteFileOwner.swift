import Glibc

/// Whose file a new database is. The service runs as a user of its own, and sites and readers are added by root, maybe
/// before the service ran at all: what root made with its own name on it, the service could not write to.
enum SQLiteFileOwner {
    /// Where root makes a database in a directory of somebody else's, makes it that user's; SQLite then gives the files
    /// beside it the same owner. Whatever fails is left for SQLite to tell, which opens the file next.
    static func prepare(_ path: String) {
        guard geteuid() == 0, let directory = status(ofDirectoryOf: path), directory.st_uid != 0 else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        _ = fchown(descriptor, directory.st_uid, directory.st_gid)
        close(descriptor)
    }

    private static func status(ofDirectoryOf path: String) -> stat? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        var status = stat()
        return stat(String(path[...slash]), &status) == 0 ? status : nil
    }
}
