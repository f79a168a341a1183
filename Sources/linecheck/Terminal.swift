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

    /// Whether nobody reads what is written there any more: the other end of a pipe is closed.
    static func isAbandoned(_ descriptor: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: 0, revents: 0)
        return Glibc.poll(&poll, 1, 0) > 0 && poll.revents & Int16(POLLERR) != 0
    }

    /// By how much the clock on the wall is ahead of UTC now.
    static var secondsFromUTC: Int64 {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        return Int64(local.tm_gmtoff)
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
