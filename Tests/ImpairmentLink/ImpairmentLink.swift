@main
struct ImpairmentLink {
    static func main() {}
}
