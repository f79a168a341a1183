import Deflate
import Ingest

/// The body of a delivery as it arrives at the collector, compressed or not.
enum DeliveredBatchEntry {
    private static let longest = 1_000_000
    private static let most = 100

    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        guard octets.starts(with: [0x1f, 0x8b]) else {
            try slice(octets)
            return
        }
        do throws(GzipInflation.Refusal) {
            let inflated = try GzipInflation.inflate(octets, limit: longest)
            try check(inflated)
        } catch {
            return
        }
    }

    private static func check(_ inflated: [UInt8]) throws(GzipInflation.Refusal) {
        guard inflated.count <= longest else { throw .tooLong(limit: longest) }
    }

    private static func slice(_ body: [UInt8]) throws(BrokenInvariant) {
        let slices: [DocumentSlicer.Slice]
        do throws(DocumentSlicer.Refusal) {
            slices = try DocumentSlicer.documents(in: body, under: "results", limit: most)
        } catch {
            try require(!"\(error)".isEmpty, "what is wrong with a body is said")
            return
        }
        try require(slices.count <= most, "no more documents than may be")
        for slice in slices {
            try require(!slice.octets.isEmpty, "a document has octets")
            try require(body[slice.octets.indices].elementsEqual(slice.octets), "a document is as it stood in the body")
        }
        try again(slices)
        try read(slices)
    }

    /// What was sliced is sliced the same when it stands alone.
    private static func again(_ slices: [DocumentSlicer.Slice]) throws(BrokenInvariant) {
        let body =
            Array("{\"results\":[".utf8) + slices.map { Array($0.octets) }.joined(separator: [0x2c])
            + Array("]}".utf8)
        let second = try? DocumentSlicer.documents(in: body, under: "results", limit: most)
        try require(
            second?.map { Array($0.octets) } == slices.map { Array($0.octets) },
            "slicing again changes nothing"
        )
    }

    private static func read(_ slices: [DocumentSlicer.Slice]) throws(BrokenInvariant) {
        let check = DocumentCheck(kind: .result, site: "dublin", longest: longest)
        for slice in slices {
            do throws(DeliveryRefusal) {
                let document = try check.read(slice)
                guard document.site == "dublin" else {
                    throw DeliveryRefusal(id: document.id, cause: .site, reason: "")
                }
            } catch {
                try require(!error.reason.isEmpty, "another site's document, or no reason")
            }
        }
    }
}
