import Foundation

/// A folder that goes away with whoever holds it.
final class TemporaryFolder: Sendable {
    let path: String

    /// - Parameter inMemory: where nothing is synced, for tests that write much and ask nothing of the disk.
    init(inMemory: Bool = false) throws {
        let isThere = FileManager.default.isWritableFile(atPath: "/dev/shm")
        let place = inMemory && isThere ? "/dev/shm" : FileManager.default.temporaryDirectory.path
        path = "\(place)/linecheck-\(getpid())-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Octets of all files in it.
    var size: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }
}
