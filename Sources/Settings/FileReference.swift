import Foundation
import Units

/// Where a secret, a key or a certificate lies: a file, or a credential that systemd hands to the service.
///
/// Written as a path, or as `credential:NAME`, which is the file NAME in `$CREDENTIALS_DIRECTORY`.
public enum FileReference: Hashable, Sendable, CustomStringConvertible {
    case file(String)
    case credential(String)

    public init(_ text: String) throws(TextRefusal) {
        guard let name = text.hasPrefix("credential:") ? text.dropFirst("credential:".count) : nil else {
            guard text.hasPrefix("/") else {
                throw TextRefusal("'\(text)' is not a whole path, as /etc/linecheck/token, nor credential:NAME")
            }
            self = .file(text)
            return
        }
        guard !name.isEmpty, name.utf8.count <= 255, !name.contains("/"), name != ".", name != ".." else {
            throw TextRefusal("'\(text)' names no credential; write credential:NAME, as LoadCredential= calls it")
        }
        self = .credential(String(name))
    }

    public var description: String {
        switch self {
        case .file(let path): path
        case .credential(let name): "credential:\(name)"
        }
    }

    /// - Throws: when the service was handed no credentials at all.
    public func path(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(TextRefusal) -> String {
        switch self {
        case .file(let path): return path
        case .credential(let name):
            guard let folder = environment["CREDENTIALS_DIRECTORY"] else {
                throw TextRefusal("\(self): there is no CREDENTIALS_DIRECTORY; is LoadCredential= in the unit?")
            }
            return "\(folder)/\(name)"
        }
    }

    /// More than this is no token.
    package static let longestSecret = 16_384

    /// The one line that the file holds, without the end of the line.
    ///
    /// - Throws: a text with the file's name, never with what is in it.
    public func secret() throws(TextRefusal) -> Secret {
        let octets = try octets(upTo: Self.longestSecret)
        guard octets.count <= Self.longestSecret else {
            throw TextRefusal("\(self) has more than \(Self.longestSecret) octets, which a secret never has")
        }
        let line = octets.drop { $0 == 0x20 || $0 == 0x0a }.reversed().drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard !line.isEmpty else { throw TextRefusal("\(self) is empty") }
        guard line.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw TextRefusal("\(self) must be one line of visible ASCII characters without blanks")
        }
        return Secret(String(decoding: line.reversed(), as: UTF8.self))
    }

    /// What is in it; no more than tells that it is too long.
    package func octets(upTo longest: Int) throws(TextRefusal) -> [UInt8] {
        let path = try path()
        func refusal() -> TextRefusal { TextRefusal("\(self) cannot be read: \(String(cString: strerror(errno)))") }
        // A pipe without a writer must not hold anybody up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refusal() }
        defer { close(descriptor) }
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while octets.count <= longest {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw refusal() }
            guard count > 0 else { break }
            octets += buffer[..<count]
        }
        return octets
    }
}
