import Foundation
import Units

/// A small value that survives restarts, in a file that is replaced whole.
public struct StateFile<Value: Codable & Sendable>: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// Nil where there is none.
    ///
    /// - Throws: why what is there cannot be used.
    public func read() throws(TextRefusal) -> Value? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw TextRefusal("'\(path)' cannot be used: \(error.localizedDescription)")
        }
    }

    /// On the disk when this returns; whoever reads sees the old value or the new one.
    ///
    /// - Parameter isPublic: whether anybody may read it, whatever this process's umask says.
    public func write(_ value: Value, isPublic: Bool = false) throws(TextRefusal) {
        let temporary = path + ".new"
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let data = try encoder.encode(value)
            try data.write(to: URL(fileURLWithPath: temporary))
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: temporary))
            try handle.synchronize()
            try handle.close()
            if isPublic {
                try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: temporary)
            }
        } catch {
            throw TextRefusal("'\(temporary)' cannot be written: \(error.localizedDescription)")
        }
        guard rename(temporary, path) == 0 else {
            throw TextRefusal("'\(path)' cannot be replaced: \(String(cString: strerror(errno)))")
        }
    }
}
