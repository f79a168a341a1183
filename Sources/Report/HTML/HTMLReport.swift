import Readiness
import Results

/// A result or an assessment as one HTML file that needs nothing else: no network, no script.
public enum HTMLReport {
    public static func render(_ document: ResultDocument) -> String {
        page(title: "\(document.grade.word): \(document.site), \(document.startedAt.secondText)") {
            ResultContent(document).html
        }
    }

    public static func render(_ document: AssessmentDocument) -> String {
        page(title: "\(document.verdict.word): \(document.site), \(document.name)") {
            CertificateContent(document).html
        }
    }

    private static func page(title: String, @HTMLBuilder content: () -> HTML) -> String {
        let content = content()
        return HTML.page(title: title, style: .contained(ReportStyle.css)) {
            tag(.header, .classes("bar")) { Brand.html }
            tag(.main) { content }
        }
    }
}

/// The product's name as pages bear it.
package enum Brand {
    package static var html: HTML {
        tag(.span, .classes("brand")) {
            sign
            "Linecheck"
        }
    }

    /// A line that is measured.
    package static var sign: HTML {
        tag(.svg, .viewBox(20, 20), .width(20), .height(20), .ariaHidden) {
            tag(.path, .classes("icon"), .shape("M1 9h4l2-6h1.6l3.4 11.4L14 9h5v2h-3.6l-2.6 7.4h-1.6L7.8 7l-1.4 4H1z"))
        }
    }
}
