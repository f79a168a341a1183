/// Reordered packets by RFC 4737 §3.3: a packet is reordered if one sent after it arrived before it.
enum Reordering {
    /// How many of the packets that `counts` admits are reordered; `arrivals` in the order of arrival, identified by
    /// anything that rises in the order of sending, duplicates already removed.
    static func count<Key: Comparable>(_ arrivals: some Sequence<Key>, where counts: (Key) -> Bool = { _ in true })
        -> Int
    {
        var latest: Key?
        var reordered = 0
        for key in arrivals {
            if let known = latest, key < known {
                if counts(key) { reordered += 1 }
            } else {
                latest = key
            }
        }
        return reordered
    }
}
