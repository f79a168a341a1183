/// What is sent to the collector, and what it answers.
///
/// Results go by `POST {url}/v1/results`, final assessments by `POST {url}/v1/assessments`:
///
///     POST /v1/results HTTP/1.1
///     Authorization: Bearer TOKEN
///     Content-Type: application/json
///     Content-Encoding: gzip
///     User-Agent: linecheck/VERSION
///
///     {"results":[{"schema":"linecheck.result/1","id":"01996…",…},…]}
///
/// `/v1/assessments` has `{"assessments":[…]}`, of schema `linecheck.assessment/1`. Without a token file there is no
/// `Authorization`: the client certificate, or a proxy before the collector, then tells who this is. A document may be
/// sent again, also after it was stored, since its answer can be lost: the collector tells by `id` what it has.
///
/// The answer is 200 as soon as the batch could be read, with the lot of each document, in any order:
///
///     {"results":[{"id":"01996…","status":"stored"},
///                 {"id":"01997…","status":"duplicate"},
///                 {"id":"01998…","status":"refused","reason":"criteria: is missing"}]}
///
/// under the name `results` for both addresses. `stored` means that the document is safe; `duplicate`, that it was
/// before; `refused`, that it will never be taken: the site sets it aside with the reason. What an answer does not name
/// is sent again. Other statuses:
///
/// - 413: fewer documents are sent at a time; one alone is set aside.
/// - 400, 422 and others of 4xx, with a body `{"reason":"…"}` (or `detail` or `title`, as in RFC 9457): something in the
///   batch is at fault. It is halved until that is found and set aside with the reason.
/// - 401, 404, 405, 407, 408, 415, 421, 425, 426, 429, 451: no document's fault; all are kept and sent later.
/// - 403, 500, 502, 504, others of 4xx without a reason, and no answer: all are kept and sent later, in smaller batches
///   and with what fails alone last.
/// - `Retry-After` is heeded with 408, 425, 429 and 5xx.
/// - 3xx: not followed, since the token would go elsewhere; reported.
enum DeliveryBatch {
    static func path(_ kind: DocumentKind) -> String {
        switch kind {
        case .result: "/v1/results"
        case .assessment: "/v1/assessments"
        }
    }

    /// JSON, not yet compressed.
    static func body(_ kind: DocumentKind, _ documents: [SpooledDocument]) -> [UInt8] {
        let name =
            switch kind {
            case .result: "results"
            case .assessment: "assessments"
            }
        var body = Array("{\"\(name)\":[".utf8)
        body.reserveCapacity(documents.reduce(32) { $0 + $1.json.count + 1 })
        for (index, document) in documents.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += document.json
        }
        body += Array("]}".utf8)
        return body
    }
}
