import Report

/// What to do where there is no site yet.
enum FirstSite {
    static var html: HTML {
        tag(.section, .ariaLabel("The first site")) {
            tag(.h2) { "Enrol the first site" }
            tag(.p) { "On this host, give the site a name. The command prints a token, once:" }
            tag(.p) { tag(.code, .classes("command")) { "linecheck-collector site add dublin" } }
            tag(.p) {
                "On the site's box, put the token into a file that only root may read, and name this collector in "
                tag(.code) { "/etc/linecheck/linecheck.yaml" }
                ":"
            }
            tag(.p) {
                tag(.code, .classes("command")) {
                    "site: dublin"
                    tag(.br)
                    "collector:"
                    tag(.br)
                    "\u{a0}\u{a0}url: https://this-host"
                    tag(.br)
                    "\u{a0}\u{a0}token_file: /etc/linecheck/collector.token"
                }
            }
            tag(.p) {
                "Then "
                tag(.code) { "systemctl restart linecheck-agent" }
                " there. The site is on this page as soon as its first check is over."
            }
        }
    }
}
