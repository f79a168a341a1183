import Exposition

enum MetricsPage {
    static let contentType = ExpositionPage.contentType
}
