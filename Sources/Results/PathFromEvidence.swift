import Readiness
import Units

extension PathDocument {
    init(_ path: PathEvidence) {
        self.init(
            routes: path.routes.map(Route.init),
            defaultRoutes: path.defaultRoutes.map(DefaultRoute.init),
            rules: path.rules.map(\.text),
            proxies: Dictionary(path.proxies.map { ($0.variable, $0.address) }) { first, _ in first },
            ranges: path.ranges.map(Ranges.init),
            links: path.links.map(LinkDocument.init),
            wifi: path.wireless.map(WirelessDocument.init),
            unread: Dictionary(path.unread.map { ($0.fact, $0.reason) }) { first, _ in first }
        )
    }
}

extension PathDocument.Route {
    init(_ destination: DestinationRoute) {
        let route = destination.route
        var reason: String?
        if case .none(let given) = destination.outcome { reason = given }
        self.init(
            destination: destination.name,
            address: destination.address.description,
            interface: route?.interface,
            kind: route?.kind.name,
            tunnel: route?.tunnel,
            source: route?.source?.description,
            gateway: route?.gateway?.description,
            prefix: route?.prefix?.description,
            table: route.map { Int($0.table) },
            metric: route?.metric.map(Int.init),
            mtuBytes: route?.mtu,
            ipsecPolicy: route?.transform?.destination.description,
            unroutable: reason
        )
    }
}

extension PathDocument.DefaultRoute {
    init(_ route: Readiness.DefaultRoute) {
        self.init(
            family: route.family == .ipv4 ? "ipv4" : "ipv6",
            interface: route.interface,
            kind: route.kind.name,
            gateway: route.gateway?.description,
            table: Int(route.table),
            metric: route.metric.map(Int.init)
        )
    }
}

extension PathDocument.Ranges {
    init(_ ranges: RangesEvidence) {
        self.init(
            source: ranges.ranges.sourceText,
            asOf: UTCTime(ranges.ranges.asOf),
            prefixes: ranges.ranges.prefixes.map(\.description),
            routes: ranges.routes.map(PathDocument.Route.init),
            outside: ranges.outside.map { "\($0.host) \($0.address)" }
        )
    }
}

extension LinkDocument {
    init(_ link: LinkEvidence) {
        self.init(
            interface: link.interface,
            kind: link.kind.name,
            mtuBytes: link.mtu,
            speedMegabitsPerSecond: link.speed,
            duplex: link.duplex?.rawValue,
            autonegotiation: link.isNegotiated,
            during: link.during.map(Growth.init)
        )
    }
}

extension LinkDocument.Growth {
    init(_ growth: LinkGrowth) {
        self.init(
            receivedPackets: growth.receivedPackets,
            sentPackets: growth.sentPackets,
            receiveErrors: growth.receiveErrors,
            transmitErrors: growth.transmitErrors,
            checksumErrors: growth.checksumErrors,
            receiveDrops: growth.receiveDrops,
            transmitDrops: growth.transmitDrops,
            collisions: growth.collisions
        )
    }
}

extension WirelessDocument {
    init(_ wireless: WirelessEvidence) {
        let latest = wireless.latest
        self.init(
            interface: wireless.interface,
            ssid: latest?.ssid,
            bssid: latest?.accessPoint,
            band: latest?.band?.rawValue,
            frequencyMegahertz: latest?.frequency,
            channelWidthMegahertz: latest?.channelWidth,
            signalDBm: wireless.medianSignal,
            weakestSignalDBm: wireless.weakestSignal,
            transmitMegabitsPerSecond: latest?.transmitRate,
            receiveMegabitsPerSecond: latest?.receiveRate,
            transmittedPackets: wireless.transmittedPackets,
            transmitRetries: wireless.transmitRetries,
            transmitFailures: wireless.transmitFailures,
            band2Ratio: wireless.shareInBand2.roundedRatio,
            samples: wireless.samples,
            changes: wireless.changes.map {
                Change(at: UTCTime($0.at), kind: $0.kind.rawValue, from: $0.from, to: $0.to)
            }
        )
    }
}

extension LocationDocument {
    /// Of the link that the endpoints are reached by; nil where there is none.
    init?(_ path: PathEvidence) {
        let used = path.routes.compactMap { $0.route?.interface }
        guard let link = path.links.first(where: { used.contains($0.interface) }) ?? path.links.first else {
            return nil
        }
        let wireless = path.wireless.first { $0.interface == link.interface }?.latest
        let neighbour = path.neighbours.first { $0.interface == link.interface } ?? path.neighbours.first
        self.init(
            interface: link.interface,
            mac: link.hardwareAddress,
            subnets: link.subnets.map(\.description),
            accessPoint: wireless?.accessPoint.map { AccessPoint(bssid: $0, ssid: wireless?.ssid) },
            networkSwitch: neighbour.map {
                SwitchPort(
                    name: $0.name,
                    chassis: $0.chassis,
                    port: $0.port,
                    portDescription: $0.portDescription,
                    vlan: $0.vlan.map(Int.init)
                )
            }
        )
    }
}
