import CLinux
import Glibc
import Units

/// This host's clock that counts its sleep as well, and which boot it counts from.
public enum BootClock {
    /// How long this host has slept since it started: `CLOCK_BOOTTIME` less `CLOCK_MONOTONIC`.
    public static func slept() -> Nanoseconds {
        var (boot, monotonic) = (timespec(), timespec())
        clock_gettime(CLOCK_MONOTONIC, &monotonic)
        clock_gettime(CLOCK_BOOTTIME, &boot)
        let seconds = Int64(boot.tv_sec) - Int64(monotonic.tv_sec)
        return max(.zero, .seconds(seconds) + Nanoseconds(Int64(boot.tv_nsec) - Int64(monotonic.tv_nsec)))
    }

    /// What the kernel calls this boot; nil where it does not say.
    public static func identifier() -> String? {
        TextFile.read("/proc/sys/kernel/random/boot_id")?.trimmingNewline()
    }
}
