import LinuxNet
import Units

/// Everything the doctor looks at, in the order in which it is told.
enum Examination {
    static func all() -> [Diagnosis] {
        [clock()] + [timestamps(), wakeUp(), receiveBuffer()] + capabilities() + interfaces()
    }

    // MARK: - Clock

    private static func clock() -> Diagnosis {
        let clock: KernelClock
        do throws(SystemError) {
            clock = try KernelClock.read()
        } catch {
            return Diagnosis(
                subject: "clock",
                condition: .bad,
                fact: "the kernel does not tell whether the clock is synchronised: \(error)",
                remedy: "allow adjtimex: no ProtectClock= or ~@clock filter in this service's unit"
            )
        }
        let daemon = clock.daemon ?? "no time daemon that is known here"
        guard clock.synchronized else {
            return Diagnosis(
                subject: "clock",
                condition: .bad,
                fact: "not synchronised (\(daemon) runs): one-way delays are only known to within half the round trip",
                remedy: clock.daemon == nil
                    ? "apt-get install chrony"
                    : "see why \(daemon) does not synchronise: its servers may be out of reach (UDP 123)"
            )
        }
        guard let error = clock.vouchedError else {
            return Diagnosis(
                subject: "clock",
                condition: .note,
                fact: "synchronised by \(daemon), which gives no bound of its error: one-way delays are only known to "
                    + "within half the round trip",
                remedy: "apt-get install chrony, which states its greatest error"
            )
        }
        let isTight = error <= .milliseconds(5)
        return Diagnosis(
            subject: "clock",
            condition: isTight ? .good : .note,
            fact: "synchronised (\(daemon)), right to within \(error.text)",
            remedy: isTight ? nil : "use a time server nearer by; one-way delays are known no better than this"
        )
    }

    // MARK: - Timing

    private static func timestamps() -> Diagnosis {
        let subject = "kernel timestamps"
        do throws(SystemError) {
            let found = try SelfTest.timestamping()
            if found.transmit, found.receive {
                return Diagnosis(subject: subject, condition: .good, fact: "of sent and of received packets (software)")
            }
            let missing = found.transmit ? "received" : found.receive ? "sent" : "sent and of received"
            return Diagnosis(
                subject: subject,
                condition: .bad,
                fact: "none of \(missing) packets: times would include this host's own delays",
                remedy: "use a kernel with SO_TIMESTAMPING, and leave sysctl net.core.tstamp_allow_data at 1"
            )
        } catch {
            return Diagnosis(
                subject: subject,
                condition: .bad,
                fact: "cannot be tried: \(error)",
                remedy: "bring up the loopback interface: ip link set lo up"
            )
        }
    }

    private static func wakeUp() -> Diagnosis {
        let error = SelfTest.wakeUpError()
        let isQuiet = error.p99 < .milliseconds(5)
        return Diagnosis(
            subject: "timers",
            condition: isQuiet ? .good : .note,
            fact: "a sleeping thread wakes up \(error.median.text) late (median), \(error.p99.text) (99 of 100)",
            remedy: isQuiet ? nil : "use a machine with an idle processor, or grant CAP_SYS_NICE for real-time priority"
        )
    }

    private static func receiveBuffer() -> Diagnosis {
        let wanted = 1 << 20
        do throws(SystemError) {
            let given = try SelfTest.receiveBuffer(asking: Int32(wanted))
            let isEnough = given >= wanted / 2
            return Diagnosis(
                subject: "socket buffers",
                condition: isEnough ? .good : .note,
                fact: "\(given / 1024) KiB for received packets, of \(wanted / 1024) KiB asked for",
                remedy: isEnough ? nil : "sysctl -w net.core.rmem_max=\(wanted)"
            )
        } catch {
            return Diagnosis(subject: "socket buffers", condition: .bad, fact: "\(error)", remedy: nil)
        }
    }

    // MARK: - Permissions

    private static func capabilities() -> [Diagnosis] {
        let capabilities = Capabilities()
        let grant = "\(CapturePermission.command), or run as root"
        return [
            Diagnosis(
                subject: "CAP_NET_RAW",
                condition: capabilities.netRaw ? .good : .note,
                fact: capabilities.netRaw
                    ? "held: checks capture their own packets, which proves the mark that they leave with"
                    : "not held: checks cannot prove the mark (DSCP) that packets leave this host with, trace sees no "
                        + "mark at the hops, dscp cannot listen on an interface, and the switch (LLDP) is not heard",
                remedy: capabilities.netRaw ? nil : grant
            ),
            Diagnosis(
                subject: "CAP_SYS_NICE",
                condition: capabilities.sysNice ? .good : .note,
                fact: capabilities.sysNice
                    ? "held: probes are sent with real-time priority"
                    : "not held: a busy processor delays probes (times are the kernel's all the same)",
                remedy: capabilities.sysNice ? nil : grant
            ),
        ]
    }

    // MARK: - Interfaces

    private static func interfaces() -> [Diagnosis] {
        do throws(SystemError) {
            let found = try InterfaceList.read().filter { $0.isUp && !$0.isLoopback }
            guard !found.isEmpty else {
                return [
                    Diagnosis(
                        subject: "interfaces",
                        condition: .bad,
                        fact: "none is up but loopback",
                        remedy: "connect this host to the network that the users are on"
                    )
                ]
            }
            return found.map(interface)
        } catch {
            return [Diagnosis(subject: "interfaces", condition: .bad, fact: "\(error)", remedy: nil)]
        }
    }

    private static func interface(_ interface: NetworkInterface) -> Diagnosis {
        let link = LinkStatistics(interface: interface.name)
        var facts = [interface.isRunning ? "up" : "up, no carrier"]
        facts.append(link.isWireless ? "Wi-Fi" : link.speed.map { "\($0) Mbit/s" } ?? "speed not told")
        if let duplex = link.duplex { facts.append("\(duplex) duplex") }
        facts += interface.addresses.map(\.description)
        let errors = (link.receiveErrors ?? 0) + (link.transmitErrors ?? 0)
        if errors > 0 { facts.append("\(errors) errors since it came up") }
        var remedy: String?
        if !interface.isRunning {
            remedy = "plug in the cable, or take the interface down"
        } else if link.duplex == "half" {
            remedy = "half duplex loses packets under load: let both ends negotiate"
        } else if errors > 0 {
            remedy = "look at the cable and the switch port: ip -s link show \(interface.name)"
        }
        return Diagnosis(
            subject: "interface \(interface.name)",
            condition: link.duplex == "half" ? .bad : remedy == nil ? .good : .note,
            fact: facts.joined(separator: ", "),
            remedy: remedy
        )
    }
}
