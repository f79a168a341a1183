import GRDB
import Units

extension SpoolStatus {
    /// What a spool holds that another process has open: for a command beside the agent. Changes nothing.
    ///
    /// ``condition`` and ``held`` are the other process's own and stay at their defaults.
    ///
    /// - Throws: a text for the operator, where there is no spool or it cannot be read.
    public static func reading(_ settings: SpoolSettings) throws(TextRefusal) -> SpoolStatus {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let path = SpoolDatabase.path(in: settings.directory)
        do {
            var status = try DatabaseQueue(path: path, configuration: configuration).read(SpoolTables.status)
            status.sizeLimit = settings.size
            return status
        } catch {
            let reason = (error as? DatabaseError)?.message ?? "\(error)"
            throw TextRefusal("\(path) cannot be read: \(reason); is it this host's spool, and may you read it?")
        }
    }
}
