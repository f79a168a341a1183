import Foundation

/// The certificate authorities that come with the system, without those that somebody added to this host.
enum PublicAuthorities {
    /// Where the package ca-certificates has Mozilla's list; what an administrator adds lies elsewhere
    /// (update-ca-certificates(8)).
    private static let folder = "/usr/share/ca-certificates/mozilla"

    /// All of them in PEM, one after another; nil where this system does not keep them apart.
    static let bundle: [UInt8]? = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.filter { $0.hasSuffix(".crt") }.sorted()
        let octets = files.flatMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { Array($0) + [UInt8(ascii: "\n")] } ?? []
        }
        return octets.isEmpty ? nil : octets
    }()
}
