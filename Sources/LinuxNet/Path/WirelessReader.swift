import CLinux
import Glibc
import Readiness
import Units
import Wire

/// Asks the kernel how its Wi-Fi links are.
struct WirelessReader: ~Copyable {
    private var socket: NetlinkSocket
    private let family: UInt16

    /// What was not understood so far, by reason.
    var refusals: [NetlinkRefusal: Int] { socket.refusals }

    /// - Throws: ``SystemError`` with ENOENT in a kernel without Wi-Fi.
    init() throws(SystemError) {
        var socket = try NetlinkSocket(.generic)
        let request = GenericNetlink.family(named: WirelessInterfaceMessage.familyName)
        let found = try socket.values(request, "find nl80211", GenericNetlink.family)
        guard let family = found.first else { throw SystemError("find nl80211", errno: ENOENT) }
        self.family = family
        self.socket = socket
    }

    /// Those that are clients of an access point, or would be.
    mutating func samples(at now: WallInstant) throws(SystemError) -> [(interface: String, sample: WirelessSample)] {
        let interfaces = try socket.values(
            WirelessInterfaceMessage.dump(family: family),
            "list Wi-Fi interfaces",
            WirelessInterfaceMessage.init
        )
        var found: [(String, WirelessSample)] = []
        for interface in interfaces where interface.isStation {
            let station = try? socket.values(
                WirelessStationMessage.dump(family: family, interface: interface.index),
                "read the Wi-Fi station",
                WirelessStationMessage.init
            ).first
            found.append((interface.name, WirelessSample(at: now, interface, station ?? nil)))
        }
        return found
    }
}

extension WirelessSample {
    /// - Parameter station: the access point; nil while the interface is not connected to one.
    init(at: WallInstant, _ interface: WirelessInterfaceMessage, _ station: WirelessStationMessage?) {
        func megabits(_ kilobits: UInt32?) -> Double? { kilobits.map { Double($0) / 1_000 } }
        self.init(
            at: at,
            accessPoint: station?.bssid.description,
            ssid: station == nil ? nil : interface.ssid,
            frequency: station == nil ? nil : interface.frequency.map(Int.init),
            channelWidth: station == nil ? nil : interface.channelWidth.map(Int.init),
            signal: station?.averageSignal ?? station?.signal,
            transmitRate: megabits(station?.transmitRate),
            receiveRate: megabits(station?.receiveRate),
            transmittedPackets: station?.transmittedPackets.map(Int.init),
            transmitRetries: station?.transmitRetries.map(Int.init),
            transmitFailures: station?.transmitFailures.map(Int.init)
        )
    }
}
