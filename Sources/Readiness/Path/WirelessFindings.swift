import Units

extension WirelessEvidence {
    /// dBm. What makers of Wi-Fi telephones ask for everywhere in a building; below it rates fall and retries grow.
    static let weakSignal = -67

    func findings(hurt: [HurtWindow]) -> [Finding] {
        [band(), signal(), roaming(hurt)].compactMap(\.self)
    }

    private var facts: [Finding.Evidence] {
        var facts: [Finding.Evidence] = [.init("interface", .text(interface))]
        if let point = latest?.accessPoint { facts.append(.init("access_point", .text(point))) }
        if let ssid = latest?.ssid { facts.append(.init("ssid", .text(ssid))) }
        if let frequency = latest?.frequency { facts.append(.init("frequency_mhz", .count(frequency))) }
        if let width = latest?.channelWidth { facts.append(.init("channel_width_mhz", .count(width))) }
        return facts
    }

    private func band() -> Finding? {
        guard samplesInBand2 > 0 else { return nil }
        return Finding(
            code: .wifiBand2GHz,
            severity: .atRisk,
            summary: "\(interface) was in the 2.4 GHz band"
                + (shareInBand2 < 1 ? " for \(NumberText.percent(shareInBand2)) of the check" : "")
                + ", which is too congested for reliable voice.",
            evidence: facts + [.init("band_2ghz_ratio", .number(shareInBand2))],
            remedy:
                "Have voice devices use 5 GHz: prefer it at the wireless controller, or give voice a network that 2.4 "
                + "GHz does not carry."
        )
    }

    private func signal() -> Finding? {
        guard let medianSignal, let weakestSignal, medianSignal < Self.weakSignal else { return nil }
        var more: [Finding.Evidence] = [
            .init("signal_dbm", .count(medianSignal)), .init("weakest_signal_dbm", .count(weakestSignal)),
        ]
        if let lowestTransmitRate { more.append(.init("lowest_transmit_mbps", .number(lowestTransmitRate))) }
        if let transmitRetries { more.append(.init("transmit_retries", .count(transmitRetries))) }
        if let transmitFailures { more.append(.init("transmit_failures", .count(transmitFailures))) }
        return Finding(
            code: .wifiWeakSignal,
            severity: .atRisk,
            summary:
                "\(interface) heard its access point at \(NumberText.decimal(Double(medianSignal), places: 0)) dBm "
                + "(median); voice wants −67 dBm or better.",
            evidence: facts + more,
            remedy: "Add or move an access point so that there is coverage where people make calls."
        )
    }

    /// Every change with its time; at risk where packets were lost in the same 15 s.
    private func roaming(_ hurt: [HurtWindow]) -> Finding? {
        guard !changes.isEmpty else { return nil }
        let harmful = changes.filter { change in hurt.contains { $0.contains(change.at) } }
        let count = roams.count
        let what =
            count > 0
            ? "roamed \(count == 1 ? "once" : "\(count) times")"
            : "changed \(changes.count == 1 ? "once" : "\(changes.count) times")"
        let windows = hurt.filter { window in changes.contains { window.contains($0.at) } }
        return Finding(
            code: .wifiRoamed,
            severity: harmful.isEmpty ? .info : .atRisk,
            summary: "\(interface) \(what) during the check; "
                + (harmful.isEmpty
                    ? "no 15 s in which that happened lost more packets than the target allows."
                    : "\(harmful.count == 1 ? "one" : "\(harmful.count)") of the changes fell into 15 s that lost packets."),
            evidence: facts + changeFacts() + windowFacts(windows),
            remedy: "See to it that access points overlap at −67 dBm and that fast roaming (802.11r, 802.11k) is on; a "
                + "probe that stands still and roams all the same has two access points that are equally weak."
        )
    }

    /// More would be a list that nobody reads; the result's `path.wifi` has them all.
    private static let listed = 10

    private func changeFacts() -> [Finding.Evidence] {
        let texts = changes.prefix(Self.listed).map {
            "\($0.at.rfc3339) \($0.kind.rawValue) \($0.from) to \($0.to)"
        }
        return [.init("changes", .text(texts.joined(separator: "; "))), .init("change_count", .count(changes.count))]
    }

    private func windowFacts(_ windows: [HurtWindow]) -> [Finding.Evidence] {
        guard !windows.isEmpty else { return [] }
        let texts = windows.prefix(Self.listed).map {
            "\($0.start.rfc3339) to \($0.end.rfc3339) lost \(NumberText.percent($0.lossRatio)) to \($0.endpoint)"
        }
        return [.init("hurt_windows", .text(texts.joined(separator: "; ")))]
    }
}
