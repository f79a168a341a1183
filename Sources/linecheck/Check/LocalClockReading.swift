import LinuxNet
import Readiness
import Units
import Wire

extension LocalClock {
    /// What stands behind this host's clock: its operator's word where given, else its kernel's.
    static func now(operatorError: Nanoseconds?) -> LocalClock {
        if let operatorError {
            return LocalClock(synchronized: true, maximumError: operatorError, source: "operator")
        }
        do throws(SystemError) {
            let kernel = try KernelClock.read()
            return LocalClock(
                synchronized: kernel.synchronized,
                maximumError: kernel.vouchedError,
                source: kernel.source
            )
        } catch {
            return LocalClock(synchronized: false, maximumError: nil, source: "none: \(error)")
        }
    }

    /// The same for the far end's eyes.
    var errorEstimate: ErrorEstimate {
        ErrorEstimate(synchronized: synchronized, format: .ntp, error: maximumError ?? .seconds(16))
    }
}
