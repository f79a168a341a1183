import CollectorStore
import Report
import Results
import Units

/// A result in the collector's frame: what `check --format html` writes, with the way back to its site.
public enum ResultView {
    /// - Parameter site: whose it is, by the token that sent it; the document's own claim is only what it says.
    public static func render(_ document: ResultDocument, site: String, viewer: Viewer) -> String {
        Frame.page(
            title: "\(Standing(document.grade).word): \(site), \(TimeText.minute(document.startedAt))",
            viewer,
            crumbs: [("Fleet", Address.fleet), (site, Address.site(site))]
        ) {
            ResultContent(document).html
            tag(.p, .classes("small", "on-screen")) {
                tag(.a, .href(Address.resultData(site, document.id))) { "This result as JSON" }
            }
        }
    }
}

/// The go-live certificate in the collector's frame, of which one sheet is printed.
public enum CertificateView {
    public static func render(_ document: AssessmentDocument, site: String, viewer: Viewer) -> String {
        Frame.page(
            title: "\(Standing(document.verdict).word): \(site), \(document.name)",
            viewer,
            crumbs: [("Fleet", Address.fleet), (site, Address.site(site))],
            times: "Times are of the site's time zone, \(document.timezone)."
        ) {
            CertificateContent(document).html
            tag(.nav, .classes("on-screen"), .ariaLabel("The same in other forms")) {
                tag(.p, .classes("small")) {
                    "Print this page for the sign-off, or take "
                    tag(.a, .href(Address.assessmentData(site, document.id))) { "the assessment as JSON" }
                    "."
                }
            }
        }
    }
}

/// Every site's assessments.
public enum AssessmentsView {
    public static func render(_ rows: [AssessmentRow], viewer: Viewer) -> String {
        Frame.page(title: "Assessments", viewer, at: .assessments) {
            tag(.div, .classes("page-head")) {
                tag(.h1) { "Go-live assessments" }
                tag(.p, .classes("muted")) { "The latest first. Each verdict is a page to print and sign." }
            }
            tag(.section, .ariaLabel("Assessments")) {
                if rows.isEmpty {
                    tag(.p) {
                        "None yet: a site makes one once its "
                        tag(.code) { "linecheck.yaml" }
                        " has a part "
                        tag(.code) { "assessments" }
                        "."
                    }
                } else {
                    AssessmentTable.html(rows, namesSite: true)
                }
            }
        }
    }
}
