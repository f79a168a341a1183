import Report

/// Where a reader logs in.
public enum LoginView {
    public struct Model: Sendable {
        public var version: String
        /// What the reader wanted to see; sent back as the field `next`.
        public var next: String?
        /// Why an attempt failed; nil before the first.
        public var failure: String?

        public init(version: String, next: String? = nil, failure: String? = nil) {
            self.version = version
            self.next = next
            self.failure = failure
        }
    }

    /// The form sends `name`, `password` and `next`.
    public static func render(_ model: Model) -> String {
        Frame.page(title: "Log in", Viewer(name: nil, version: model.version)) {
            tag(.section, .classes("narrow"), .ariaLabel("Log in")) {
                tag(.h1) { "Log in" }
                if let failure = model.failure { tag(.p, .classes("alert"), .role("alert")) { failure } }
                tag(.form, .method("post"), .action(Address.login)) {
                    if let next = model.next { tag(.input, .type("hidden"), .name("next"), .value(next)) }
                    field("Name", Identifier("name"), "name", "text", "username")
                    field("Password", Identifier("password"), "password", "password", "current-password")
                    tag(.p) { tag(.button, .type("submit"), .classes("main")) { "Log in" } }
                }
                tag(.p, .classes("hint")) {
                    "Readers are added on the collector's host, with "
                    tag(.code) { "linecheck-collector reader add NAME" }
                    "."
                }
            }
        }
    }

    private static func field(
        _ label: String,
        _ id: Identifier,
        _ name: StaticString,
        _ type: StaticString,
        _ autocomplete: StaticString
    ) -> HTML {
        tag(.p) {
            tag(.label, .forControl(id)) { label }
            tag(.input, .id(id), .name(name), .type(type), .autocomplete(autocomplete), .required, .longest(200))
        }
    }
}

/// What a reader sees instead of a page.
public enum ErrorView {
    public struct Model: Sendable {
        public var viewer: Viewer
        /// The HTTP status.
        public var status: Int
        /// What was wrong, in few words.
        public var title: String
        /// The value, the bound, and what to do.
        public var detail: String

        public init(viewer: Viewer, status: Int, title: String, detail: String) {
            self.viewer = viewer
            self.status = status
            self.title = title
            self.detail = detail
        }
    }

    public static func render(_ model: Model) -> String {
        Frame.page(title: model.title, model.viewer) {
            tag(.section, .classes("narrow"), .ariaLabel("What went wrong")) {
                tag(.p, .classes("muted")) { "Error \(model.status)" }
                tag(.h1) { model.title }
                tag(.p) { model.detail }
                tag(.p) { tag(.a, .href(Address.fleet)) { "To the fleet" } }
            }
        }
    }
}
