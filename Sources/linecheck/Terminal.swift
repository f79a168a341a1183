import Glibc

/// Standard error and what is known of it.
enum Terminal {
    static let standardErrorIsTerminal = isatty(STDERR_FILENO) == 1

    static func write(_ text: String, to descriptor: Int32 = STDERR_FILENO) {
        write(octets: Array(text.utf8), to: descriptor)
    }

    static func write(octets: [UInt8], to descriptor: Int32) {
        var bytes = octets[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno != EINTR { return }
            bytes = bytes.dropFirst(max(0, written))
        }
    }

    static func error(_ message: String) { write("linecheck: \(message)\n") }

    /// The locale (POSIX.1 §8.2) says that nothing but ASCII can be shown.
    static var showsOnlyASCII: Bool {
        let environment = Environment.values
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
        guard let locale else { return false }
        return locale == "C" || locale == "POSIX"
    }

    /// Colour where a terminal shows it and nobody asked for none (no-color.org).
    static func wantsColor(_ descriptor: Int32) -> Bool {
        guard isatty(descriptor) == 1 else { return false }
        let environment = Environment.values
        if let noColor = environment["NO_COLOR"], !noColor.isEmpty { return false }
        return environment["TERM"] != "dumb"
    }
}
