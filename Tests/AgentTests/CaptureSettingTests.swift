import Agent
import Testing
import Units

@Suite struct CaptureSettingTests {
    @Test func wordsAndNames() throws {
        #expect(try CaptureSetting("auto") == .auto)
        #expect(try CaptureSetting("off") == .off)
        #expect(try CaptureSetting("eth0.100") == .interface("eth0.100"))
        #expect(try CaptureSetting("wlp0s20f3") == .interface("wlp0s20f3"))
    }

    @Test(arguments: ["", "a b", "eth0/1", "eth0:1", "..", "sixteen-letters-", "näme"])
    func notAName(text: String) {
        #expect(throws: TextRefusal.self) { try CaptureSetting(text) }
    }
}
