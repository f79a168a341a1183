import Statistics
import Testing
import Units

@testable import enum Statistics.EModel

private func milliseconds(_ value: Double) -> Nanoseconds { .milliseconds(rounding: value) }

@Suite("E-model")
struct EModelTests {
    @Test(
        "delay alone",
        arguments: [
            (0, 0.000, 0.000, 0.149, 0.149, 93.206, 4.409), (50, 0.000, 1.023, 0.576, 1.599, 91.756, 4.380),
            (100, 0.000, 1.964, 0.728, 2.692, 90.664, 4.355), (150, 0.164, 2.812, 0.841, 3.816, 89.539, 4.328),
            (177.3, 1.172, 3.237, 0.894, 5.303, 88.052, 4.288), (200, 3.044, 3.571, 0.935, 7.551, 85.805, 4.223),
            (250, 8.917, 4.243, 1.019, 14.178, 79.177, 3.993), (300, 14.761, 4.834, 1.094, 20.689, 72.666, 3.719),
            (400, 24.070, 5.808, 1.230, 31.108, 62.247, 3.216), (500, 30.636, 6.564, 1.352, 38.552, 54.803, 2.828),
        ] as [(Double, Double, Double, Double, Double, Double, Double)]
    )
    func delay(
        t: Double,
        absolute: Double,
        talker: Double,
        listener: Double,
        whole: Double,
        rating: Double,
        mos: Double
    ) {
        #expect(abs(EModel.absoluteDelay(t) - absolute) < 0.0006)
        #expect(abs(EModel.talkerEcho(t) - talker) < 0.0006)
        #expect(abs(EModel.listenerEcho(t) - listener) < 0.0006)
        #expect(abs(EModel.delayImpairment(t) - whole) < 0.0011)
        let r = EModel.rating(delay: milliseconds(t), lossRatio: 0)
        #expect(abs(r - rating) < 0.0011)
        #expect(abs(EModel.meanOpinionScore(rating: r) - mos) < 0.0006)
        #expect(abs(93.2 - EModel.absoluteDelay(t) - (93.2 - absolute)) < 0.0006)
    }

    @Test(
        "delay and loss, echo left out",
        arguments: [
            (0, 4.3, 100, 1, 1, 17.925, 75.28, 3.834), (0, 4.3, 100, 2, 1, 30.159, 63.04, 3.256),
            (0, 4.3, 150, 2, 2, 35.849, 57.19, 2.953), (0, 4.3, 200, 3, 1, 39.041, 51.11, 2.634),
            (0, 4.3, 150, 5, 1, 51.075, 41.96, 2.161), (0, 25.1, 100, 1, 1, 3.640, 89.56, 4.328),
            (0, 25.1, 150, 2, 1, 7.011, 86.03, 4.230), (0, 25.1, 150, 2, 2, 7.280, 85.76, 4.222),
            (0, 25.1, 150, 5, 1, 15.781, 77.26, 3.916), (0, 25.1, 200, 3, 1, 10.142, 80.01, 4.025),
            (11, 19, 0, 0, 1, 11.000, 82.20, 4.104), (11, 19, 100, 1, 1, 15.200, 78.00, 3.946),
            (11, 19, 150, 2, 1, 19.000, 74.04, 3.780),
        ] as [(Double, Double, Double, Double, Double, Double, Double, Double)]
    )
    func loss(
        ie: Double,
        bpl: Double,
        t: Double,
        percent: Double,
        burst: Double,
        effective: Double,
        rating: Double,
        mos: Double
    ) {
        let codec = EModel.Codec(equipmentImpairment: ie, lossRobustness: bpl)
        let impairment = EModel.effectiveEquipmentImpairment(
            lossRatio: percent / 100,
            burstRatio: burst,
            codec: codec
        )
        #expect(abs(impairment - effective) < 0.0006)
        let r = 93.2 - EModel.absoluteDelay(t) - impairment
        #expect(abs(r - rating) < 0.006)
        #expect(abs(EModel.meanOpinionScore(rating: r) - mos) < 0.0006)
        let withEcho = EModel.rating(
            delay: milliseconds(t),
            lossRatio: percent / 100,
            burstRatio: burst,
            codec: codec
        )
        let echo = EModel.talkerEcho(t) + EModel.listenerEcho(t)
        #expect(abs(withEcho + echo - r) < 0.16)
    }

    @Test(
        "mean opinion score",
        arguments: [(93.2, 4.409), (80, 4.024), (70, 3.597), (60, 3.100), (50, 2.575), (0, 1), (-5, 1), (100, 4.5)]
            as [(Double, Double)]
    )
    func opinion(rating: Double, mos: Double) {
        #expect(abs(EModel.meanOpinionScore(rating: rating) - mos) < 0.0006)
    }

    @Test("the cubic's dip below 1 is not reported")
    func dip() {
        for rating in stride(from: 0.0, through: 10, by: 0.25) {
            #expect(EModel.meanOpinionScore(rating: rating) >= 1)
        }
    }

    @Test("burst ratios outside the validated range are taken as its ends")
    func burstRange() {
        let codec = EModel.Codec.g711WithConcealment
        func impairment(_ burst: Double) -> Double {
            EModel.effectiveEquipmentImpairment(lossRatio: 0.05, burstRatio: burst, codec: codec)
        }
        #expect(impairment(40) == impairment(2))
        #expect(impairment(0.5) == impairment(1))
    }

    @Test("constants of the default model")
    func constants() {
        #expect(abs(EModel.noise - -61.18) < 0.005)
        #expect(abs(EModel.signalToNoise - 94.769) < 0.0006)
        #expect(abs(EModel.simultaneousImpairment - 1.414) < 0.0006)
    }
}
