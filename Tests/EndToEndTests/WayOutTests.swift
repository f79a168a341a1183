import Testing

extension EndToEnd {
    @Suite("The way out of the host")
    struct WayOut {
        /// Has the site send what Microsoft's first range gets through a tunnel.
        private static func tunnel(_ lab: Lab) async throws {
            let ip = try #require(Executables.tool("ip"))
            for arguments in [
                "tuntap add mode tun name vpn0", "link set vpn0 up mtu 1400", "route add 52.112.0.0/14 dev vpn0",
                "route add default via 10.77.0.254 dev eth0",
            ] {
                let program = try lab.start([ip] + arguments.split(separator: " ").map(String.init), at: .site)
                let result = try await program.end(within: 10)
                try #require(result.status == 0, "ip \(arguments): \(result.standardError)")
            }
        }

        @Test("A check tells the route, and a tunnel that takes media puts the site at risk")
        func check() async throws {
            let outcome = try await Lab.with(forward: "delay=1ms", reverse: "delay=1ms") { lab in
                try await Self.tunnel(lab)
                try await lab.startReflector()
                return try await lab.check(["--endpoint", "10.77.0.2", "--duration", "2s"])
            }
            let path = try #require(outcome.report.path)
            #expect(path.routes.map(\.interface) == ["eth0"] && path.routes.map(\.source) == ["10.77.0.1"])
            #expect(path.unread["lldp"] != nil && path.unread["wifi"] != nil)
            let finding = try #require(outcome.report.findings.first { $0.code == "path.vpn_hairpin" })
            #expect(finding.severity == "at_risk" && finding.evidence?["interface"]?.text == "vpn0")
            #expect(outcome.status == 1 || outcome.status == 2)
        }

        @Test("The doctor tells the same, and where there is no way at all")
        func doctor() async throws {
            let result = try await Lab.with(forward: "delay=1ms", reverse: "delay=1ms") { lab in
                try await Self.tunnel(lab)
                let doctor = [try Executables.built("linecheck"), "doctor", "--endpoint"]
                return try await lab.start(doctor + ["10.77.0.2", "--endpoint", "2001:db8::1"], at: .site)
                    .end(within: 20)
            }
            let text = result.standardOutput
            #expect(text.contains("ok     route to stamp://10.77.0.2:3478-3481: by eth0"))
            #expect(text.contains("bad    route to stamp://[2001:db8::1]:3478-3481: none"))
            #expect(text.contains("bad    path.vpn_hairpin: "))
            #expect(result.status == 2)
            for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        }

        @Test("Without CAP_NET_RAW the doctor says what it is for, and which command grants it")
        func capability() async throws {
            let setpriv = try #require(Executables.tool("setpriv"), "setpriv (package util-linux) is needed")
            let (with, without) = try await Lab.with(forward: "delay=1ms", reverse: "delay=1ms") { lab in
                let doctor = [try Executables.built("linecheck"), "doctor"]
                let with = try await lab.start(doctor, at: .site).end(within: 20).standardOutput
                let wrapper = [setpriv, "--bounding-set=-net_raw", "--inh-caps=-net_raw"]
                return (with, try await lab.start(wrapper + doctor, at: .site).end(within: 20).standardOutput)
            }
            #expect(with.contains("ok     CAP_NET_RAW: held"))
            let words = without.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("note CAP_NET_RAW: not held: checks cannot prove the mark (DSCP)"))
            #expect(words.contains("→ sudo setcap cap_net_raw,cap_sys_nice+ep /"))
        }

        @Test("A list of ranges that does not help is refused with its reason")
        func badList() async throws {
            let result = try await Lab.with(forward: "delay=1ms", reverse: "delay=1ms") { lab in
                let list = try lab.write("[]", to: "endpoints.json")
                let doctor = [try Executables.built("linecheck"), "doctor", "--endpoints-file", list]
                return try await lab.start(doctor, at: .site).end(within: 20)
            }
            #expect(result.status == 78 && result.standardError.contains("no set of Teams"))
        }
    }
}
