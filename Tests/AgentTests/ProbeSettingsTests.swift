import Agent
import Testing
import Units

@Suite struct ProbeSettingsTests {
    private static let full: ProbeSettings = {
        var settings = ProbeSettings()
        settings.duration = .seconds(30)
        settings.interval = .milliseconds(10)
        settings.payload = 200
        settings.dscp = .bestEffort
        settings.keyFile = "key"
        settings.clockError = .milliseconds(1)
        return settings
    }()

    @Test func whatIsNotSaidIsTakenFromTheBase() {
        #expect(ProbeSettings().overriding(Self.full) == Self.full)
        #expect(Self.full.overriding(ProbeSettings()) == Self.full)
        #expect(ProbeSettings().overriding(ProbeSettings()) == ProbeSettings())
    }

    @Test(
        arguments: [
            { $0.duration = .seconds(1) }, { $0.interval = .milliseconds(1) }, { $0.payload = 44 },
            { $0.dscp = .expeditedForwarding }, { $0.keyFile = "other" }, { $0.clockError = Nanoseconds(1) },
        ] as [@Sendable (inout ProbeSettings) -> Void]
    )
    func whatIsSaidGoesBeforeTheBase(change: @Sendable (inout ProbeSettings) -> Void) {
        var own = ProbeSettings()
        change(&own)
        var wanted = Self.full
        change(&wanted)
        #expect(own.overriding(Self.full) == wanted)
        #expect(wanted != Self.full)
    }

    @Test func aSizeAndACodecTakeEachOthersPlace() {
        var (size, codec) = (ProbeSettings(), ProbeSettings())
        size.payload = 300
        codec.codec = .opus
        #expect(codec.overriding(size) == codec)
        #expect(size.overriding(codec) == size)
        #expect(codec.overriding(Self.full).payload == nil)
        #expect(codec.overriding(Self.full).codec == .opus)
        #expect(ProbeSettings().overriding(codec).codec == .opus)
    }

    @Test func aCodecsPacketsAreRTPWithSRTPsTag() {
        #expect(VoiceCodec.g722.payload == 182)
        #expect(VoiceCodec.g711.payload == 182)
        #expect(VoiceCodec.silk.payload == 112)
        #expect(VoiceCodec.satin.payload == 112)
        #expect(VoiceCodec.opus.payload == 102)
        for codec in VoiceCodec.allCases {
            #expect(ProbeDefaults.payloads.contains(codec.payload))
            #expect(ProbeDefaults.intervals.contains(codec.interval))
        }
    }

    @Test func theDefaultsLieWithinTheirBounds() {
        #expect(ProbeDefaults.durations.contains(ProbeDefaults.duration))
        #expect(ProbeDefaults.intervals.contains(ProbeDefaults.interval))
        #expect(ProbeDefaults.codec.interval == ProbeDefaults.interval)
        // Even the shortest check with the longest interval sends a packet.
        #expect(ProbeDefaults.durations.lowerBound >= ProbeDefaults.intervals.upperBound)
    }
}
