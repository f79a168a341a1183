import Foundation
import Results
import Units

/// The assessments of a configuration, and the files in which they survive: for each a journal of its checks, a line
/// each, and, once it is over, its final document.
///
/// A result is spooled first and kept here second; what was spooled and not kept, since the agent was killed in
/// between, is kept when it is added again. Adding twice changes nothing.
public struct AssessmentKeeper: Sendable {
    private let directory: String
    private var assessments: [Assessment]
    /// The names of those whose final document is on the disk.
    private var concluded: Set<String> = []
    /// What of the journals could not be read, in words.
    public private(set) var complaints: [String] = []

    /// - Parameter directory: made if it is not there, once something is written.
    public init(
        _ configuration: Configuration,
        identity: Assessment.Identity,
        phase: String,
        directory: String
    ) {
        self.directory = directory
        assessments = []
        for plan in configuration.assessments {
            var checks = AssessmentChecks()
            let path = Self.journal(plan.name, directory)
            let refused = FileManager.default.contents(atPath: path).map { checks.read(journal: $0) } ?? 0
            if refused > 0 { complaints.append("\(refused) lines of '\(path)' are damaged and were passed over") }
            let assessment = Assessment(plan, of: configuration, identity: identity, phase: phase, checks: checks)
            assessments.append(assessment)
            if Self.isConcluded(assessment, directory) { concluded.insert(plan.name) }
        }
    }

    private static func journal(_ name: String, _ directory: String) -> String { "\(directory)/\(name).jsonl" }
    private static func final(_ name: String, _ directory: String) -> String { "\(directory)/\(name).json" }

    /// A final document of another assessment that had the same name is none of this one.
    private static func isConcluded(_ assessment: Assessment, _ directory: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: final(assessment.plan.name, directory)),
            let document = try? AssessmentDocument.decode(data)
        else { return false }
        return document.id == assessment.document(at: assessment.plan.until).id
    }

    private func index(of result: ResultDocument) -> Int? {
        guard let slot = result.schedule else { return nil }
        return assessments.firstIndex { assessment in
            assessment.counts(slot.name, slot: slot.slotAt.instant) && !concluded.contains(assessment.plan.name)
        }
    }

    /// How the assessment that a result counts in stands with it; nil where it counts in none.
    public func standing(with result: ResultDocument) -> RunningAssessmentDocument? {
        guard let index = index(of: result), let slot = result.schedule else { return nil }
        var assessment = assessments[index]
        assessment.add(CheckSummary(result, slot: slot))
        return RunningAssessmentDocument(assessment.document(at: result.endedAt.instant))
    }

    /// Counts a result for good, where it counts: it is on the disk when this returns.
    public mutating func keep(_ result: ResultDocument) throws(TextRefusal) {
        guard let index = index(of: result), let slot = result.schedule else { return }
        let check = CheckSummary(result, slot: slot)
        guard assessments[index].add(check) else { return }
        let path = Self.journal(assessments[index].plan.name, directory)
        do {
            try append(AssessmentChecks.line(of: check), to: path)
        } catch {
            throw TextRefusal("'\(path)' cannot be written: \(error.localizedDescription)")
        }
    }

    /// Checks of slots after `moment` were made by a clock that was wrong by days, and count no more.
    public mutating func forget(after moment: WallInstant) throws(TextRefusal) {
        for index in assessments.indices where !concluded.contains(assessments[index].plan.name) {
            guard assessments[index].forget(after: moment) else { continue }
            let path = Self.journal(assessments[index].plan.name, directory)
            do {
                let lines = try assessments[index].checks.inOrder.map(AssessmentChecks.line(of:))
                try Data(lines.joined()).write(to: URL(fileURLWithPath: path), options: .atomic)
            } catch {
                throw TextRefusal("'\(path)' cannot be written: \(error.localizedDescription)")
            }
        }
    }

    private func append(_ line: Data, to path: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        let end = try file.seekToEnd()
        var data = line
        if end > 0 {
            try file.seek(toOffset: end - 1)
            // A line that a crash cut off must not take this one with it.
            if try file.read(upToCount: 1) != Data("\n".utf8) { data = Data("\n".utf8) + line }
        }
        try file.write(contentsOf: data)
        try file.synchronize()
    }

    /// The final documents of assessments that are over, until each is told to be ``conclude(_:)``d.
    ///
    /// - Parameter now: a time that has come for certain (``ClockGuard/certainTime``): a verdict is not taken back.
    public func due(at now: WallInstant) -> [AssessmentDocument] {
        assessments.filter { now >= $0.concludesAt && !concluded.contains($0.plan.name) }
            .map { $0.document(at: now) }
    }

    /// How all stand at a moment.
    public func documents(at now: WallInstant) -> [AssessmentDocument] { assessments.map { $0.document(at: now) } }

    /// The final document is spooled: it is not due again.
    public mutating func conclude(_ document: AssessmentDocument) throws(TextRefusal) {
        concluded.insert(document.name)
        let path = Self.final(document.name, directory)
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try document.encoded().write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw TextRefusal("'\(path)' cannot be written: \(error.localizedDescription)")
        }
    }
}

extension SpooledDocument {
    public init(_ assessment: AssessmentDocument) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(
            id: assessment.id,
            kind: .assessment,
            completedAt: assessment.until.instant,
            json: [UInt8](try encoder.encode(assessment))
        )
    }
}
