import Readiness
import Results

/// How something stands, as pages tell it: by a shape, a word and a colour.
package enum Standing: Sendable {
    case ready, inconclusive, atRisk, notReady
    /// Nothing has been heard for too long.
    case silent
    /// It stands for no grade.
    case note

    package init(_ grade: Grade) {
        switch grade {
        case .ready: self = .ready
        case .inconclusive: self = .inconclusive
        case .atRisk: self = .atRisk
        case .notReady: self = .notReady
        }
    }

    package init(_ verdict: AssessmentVerdict) {
        switch verdict {
        case .go: self = .ready
        case .noGo: self = .notReady
        case .insufficient: self = .inconclusive
        }
    }

    /// The severity of a finding.
    package init(severity: String) { self = Grade(rawValue: severity).map(Standing.init) ?? .note }

    package var word: String {
        switch self {
        case .ready: Grade.ready.word
        case .inconclusive: Grade.inconclusive.word
        case .atRisk: Grade.atRisk.word
        case .notReady: Grade.notReady.word
        case .silent: "SILENT"
        case .note: "NOTE"
        }
    }

    package var className: StaticString {
        switch self {
        case .ready: "ready"
        case .inconclusive: "unknown"
        case .atRisk: "risk"
        case .notReady: "bad"
        case .silent: "silent"
        case .note: "note"
        }
    }

    /// A disc with a tick, a disc with a question mark, a triangle, an octagon, a ring, a disc with an i.
    private var shape: StaticString {
        switch self {
        case .ready: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm3.7 5.1-4.6 5.1L4.2 8.4l1.2-1.2 1.7 1.6 3.3-3.8z"
        case .inconclusive:
            """
            M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7.1 10.8h1.8v1.7H7.1zM8 3.5c-1.7 0-2.8 1-2.8 2.6h1.7c0-.7.4-1.1 1.1-1.1.7 0 \
            1.1.4 1.1 1 0 .5-.3.8-.9 1.2-.8.5-1.1 1.1-1.1 2v.5h1.7c0-.6.2-.9.8-1.3.9-.6 1.3-1.3 1.3-2.4C10.9 4.5 9.7 3.5 8 3.5z
            """
        case .atRisk: "M8 1.2 15.3 14H.7zM7.1 5.8v4.4h1.8V5.8zm0 5.3v1.7h1.8v-1.7z"
        case .notReady:
            """
            M5 1h6l4 4v6l-4 4H5l-4-4V5zM5.4 4.2 4.2 5.4 6.8 8l-2.6 2.6 1.2 1.2L8 9.2l2.6 2.6 1.2-1.2L9.2 8l2.6-2.6-1.2-1.2L8 6.8z
            """
        case .silent:
            "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.7a5.3 5.3 0 1 1 0 10.6A5.3 5.3 0 0 1 8 2.7zM4.5 7.2h7v1.6h-7z"
        case .note: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7.1 4h1.8v1.7H7.1zm0 2.8h1.8V12H7.1z"
        }
    }

    package var icon: HTML {
        tag(.svg, .viewBox(16, 16), .width(16), .height(16), .classes("icon"), .ariaHidden) {
            tag(.path, .shape(shape))
        }
    }

    package var badge: HTML { badge(word) }

    /// With another word for the same standing.
    package func badge(_ word: String) -> HTML {
        tag(.span, .classes("grade", className)) {
            icon
            word
        }
    }
}

extension AssessmentVerdict {
    package var badge: HTML { Standing(self).badge(word) }
}
