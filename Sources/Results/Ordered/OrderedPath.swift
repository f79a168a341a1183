extension PathDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        defaultRoutes = try json.required("default_routes")
        links = try json.required("links")
        proxies = try json.required("proxies")
        ranges = try json.optional("ranges")
        routes = try json.required("routes")
        rules = try json.required("rules")
        unread = try json.required("unread")
        wifi = try json.required("wifi")
        try json.closeObject()
    }
}

extension PathDocument.Route: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        address = try json.required("address")
        destination = try json.required("destination")
        gateway = try json.optional("gateway")
        interface = try json.optional("interface")
        ipsecPolicy = try json.optional("ipsec_policy")
        kind = try json.optional("kind")
        metric = try json.optional("metric")
        mtuBytes = try json.optional("mtu_bytes")
        prefix = try json.optional("prefix")
        source = try json.optional("source")
        table = try json.optional("table")
        tunnel = try json.optional("tunnel")
        unroutable = try json.optional("unroutable")
        try json.closeObject()
    }
}

extension PathDocument.DefaultRoute: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        family = try json.required("family")
        gateway = try json.optional("gateway")
        interface = try json.required("interface")
        kind = try json.required("kind")
        metric = try json.optional("metric")
        table = try json.required("table")
        try json.closeObject()
    }
}

extension PathDocument.Ranges: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        asOf = try json.required("as_of")
        outside = try json.required("outside")
        prefixes = try json.required("prefixes")
        routes = try json.required("routes")
        source = try json.required("source")
        try json.closeObject()
    }
}

extension LinkDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        autonegotiation = try json.optional("autonegotiation")
        duplex = try json.optional("duplex")
        during = try json.optional("during")
        interface = try json.required("interface")
        kind = try json.required("kind")
        mtuBytes = try json.optional("mtu_bytes")
        speedMegabitsPerSecond = try json.optional("speed_mbps")
        try json.closeObject()
    }
}

extension LinkDocument.Growth: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        checksumErrors = try json.required("checksum_errors")
        collisions = try json.required("collisions")
        receiveDrops = try json.required("receive_drops")
        receiveErrors = try json.required("receive_errors")
        receivedPackets = try json.required("received_packets")
        sentPackets = try json.required("sent_packets")
        transmitDrops = try json.required("transmit_drops")
        transmitErrors = try json.required("transmit_errors")
        try json.closeObject()
    }
}

extension WirelessDocument: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        band = try json.optional("band")
        band2Ratio = try json.required("band_2ghz_ratio")
        bssid = try json.optional("bssid")
        changes = try json.required("changes")
        channelWidthMegahertz = try json.optional("channel_width_mhz")
        frequencyMegahertz = try json.optional("frequency_mhz")
        interface = try json.required("interface")
        receiveMegabitsPerSecond = try json.optional("receive_mbps")
        samples = try json.required("samples")
        signalDBm = try json.optional("signal_dbm")
        ssid = try json.optional("ssid")
        transmitFailures = try json.optional("transmit_failures")
        transmitMegabitsPerSecond = try json.optional("transmit_mbps")
        transmitRetries = try json.optional("transmit_retries")
        transmittedPackets = try json.optional("transmitted_packets")
        weakestSignalDBm = try json.optional("weakest_signal_dbm")
        try json.closeObject()
    }
}

extension WirelessDocument.Change: OrderedReadable {
    init(_ json: inout OrderedReader) throws(Doubt) {
        try json.openObject()
        at = try json.required("at")
        from = try json.required("from")
        kind = try json.required("kind")
        to = try json.required("to")
        try json.closeObject()
    }
}
