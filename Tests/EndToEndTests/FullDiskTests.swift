import Foundation
import Testing

extension EndToEnd {
    /// A spool on a small file system of its own that fills up, or becomes read-only.
    @Suite(.serialized, .enabled(if: DeliveryLab.missing.isEmpty, "SKIPPED: needs \(DeliveryLab.missing)"))
    struct FullDisk {
        /// A file system in memory that goes away with this.
        private final class SmallDisk {
            let path: String

            init(_ lab: DeliveryLab, size: String) throws {
                path = lab.path("disk")
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                try Command.require([try DeliveryLab.tool("mount"), "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path])
            }

            func remount(_ option: String) throws {
                try Command.require([try DeliveryLab.tool("mount"), "-o", "remount,\(option)", path])
            }

            deinit { _ = try? Command.run([DeliveryLab.tool("umount"), "-l", path]) }
        }

        private func driver(_ disk: SmallDisk, _ collector: FailingCollector, _ more: [String]) throws -> Program {
            try DeliveryLab.driver(["--directory", "\(disk.path)/spool", "--url", collector.url] + more)
        }

        @Test func aFullDiskIsToldAndLosesNothingThatIsDelivered() async throws {
            let lab = try DeliveryLab()
            let collector = try await FailingCollector()
            let disk = try SmallDisk(lab, size: "3m")
            try collector.answer(503)
            // Fills the disk, whose last octets somebody else takes.
            let driver = try driver(disk, collector, ["--count", "400", "--drain", "--seconds", "40"])
            try await driver.waitUntilItSays("could not deliver")
            let ballast = try Program(
                [try DeliveryLab.tool("dd"), "if=/dev/zero", "of=\(disk.path)/ballast", "bs=4096"],
                name: "ballast"
            )
            ballast.waitBlocking()
            try await driver.waitUntilItSays("the disk is full", within: 20)
            // It keeps running, and delivers also from memory.
            try collector.answer(0)
            try await Task.sleep(for: .seconds(2))
            try FileManager.default.removeItem(atPath: "\(disk.path)/ballast")
            let end = try await driver.end(within: 60)
            #expect(end.status == 0, "\(end.standardError.suffix(2_000))")
            #expect(end.standardError.contains("the spool can be written again"))
            #expect(try collector.documents().count == 400)
        }

        @Test func aDiskThatBecomesReadOnlyIsToldAndRecovers() async throws {
            let lab = try DeliveryLab()
            let collector = try await FailingCollector()
            let disk = try SmallDisk(lab, size: "4m")
            // Made, and closed again.
            let first = try driver(disk, collector, ["--count", "1", "--drain"])
            #expect(try await first.end(within: 30).status == 0)
            try disk.remount("ro")
            let driver = try driver(disk, collector, ["--count", "50", "--drain", "--seconds", "40"])
            try await driver.waitUntilItSays("; new results wait in memory", within: 20)
            try await Task.sleep(for: .seconds(1))
            try disk.remount("rw")
            let end = try await driver.end(within: 60)
            #expect(end.status == 0, "\(end.standardError.suffix(2_000))")
            #expect(try collector.documents().count == 51)
        }
    }
}
