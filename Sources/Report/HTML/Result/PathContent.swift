import Readiness
import Results

extension ResultContent {
    @HTMLBuilder var path: HTML {
        if document.path != nil || document.location != nil {
            Part.path.section("How media leaves this host, and where on the network it is.") {
                if let path = document.path {
                    HTML.notes(wording.path(path, document.location))
                    unread(path)
                }
                if let location = document.location { place(location) }
            }
        }
    }

    @HTMLBuilder private func unread(_ path: PathDocument) -> HTML {
        if !path.unread.isEmpty {
            tag(.h3) { "Could not be read" }
            tag(.dl, .classes("facts")) {
                for (name, reason) in path.unread.sorted(by: { $0.key < $1.key }) {
                    HTML.fact(name.replacing("_", with: " "), reason)
                }
            }
        }
    }

    @HTMLBuilder private func place(_ location: LocationDocument) -> HTML {
        tag(.h3) { "Place, as emergency calling looks it up" }
        tag(.dl, .classes("facts")) {
            HTML.fact("Interface", location.interface)
            HTML.fact("MAC address", location.mac)
            HTML.fact("Subnets", location.subnets.isEmpty ? nil : location.subnets.joined(separator: ", "))
            HTML.fact(
                "Access point",
                location.accessPoint.map { "\($0.bssid)" + ($0.ssid.map { name in ", \"\(name)\"" } ?? "") }
            )
            HTML.fact("Switch", location.networkSwitch.map { $0.name.map { name in "\(name) " } ?? "" + $0.chassis })
            HTML.fact(
                "Switch port",
                location.networkSwitch.map { $0.port + ($0.portDescription.map { text in " (\(text))" } ?? "") }
            )
            HTML.fact("VLAN", location.networkSwitch?.vlan.map { "\($0)" })
        }
    }
}
