import Foundation
import Testing
import Units

@testable import Agent

@Suite struct DirectoryLockTests {
    @Test func oneHasItAtATimeAndTheOtherIsToldWho() throws {
        let folder = try TemporaryFolder()
        var first: DirectoryLock? = try DirectoryLock(folder.path)
        #expect(first != nil)
        do throws(TextRefusal) {
            _ = try DirectoryLock(folder.path)
            Issue.record("two have one directory")
        } catch {
            #expect(error.description.contains("another agent (process \(getpid())) works in '\(folder.path)'"))
            #expect(error.description.contains("spool.directory"))
        }
        first = nil
        _ = try DirectoryLock(folder.path)
    }

    @Test func whereNoFileCanBeThereIsSaid() {
        #expect(throws: TextRefusal.self) { try DirectoryLock("/nowhere") }
    }
}
