import Units

/// A Wi-Fi link at one moment.
public struct WirelessSample: Hashable, Sendable {
    public var at: WallInstant
    /// Nil while it is not connected.
    public var accessPoint: String?
    public var ssid: String?
    /// MHz, of the primary channel.
    public var frequency: Int?
    /// MHz.
    public var channelWidth: Int?
    /// dBm.
    public var signal: Int?
    /// Mbit/s.
    public var transmitRate: Double?
    public var receiveRate: Double?
    /// Since the link came up.
    public var transmittedPackets: Int?
    public var transmitRetries: Int?
    public var transmitFailures: Int?

    public init(
        at: WallInstant,
        accessPoint: String? = nil,
        ssid: String? = nil,
        frequency: Int? = nil,
        channelWidth: Int? = nil,
        signal: Int? = nil,
        transmitRate: Double? = nil,
        receiveRate: Double? = nil,
        transmittedPackets: Int? = nil,
        transmitRetries: Int? = nil,
        transmitFailures: Int? = nil
    ) {
        self.at = at
        self.accessPoint = accessPoint
        self.ssid = ssid
        self.frequency = frequency
        self.channelWidth = channelWidth
        self.signal = signal
        self.transmitRate = transmitRate
        self.receiveRate = receiveRate
        self.transmittedPackets = transmittedPackets
        self.transmitRetries = transmitRetries
        self.transmitFailures = transmitFailures
    }

    public var band: WirelessBand? { frequency.flatMap(WirelessBand.init(megahertz:)) }
}

public enum WirelessBand: String, Hashable, Sendable, CaseIterable {
    case ghz2 = "2.4 GHz"
    case ghz5 = "5 GHz"
    case ghz6 = "6 GHz"
    case ghz60 = "60 GHz"

    /// IEEE 802.11-2020 annex E; 6 GHz begins at 5,925 MHz, where its channel 2 is at 5,935.
    public init?(megahertz: Int) {
        switch megahertz {
        case 2_400..<2_500: self = .ghz2
        case 4_900..<5_925: self = .ghz5
        case 5_925..<7_130: self = .ghz6
        case 57_000..<72_000: self = .ghz60
        default: return nil
        }
    }
}

/// Something that became another during the check.
public struct WirelessChange: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// To another access point.
        case roamed
        case disconnected
        case connected
        /// The access point moved to another channel.
        case channel
        case network
    }

    /// The first sample that shows it: it came about in the second before.
    public var at: WallInstant
    public var kind: Kind
    public var from: String
    public var to: String

    public init(at: WallInstant, kind: Kind, from: String, to: String) {
        self.at = at
        self.kind = kind
        self.from = from
        self.to = to
    }
}

/// What a Wi-Fi link was like during a check: its samples, taken once a second.
public struct WirelessEvidence: Hashable, Sendable {
    public var interface: String
    public private(set) var samples: Int = 0
    public private(set) var latest: WirelessSample?
    /// In the order in which they came about.
    public private(set) var changes: [WirelessChange] = []
    /// dBm, in the order of the samples.
    private var signals: [Int] = []
    private var slowestTransmitRate: Double?
    private(set) var samplesInBand2: Int = 0
    private var grownPackets = Growth()
    private var grownRetries = Growth()
    private var grownFailures = Growth()

    /// More are not kept: a link that changes every second for hours says nothing new.
    public static let maximumChanges = 1_000

    public init(interface: String) { self.interface = interface }

    /// By how much a counter grew, which begins anew whenever the link comes up.
    private struct Growth: Hashable, Sendable {
        var total: Int?
        var before: Int?

        mutating func take(_ value: Int?, sameLink: Bool) {
            defer { before = value }
            guard let value else { return }
            let start = sameLink ? before : before == nil ? nil : 0
            total = (total ?? 0) &+ max(0, start.map { value &- $0 } ?? 0)
        }
    }

    public mutating func append(_ sample: WirelessSample) {
        if let latest { note(from: latest, to: sample) }
        samples &+= 1
        if let signal = sample.signal { signals.append(signal) }
        if sample.band == .ghz2 { samplesInBand2 &+= 1 }
        if let rate = sample.transmitRate { slowestTransmitRate = min(slowestTransmitRate ?? rate, rate) }
        let same = latest?.accessPoint == sample.accessPoint
        grownPackets.take(sample.transmittedPackets, sameLink: same)
        grownRetries.take(sample.transmitRetries, sameLink: same)
        grownFailures.take(sample.transmitFailures, sameLink: same)
        latest = sample
    }

    private mutating func note(from before: WirelessSample, to after: WirelessSample) {
        func add(_ kind: WirelessChange.Kind, _ from: String?, _ to: String?) {
            guard changes.count < Self.maximumChanges else { return }
            changes.append(WirelessChange(at: after.at, kind: kind, from: from ?? "none", to: to ?? "none"))
        }
        switch (before.accessPoint, after.accessPoint) {
        case (let old?, nil): add(.disconnected, old, nil)
        case (nil, let new?): add(.connected, nil, new)
        case (let old?, let new?) where old != new: add(.roamed, old, new)
        default:
            if let old = before.frequency, let new = after.frequency, old != new {
                add(.channel, "\(old) MHz", "\(new) MHz")
            }
        }
        if let old = before.ssid, let new = after.ssid, old != new { add(.network, old, new) }
    }

    // MARK: Over the whole check

    /// dBm; nil where the driver does not say.
    public var medianSignal: Int? {
        let sorted = signals.sorted()
        return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }

    public var weakestSignal: Int? { signals.min() }
    /// Mbit/s.
    public var lowestTransmitRate: Double? { slowestTransmitRate }
    public var transmittedPackets: Int? { grownPackets.total }
    public var transmitRetries: Int? { grownRetries.total }
    public var transmitFailures: Int? { grownFailures.total }
    /// Share of the samples that were in the 2.4 GHz band, 0...1.
    public var shareInBand2: Double { samples == 0 ? 0 : Double(samplesInBand2) / Double(samples) }
    public var roams: [WirelessChange] { changes.filter { $0.kind == .roamed } }
}
