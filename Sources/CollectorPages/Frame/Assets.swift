import Crypto
import Foundation
import Report

/// A file that pages are drawn with. Its name changes with its content, so that it may be kept for ever.
public struct Asset: Hashable, Sendable {
    /// The last segment of its address.
    public var name: String
    public var contentType: String
    public var body: String
}

/// Everything that is served under `/assets/`.
public enum Assets {
    public static let all: [Asset] = [style, icon]

    public static func named(_ name: String) -> Asset? { all.first { $0.name == name } }

    static let style = asset(
        "style",
        "css",
        contentType: "text/css; charset=utf-8",
        "\(ReportStyle.css)\(CollectorStyle.css)"
    )

    static let icon = asset(
        "icon",
        "svg",
        contentType: "image/svg+xml",
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path fill="#2a6fc4" d="M1 9h4l2-6h1.6l3.4 \
        11.4L14 9h5v2h-3.6l-2.6 7.4h-1.6L7.8 7l-1.4 4H1z"/></svg>
        """
    )

    static func link(_ asset: Asset) -> Link { Link(["assets", asset.name]) }

    private static func asset(_ name: String, _ suffix: String, contentType: String, _ body: String) -> Asset {
        let hash = SHA256.hash(data: Data(body.utf8)).prefix(8).map { String($0, radix: 16) }
            .map { $0.utf8.count == 1 ? "0" + $0 : $0 }.joined()
        return Asset(name: "\(name)-\(hash).\(suffix)", contentType: contentType, body: body)
    }
}
