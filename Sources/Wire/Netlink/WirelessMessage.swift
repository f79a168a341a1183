/// A Wi-Fi interface (linux/nl80211.h, family `nl80211`).
public struct WirelessInterfaceMessage: Hashable, Sendable {
    public var index: Int32
    public var name: String
    /// It is a client of an access point, as opposed to being one, or listening only.
    public var isStation: Bool
    /// Nil while it is not connected.
    public var ssid: String?
    /// MHz, of the primary channel.
    public var frequency: UInt32?
    /// MHz.
    public var channelWidth: UInt32?

    public static let familyName = "nl80211"
    private static let getCommand: UInt8 = 5
    private static let newCommand: UInt8 = 7
    private static let station: UInt32 = 2

    public init(_ message: NetlinkMessage) throws(NetlinkRefusal) {
        let attributes = try message.attributes(command: Self.newCommand)
        // An interface without a network device, such as P2P's, has no index.
        guard let index = attributes.word(WirelessAttribute.interface), let name = attributes[WirelessAttribute.name]
        else { throw .missingAttribute }
        self.index = Int32(bitPattern: index)
        self.name = name.name
        isStation = attributes.word(WirelessAttribute.interfaceType) == Self.station
        ssid = attributes[WirelessAttribute.ssid].map(\.printable).flatMap { $0.isEmpty ? nil : $0 }
        frequency = attributes.word(WirelessAttribute.frequency)
        channelWidth = attributes.word(WirelessAttribute.channelWidth).flatMap(Self.megahertz)
    }

    /// `enum nl80211_chan_width`.
    private static func megahertz(_ width: UInt32) -> UInt32? {
        let known: [UInt32: UInt32] = [
            0: 20, 1: 20, 2: 40, 3: 80, 4: 160, 5: 160, 6: 5, 7: 10, 8: 1, 9: 2, 10: 4, 11: 8, 12: 16, 13: 320,
        ]
        return known[width]
    }

    public static func dump(family: UInt16) -> NetlinkRequest {
        GenericNetlink.request(family, command: getCommand, version: 0, dump: true)
    }
}

/// The far end of a Wi-Fi link: the access point, where the interface is its client.
public struct WirelessStationMessage: Hashable, Sendable {
    /// The access point's radio.
    public var bssid: HardwareAddress
    /// dBm, of the latest frame.
    public var signal: Int?
    /// dBm, averaged by the driver.
    public var averageSignal: Int?
    /// kbit/s, of the latest frame in either direction.
    public var receiveRate: UInt32?
    public var transmitRate: UInt32?
    /// Since the link came up.
    public var transmittedPackets: UInt32?
    public var transmitRetries: UInt32?
    /// Packets that were given up.
    public var transmitFailures: UInt32?
    public var beaconLosses: UInt32?
    /// Seconds.
    public var connectedTime: UInt32?

    private static let getCommand: UInt8 = 17
    private static let newCommand: UInt8 = 19

    private enum Information {
        static let signal: UInt16 = 7
        static let transmitRate: UInt16 = 8
        static let transmittedPackets: UInt16 = 10
        static let transmitRetries: UInt16 = 11
        static let transmitFailures: UInt16 = 12
        static let averageSignal: UInt16 = 13
        static let receiveRate: UInt16 = 14
        static let connectedTime: UInt16 = 16
        static let beaconLosses: UInt16 = 18
    }

    public init(_ message: NetlinkMessage) throws(NetlinkRefusal) {
        let attributes = try message.attributes(command: Self.newCommand)
        guard let bssid = attributes[WirelessAttribute.hardwareAddress].flatMap({ HardwareAddress($0) }),
            let information = try attributes.nested(WirelessAttribute.stationInformation)
        else { throw .missingAttribute }
        func decibels(_ type: UInt16) -> Int? { information[type]?.octet(at: 0).map { Int(Int8(bitPattern: $0)) } }
        self.bssid = bssid
        signal = decibels(Information.signal)
        averageSignal = decibels(Information.averageSignal)
        receiveRate = try information.nested(Information.receiveRate).flatMap(Self.kilobits)
        transmitRate = try information.nested(Information.transmitRate).flatMap(Self.kilobits)
        transmittedPackets = information.word(Information.transmittedPackets)
        transmitRetries = information.word(Information.transmitRetries)
        transmitFailures = information.word(Information.transmitFailures)
        beaconLosses = information.word(Information.beaconLosses)
        connectedTime = information.word(Information.connectedTime)
    }

    /// `NL80211_RATE_INFO_BITRATE32` and, for rates that fit, `NL80211_RATE_INFO_BITRATE`: units of 100 kbit/s.
    private static func kilobits(_ rate: NetlinkAttributes) -> UInt32? {
        let units = rate.word(5) ?? rate[1]?.host(UInt16.self).map(UInt32.init)
        return units.flatMap { $0 == 0 ? nil : $0.multipliedReportingOverflow(by: 100) }
            .flatMap { $0.overflow ? nil : $0.partialValue }
    }

    public static func dump(family: UInt16, interface: Int32) -> NetlinkRequest {
        var request = GenericNetlink.request(family, command: getCommand, version: 0, dump: true)
        request.append(WirelessAttribute.interface, UInt32(bitPattern: interface))
        return request
    }
}

private enum WirelessAttribute {
    static let interface: UInt16 = 3
    static let name: UInt16 = 4
    static let interfaceType: UInt16 = 5
    static let hardwareAddress: UInt16 = 6
    static let stationInformation: UInt16 = 21
    static let frequency: UInt16 = 38
    static let ssid: UInt16 = 52
    static let channelWidth: UInt16 = 159
}
