import Readiness
import Units

/// How media leaves the measuring host, and what its links were like during the check. What could not be read stands
/// under `unread` with the reason, and nowhere else.
public struct PathDocument: Codable, Hashable, Sendable {
    public struct Route: Codable, Hashable, Sendable {
        /// An endpoint, or a range.
        public var destination: String
        public var address: String
        public var interface: String?
        /// `ethernet`, `wifi`, `tun`, `wireguard`, …
        public var kind: String?
        public var tunnel: String?
        public var source: String?
        public var gateway: String?
        public var prefix: String?
        public var table: Int?
        public var metric: Int?
        public var mtuBytes: Int?
        /// The range of the policy that catches the packets.
        public var ipsecPolicy: String?
        /// Why there is none.
        public var unroutable: String?

        enum CodingKeys: String, CodingKey {
            case destination, address, interface, kind, tunnel, source, gateway, prefix, table, metric, unroutable
            case mtuBytes = "mtu_bytes"
            case ipsecPolicy = "ipsec_policy"
        }
    }

    public struct DefaultRoute: Codable, Hashable, Sendable {
        public var family: String
        public var interface: String
        public var kind: String
        public var gateway: String?
        public var table: Int
        public var metric: Int?
    }

    public struct Ranges: Codable, Hashable, Sendable {
        public var source: String
        public var asOf: UTCTime
        public var prefixes: [String]
        public var routes: [Route]
        /// Names of Microsoft's that resolved to an address outside the ranges, with it.
        public var outside: [String]

        enum CodingKeys: String, CodingKey {
            case source, prefixes, routes, outside
            case asOf = "as_of"
        }
    }

    public var routes: [Route]
    public var defaultRoutes: [DefaultRoute]
    /// Policy rules besides those that every host has.
    public var rules: [String]
    /// By the variable that names them; credentials are left out.
    public var proxies: [String: String]
    public var ranges: Ranges?
    public var links: [LinkDocument]
    public var wifi: [WirelessDocument]
    /// Reasons by fact.
    public var unread: [String: String]

    enum CodingKeys: String, CodingKey {
        case routes, rules, proxies, ranges, links, wifi, unread
        case defaultRoutes = "default_routes"
    }
}

public struct LinkDocument: Codable, Hashable, Sendable {
    public var interface: String
    public var kind: String
    public var mtuBytes: Int?
    public var speedMegabitsPerSecond: Int?
    public var duplex: String?
    public var autonegotiation: Bool?
    public var during: Growth?

    /// By how much counters grew during the check.
    public struct Growth: Codable, Hashable, Sendable {
        public var receivedPackets: Int
        public var sentPackets: Int
        public var receiveErrors: Int
        public var transmitErrors: Int
        public var checksumErrors: Int
        public var receiveDrops: Int
        public var transmitDrops: Int
        public var collisions: Int

        enum CodingKeys: String, CodingKey {
            case collisions
            case receivedPackets = "received_packets"
            case sentPackets = "sent_packets"
            case receiveErrors = "receive_errors"
            case transmitErrors = "transmit_errors"
            case checksumErrors = "checksum_errors"
            case receiveDrops = "receive_drops"
            case transmitDrops = "transmit_drops"
        }
    }

    enum CodingKeys: String, CodingKey {
        case interface, kind, duplex, autonegotiation, during
        case mtuBytes = "mtu_bytes"
        case speedMegabitsPerSecond = "speed_mbps"
    }
}

public struct WirelessDocument: Codable, Hashable, Sendable {
    public struct Change: Codable, Hashable, Sendable {
        public var at: UTCTime
        public var kind: String
        public var from: String
        public var to: String
    }

    public var interface: String
    /// As it was last.
    public var ssid: String?
    public var bssid: String?
    public var band: String?
    public var frequencyMegahertz: Int?
    public var channelWidthMegahertz: Int?
    public var signalDBm: Int?
    public var weakestSignalDBm: Int?
    public var transmitMegabitsPerSecond: Double?
    public var receiveMegabitsPerSecond: Double?
    /// During the check.
    public var transmittedPackets: Int?
    public var transmitRetries: Int?
    public var transmitFailures: Int?
    public var band2Ratio: Double
    public var samples: Int
    public var changes: [Change]

    enum CodingKeys: String, CodingKey {
        case interface, ssid, bssid, band, samples, changes
        case frequencyMegahertz = "frequency_mhz"
        case channelWidthMegahertz = "channel_width_mhz"
        case signalDBm = "signal_dbm"
        case weakestSignalDBm = "weakest_signal_dbm"
        case transmitMegabitsPerSecond = "transmit_mbps"
        case receiveMegabitsPerSecond = "receive_mbps"
        case transmittedPackets = "transmitted_packets"
        case transmitRetries = "transmit_retries"
        case transmitFailures = "transmit_failures"
        case band2Ratio = "band_2ghz_ratio"
    }
}

/// Where on the network the measuring host is: what dynamic emergency calling looks a place up by.
public struct LocationDocument: Codable, Hashable, Sendable {
    public struct AccessPoint: Codable, Hashable, Sendable {
        public var bssid: String
        public var ssid: String?
    }

    public struct SwitchPort: Codable, Hashable, Sendable {
        public var name: String?
        public var chassis: String
        public var port: String
        public var portDescription: String?
        public var vlan: Int?

        enum CodingKeys: String, CodingKey {
            case name, chassis, port, vlan
            case portDescription = "port_description"
        }
    }

    public var interface: String
    public var mac: String?
    public var subnets: [String]
    public var accessPoint: AccessPoint?
    public var networkSwitch: SwitchPort?

    enum CodingKeys: String, CodingKey {
        case interface, mac, subnets
        case accessPoint = "access_point"
        case networkSwitch = "switch"
    }
}
