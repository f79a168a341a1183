import Foundation
import Results

/// What a site may deliver.
package enum DeliveredKind: String, Hashable, Sendable, CaseIterable {
    case result
    case assessment

    /// Under which a batch lists them.
    package var listName: String {
        switch self {
        case .result: "results"
        case .assessment: "assessments"
        }
    }
}

/// A document that was read and that the collector takes.
package enum DeliveredDocument: Hashable, Sendable {
    case result(ResultDocument)
    case assessment(AssessmentDocument)

    package var id: String {
        switch self {
        case .result(let document): document.id
        case .assessment(let document): document.id
        }
    }

    package var site: String {
        switch self {
        case .result(let document): document.site
        case .assessment(let document): document.site
        }
    }
}

/// Why one document of a batch is never taken.
package struct DeliveryRefusal: Error, Hashable, Sendable {
    /// By which the site knows it; empty where the document says none.
    package var id: String
    package var cause: Cause
    package var reason: String

    package init(id: String, cause: Cause, reason: String) {
        self.id = id
        self.cause = cause
        self.reason = reason
    }

    /// For counting.
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        case malformed
        case schema
        case site
        case tooLong = "too_long"
    }
}

/// Reads one document, and holds it to its schema and to the site that delivers it.
package struct DocumentCheck: Sendable {
    package var kind: DeliveredKind
    /// The only one that may be written.
    package var site: String
    /// Octets of a document at most.
    package var longest: Int

    package init(kind: DeliveredKind, site: String, longest: Int) {
        self.kind = kind
        self.site = site
        self.longest = longest
    }

    package func read(_ slice: DocumentSlicer.Slice) throws(DeliveryRefusal) -> DeliveredDocument {
        let octets = slice.octets
        guard octets.count <= longest else {
            throw refusal(octets, .tooLong, "\(octets.count) octets are more than the \(longest) of a document")
        }
        guard !slice.hasNull else { throw refusal(octets, .malformed, "a text has the character U+0000") }
        let document = if let read = readInOrder(octets) { read } else { try decoded(octets) }
        if let fault = document.fault { throw .init(id: document.id, cause: .schema, reason: fault) }
        guard document.site == site else {
            let reason = "site: is '\(document.site)', and these credentials are for '\(site)' alone"
            throw .init(id: document.id, cause: .site, reason: reason)
        }
        return document
    }

    /// Nearly all documents: what an agent of this version wrote.
    private func readInOrder(_ octets: ArraySlice<UInt8>) -> DeliveredDocument? {
        switch kind {
        case .result: ResultDocument.ordered(octets).map(DeliveredDocument.result)
        case .assessment: nil
        }
    }

    private func decoded(_ octets: ArraySlice<UInt8>) throws(DeliveryRefusal) -> DeliveredDocument {
        guard String(validating: octets, as: UTF8.self) != nil else {
            throw refusal(octets, .malformed, "not UTF-8")
        }
        let data = Data(octets)
        do {
            switch kind {
            case .result: return .result(try .decode(data))
            case .assessment: return .assessment(try .decode(data))
            }
        } catch {
            let refusal = error as? ResultRefusal
            if case .malformed(let key, let reason) = refusal {
                throw self.refusal(octets, .schema, "\(key): \(reason)")
            }
            throw self.refusal(octets, .malformed, refusal?.description ?? "\(error)")
        }
    }

    private struct Named: Decodable {
        var id: String
    }

    private func refusal(
        _ octets: ArraySlice<UInt8>,
        _ cause: DeliveryRefusal.Cause,
        _ reason: String
    ) -> DeliveryRefusal {
        // A document of any length would do, if only it names itself; one too long is not read for that.
        let named = octets.count <= longest ? try? JSONDecoder().decode(Named.self, from: Data(octets)) : nil
        return DeliveryRefusal(id: named?.id ?? DocumentSlicer.id(in: octets) ?? "", cause: cause, reason: reason)
    }
}
