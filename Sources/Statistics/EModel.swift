import Glibc
import Units

/// The E-model of ITU-T G.107 with its default parameters: a transmission rating R from delay and loss.
///
/// The equipment figures are G.711 with the packet-loss concealment of its Appendix I (G.113 Appendix I). No such
/// figures are published for the codecs that Teams uses, so a rating is an estimate for comparison.
public enum EModel {
    /// What the codec does to the rating: equipment impairment factor Ie and packet-loss robustness Bpl.
    public struct Codec: Hashable, Sendable {
        public var equipmentImpairment: Double
        public var lossRobustness: Double

        public init(equipmentImpairment: Double, lossRobustness: Double) {
            self.equipmentImpairment = equipmentImpairment
            self.lossRobustness = lossRobustness
        }

        public static let g711WithConcealment = Codec(equipmentImpairment: 0, lossRobustness: 25.1)
    }

    /// R for a mouth-to-ear delay and a loss ratio (0...1) with its burst ratio.
    ///
    /// The burst ratio is taken as no less than 1 and no more than 2, the range in which the model was validated.
    public static func rating(
        delay: Nanoseconds,
        lossRatio: Double,
        burstRatio: Double = 1,
        codec: Codec = .g711WithConcealment
    ) -> Double {
        let milliseconds = max(0, delay.milliseconds)
        let loss = effectiveEquipmentImpairment(lossRatio: lossRatio, burstRatio: burstRatio, codec: codec)
        return signalToNoise - simultaneousImpairment - delayImpairment(milliseconds) - loss
    }

    /// MOS-CQE (G.107 Annex B) of a rating. The cubic dips below 1 for small ratings; MOS does not.
    public static func meanOpinionScore(rating: Double) -> Double {
        if rating <= 0 { return 1 }
        if rating >= 100 { return 4.5 }
        return max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
    }

    /// Ie,eff (G.107 §7.5).
    static func effectiveEquipmentImpairment(lossRatio: Double, burstRatio: Double, codec: Codec) -> Double {
        let percent = 100 * min(max(lossRatio, 0), 1)
        let burst = min(max(burstRatio, 1), 2)
        let impairment = codec.equipmentImpairment
        return impairment + (95 - impairment) * percent / (percent / burst + codec.lossRobustness)
    }

    /// Id = Idte + Idle + Idd (G.107 §7.4).
    static func delayImpairment(_ milliseconds: Double) -> Double {
        talkerEcho(milliseconds) + listenerEcho(milliseconds) + absoluteDelay(milliseconds)
    }

    /// Idd: nothing up to 100 ms.
    static func absoluteDelay(_ milliseconds: Double) -> Double {
        guard milliseconds > 100 else { return 0 }
        let x = log2(milliseconds / 100)
        return 25 * (pow(1 + pow(x, 6), 1.0 / 6) - 3 * pow(1 + pow(x / 3, 6), 1.0 / 6) + 2)
    }

    /// Idte, for the default talker echo loudness rating of 65 dB.
    static func talkerEcho(_ milliseconds: Double) -> Double {
        let t = milliseconds
        let loudness =
            Defaults.talkerEchoLoudness - 40 * log10((1 + t / 10) / (1 + t / 150)) + 6 * exp(-0.3 * t * t)
        let echo = 80 + 2.5 * (loudness - 14)
        let reference = -1.5 * (noise - Defaults.receiveLoudness)
        let half = (reference - echo) / 2
        return (half + sqrt(half * half + 100) - 1) * (1 - exp(-t))
    }

    /// Idle, for the default weighted echo path loss of 110 dB; the echo takes the round trip.
    static func listenerEcho(_ milliseconds: Double) -> Double {
        let echo = 10.5 * (Defaults.echoPathLoss + 7) * pow(2 * milliseconds + 1, -0.25)
        let half = (signalToNoise - echo) / 2
        return half + sqrt(half * half + 169)
    }
}

extension EModel {
    /// Default values of G.107 Table 2: loudness ratings and noise in dB, dB(A), dBm0p.
    private enum Defaults {
        static let sendLoudness = 8.0
        static let receiveLoudness = 2.0
        static let overallLoudness = sendLoudness + receiveLoudness
        static let sidetoneMasking = 15.0
        static let listenerSidetone = 18.0
        static let telephoneSensitivitySend = 3.0
        static let roomNoise = 35.0
        static let circuitNoise = -70.0
        static let noiseFloor = -64.0
        static let talkerEchoLoudness = 65.0
        static let echoPathLoss = 110.0
        static let quantizingDistortionUnits = 1.0
    }

    /// No, the sum of all noise sources at the 0 dBr point (G.107 §7.2), dBm0p.
    static let noise: Double = {
        let send = Defaults.roomNoise - Defaults.sendLoudness - Defaults.telephoneSensitivitySend - 100
        let sendExcess = Defaults.roomNoise - Defaults.overallLoudness - Defaults.telephoneSensitivitySend - 14
        let roomSend = send + 0.004 * sendExcess * sendExcess
        let effective = Defaults.roomNoise + 10 * log10(1 + pow(10, (10 - Defaults.listenerSidetone) / 10))
        let excess = effective - 35
        let roomReceive = Defaults.receiveLoudness - 121 + effective + 0.008 * excess * excess
        let floor = Defaults.noiseFloor + Defaults.receiveLoudness
        return 10 * log10([Defaults.circuitNoise, roomSend, roomReceive, floor].reduce(0) { $0 + pow(10, $1 / 10) })
    }()

    /// Ro, the basic signal-to-noise ratio (G.107 §7.2).
    static let signalToNoise = 15 - 1.5 * (Defaults.sendLoudness + noise)

    /// Is = Iolr + Ist + Iq (G.107 §7.3). Its dependence on delay is below 0.0001 with the default echo loss.
    static let simultaneousImpairment = overallLoudness + sidetone + quantizing

    private static let overallLoudness: Double = {
        let x = Defaults.overallLoudness + 0.2 * (64 + noise - Defaults.receiveLoudness)
        return 20 * (pow(1 + pow(x / 8, 8), 1.0 / 8) - x / 8)
    }()

    private static let sidetone: Double = {
        let masking = Defaults.sidetoneMasking
        return 12 * pow(1 + pow((masking - 13) / 6, 8), 1.0 / 8)
            - 28 * pow(1 + pow((masking + 1) / 19.4, 35), 1.0 / 35)
            - 13 * pow(1 + pow((masking - 3) / 33, 13), 1.0 / 13) + 29
    }()

    private static let quantizing: Double = {
        let distortion = 37 - 15 * log10(Defaults.quantizingDistortionUnits)
        let g = 1.07 + 0.258 * distortion + 0.0602 * distortion * distortion
        let y = (signalToNoise - 100) / 15 + 46 / 8.4 - g / 9
        let z = 46.0 / 30 - g / 40
        return 15 * log10(1 + pow(10, y) + pow(10, z))
    }()
}
