import Testing
import Units

@Suite struct MarkingTests {
    @Test func codePointsAreSixBits() {
        for value in -300...300 {
            #expect(DSCP(value)?.value == ((0...63).contains(value) ? UInt8(value) : nil))
        }
        #expect(DSCP(.max) == nil)
        #expect(DSCP(.min) == nil)
    }

    @Test func aTrafficClassIsACodePointAndTwoBitsOfECN() {
        for octet in UInt8.min...UInt8.max {
            let (dscp, ecn) = (DSCP(trafficClass: octet), ECN(trafficClass: octet))
            #expect(dscp.value << 2 | ecn.value == octet)
            #expect(dscp.value < 64)
            #expect(ecn.value < 4)
        }
    }

    @Test func theMarkOfVoiceIsExpeditedForwarding() {
        #expect(DSCP.expeditedForwarding.value == 46)
        #expect(DSCP(trafficClass: 0xb8) == .expeditedForwarding)
        #expect(DSCP.bestEffort.value == 0)
        #expect(DSCP.bestEffort < .expeditedForwarding)
    }
}
