import CLinux
import Foundation
import Glibc
import Testing
import Units

@testable import LinuxNet

@Suite struct ServiceManagerTests {
    /// What a manager at an address hears while `body` speaks to it.
    private func heard(abstract: Bool, _ body: (ServiceManager) -> Void) throws -> [String] {
        let name = "/tmp/linecheck-notify-\(UUID().uuidString)"
        let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        try #require(listener >= 0)
        defer {
            close(listener)
            unlink(name)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            target.copyBytes(from: Array(name.utf8))
            if abstract { target[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) }
        }
        try #require(status == 0)
        body(ServiceManager { $0 == "NOTIFY_SOCKET" ? (abstract ? "@" + name.dropFirst() : name) : nil })
        var messages: [String] = []
        var bytes = [UInt8](repeating: 0, count: 1_024)
        while case let count = recv(listener, &bytes, bytes.count, 0), count > 0 {
            messages.append(String(decoding: bytes[..<count], as: UTF8.self))
        }
        return messages
    }

    @Test(arguments: [false, true])
    func aManagerHearsWhatTheServiceDoes(abstract: Bool) throws {
        let messages = try heard(abstract: abstract) { manager in
            manager.ready(status: "two\nlines")
            manager.reloading(at: MonotonicInstant(nanoseconds: 5_000_000))
            manager.alive()
            manager.stopping()
        }
        #expect(
            messages == ["READY=1\nSTATUS=two lines", "RELOADING=1\nMONOTONIC_USEC=5000", "WATCHDOG=1", "STOPPING=1"]
        )
    }

    @Test func withoutAManagerNothingIsSaid() {
        let manager = ServiceManager { _ in nil }
        #expect(!manager.isPresent)
        #expect(manager.watchdogInterval == nil)
        manager.ready(status: "nobody hears")
    }

    @Test func theWatchdogIsFedTwiceAsOftenAsItAsks() {
        let mine = ["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "\(getpid())"]
        #expect(ServiceManager { mine[$0] }.watchdogInterval == .seconds(30))
        let anothers = ["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"]
        #expect(ServiceManager { anothers[$0] }.watchdogInterval == nil)
        #expect(ServiceManager { ["WATCHDOG_USEC": "-5"][$0] }.watchdogInterval == nil)
    }
}
