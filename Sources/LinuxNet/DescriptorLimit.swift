import Glibc

/// How many files and sockets this process may have open.
public enum DescriptorLimit {
    /// Takes all that the system lets this process have; a stream needs a socket of its own.
    public static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
