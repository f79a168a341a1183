import Foundation
import Testing

extension EndToEnd {
    /// The link's log against the kernel's own timestamps at both ends, without the program under test.
    @Suite("The link tells the truth")
    struct LinkAccuracy {
        @Test("What the link logs is what both kernels saw", arguments: Lab.farAddresses)
        func times(address: String) async throws {
            let (log, sent, echoed) = try await measure(
                forward: "delay=30ms,jitter=uniform:4ms,order=free",
                reverse: "delay=10ms",
                address: address
            )
            let forward = log.filter { $0.direction == .forward && $0.left }
            let reverse = log.filter { $0.direction == .reverse && $0.left }
            #expect(forward.count == 300 && reverse.count == 300)
            let entry = differences(forward) { frame, number in
                sent[number]?.first.map { frame.receivedAt - $0 }
            }
            let farExit = differences(forward) { frame, number in
                difference(echoed[number]?.first, frame.sentAt)
            }
            let siteExit = differences(reverse) { frame, number in
                difference(sent[number]?.last, frame.sentAt)
            }
            for errors in [entry, farExit, siteExit] {
                #expect(errors.count == 300)
                #expect(median(errors) < 100, "microseconds between the link's log and the kernel's own timestamp")
            }
            let lateness = differences(forward + reverse) { frame, _ in difference(frame.sentAt, frame.plannedAt) }
            print("link: late by \(median(lateness)) µs p50, \(share(lateness, 0.99)) µs p99")
        }

        @Test("Losses and copies of the log are those that happened")
        func losses() async throws {
            let (log, sent, echoed) = try await measure(
                forward: "delay=5ms,loss=5%,duplicate=5%",
                reverse: "delay=5ms,burst=2%:30%",
                address: Lab.farAddresses[0]
            )
            let numbers = { (direction: LoggedFrame.Direction, left: Bool) in
                Set(log.filter { $0.direction == direction && $0.left == left }.compactMap(number))
            }
            #expect(Set(echoed.keys) == numbers(.forward, true))
            #expect(!numbers(.forward, false).isEmpty)
            #expect(numbers(.forward, true).isDisjoint(with: numbers(.forward, false)))
            let copies = log.filter { $0.direction == .forward && $0.fate == "duplicate" }.count
            #expect(copies > 0)
            #expect(echoed.values.map { $0.count - 1 }.reduce(0, +) == copies)
            #expect(Set(sent.filter { $0.value.count == 2 }.keys) == numbers(.reverse, true))
        }

        /// Timestamps by datagram number: at the site of sending and of the echo's arrival, at the far end of arrival.
        private typealias Stamps = [Int: [Int64]]

        private func measure(
            forward: String,
            reverse: String,
            address: String
        ) async throws -> (log: [LoggedFrame], sent: Stamps, echoed: Stamps) {
            let script = try Executables.peer("stamped_datagrams.py")
            return try await Lab.with(forward: forward, reverse: reverse) { lab in
                let echo = try lab.start(script + ["echo", address], at: .far)
                try await echo.waitUntilItSays("listening")
                let sender = try lab.start(script + ["send", address, "--count", "300"], at: .site)
                let sent = try await sender.end(within: 20)
                let echoed = try await echo.stop()
                try #require(sent.status == 0 && echoed.status == 0, "\(sent.standardError)\(echoed.standardError)")
                return (try await lab.pathLog(), stamps(sent.standardOutput), stamps(echoed.standardOutput))
            }
        }

        private func stamps(_ text: String) -> Stamps {
            var stamps: Stamps = [:]
            for line in text.split(separator: "\n") {
                let numbers = line.split(separator: ",").compactMap { Int64($0) }
                if let number = numbers.first { stamps[Int(number), default: []] += numbers.dropFirst() }
            }
            return stamps
        }

        private func number(_ frame: LoggedFrame) -> Int? {
            guard frame.payloadHead.count >= 4 else { return nil }
            return frame.payloadHead[..<4].reduce(0) { $0 << 8 | Int($1) }
        }

        /// Microseconds, without sign, ascending.
        private func differences(
            _ frames: [LoggedFrame],
            _ difference: (LoggedFrame, Int) -> Int64?
        ) -> [Double] {
            frames.compactMap { frame in number(frame).flatMap { difference(frame, $0) } }
                .map { abs(Double($0)) / 1e3 }
                .sorted()
        }

        private func difference(_ left: Int64?, _ right: Int64?) -> Int64? {
            left.flatMap { left in right.map { left - $0 } }
        }

        private func median(_ ascending: [Double]) -> Double { share(ascending, 0.5) }

        private func share(_ ascending: [Double], _ share: Double) -> Double {
            ascending.isEmpty ? .infinity : ascending[Int(share * Double(ascending.count - 1))]
        }
    }
}
