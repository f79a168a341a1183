import Agent
import ArgumentParser
import Readiness
import Settings
import Units

/// Where Microsoft's address ranges come from, as options.
struct RangesOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Microsoft's address ranges from a saved answer of its endpoints web service (default: those built in, of "
                + "\(MediaRanges.shipped.asOf.rfc3339.prefix(10))).",
            valueName: "file"
        )
    )
    var endpointsFile: String?

    @Option(
        help: ArgumentHelp(
            "Fetch Microsoft's address ranges there, as https://endpoints.office.com/endpoints/worldwide; the list is "
                + "kept and asked for again once a day.",
            valueName: "url"
        ),
        transform: SettingText.endpointsURL
    )
    var endpointsUrl: String?

    func validate() throws {
        if endpointsFile != nil, endpointsUrl != nil {
            throw ValidationError("--endpoints-file and --endpoints-url say the same thing twice; give one.")
        }
    }

    /// Nil where neither was given.
    var source: EndpointsListSource? {
        endpointsUrl.map(EndpointsListSource.url) ?? endpointsFile.map(EndpointsListSource.file)
    }

    /// Of the option that was given.
    var name: String? { endpointsUrl != nil ? "--endpoints-url" : endpointsFile != nil ? "--endpoints-file" : nil }
}
