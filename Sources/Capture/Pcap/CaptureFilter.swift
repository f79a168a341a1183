/// What the kernel shall hand over, as pcap-filter(7) has it.
public struct CaptureFilter: Hashable, Sendable {
    let untagged: String

    /// On Ethernet the same with one VLAN tag and with two, whether the tags stand in the frame or the kernel keeps them
    /// beside it: `vlan` shifts all that follows it, so that each form has to be written out.
    func text(for link: LinkType) -> String {
        guard link == .ethernet else { return untagged }
        return "(\(untagged)) or (vlan and ((\(untagged)) or (vlan and (\(untagged)))))"
    }
}
