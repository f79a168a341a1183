import Testing

@testable import Collector

@Suite struct SettledChangeTests {
    /// Files as they are found, look by look, and at which of the looks something is done.
    @Test(arguments: [
        ("aaa", []), ("abb", [2]), ("abbb", [2]), ("abcc", [3]), ("aba", []), ("abbaa", [2, 4]), ("bb", [1]),
        ("bcbcbc", []),
    ])
    func actsOnceItHasComeToRest(seen: String, acts: [Int]) {
        var (change, known) = (SettledChange<Character>(), Character("a"))
        var acted: [Int] = []
        for (index, content) in seen.enumerated() where change.look(content, known: known) {
            known = content
            acted.append(index)
        }
        #expect(acted == acts)
    }
}
