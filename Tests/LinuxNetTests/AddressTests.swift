import CLinux
import Glibc
import Testing
import Units

@testable import LinuxNet

@Suite struct AddressTests {
    @Test(arguments: ["192.0.2.1", "0.0.0.0", "2001:db8::1", "::1", "fe80::1:2:3", "::"])
    func anAddressSurvivesTheKernelsForm(text: String) throws {
        let address = try #require(IPAddress(text: text))
        #expect(address.description == text)
        let socketAddress = SocketAddress(address: address, port: 3_478, scope: address.family == .ipv6 ? 3 : 0)
        var storage = sockaddr_storage()
        socketAddress.write(to: &storage)
        #expect(SocketAddress(&storage) == socketAddress)
    }

    @Test func anIPv4MappedAddressIsIPv4() throws {
        #expect(try #require(IPAddress(text: "::ffff:192.0.2.1")) == IPAddress(ipv4: 0xc000_0201))
    }

    @Test func whatIsNoAddressIsNone() {
        for text in ["", "192.0.2", "192.0.2.256", "2001:db8:::1", "example.net"] {
            #expect(IPAddress(text: text) == nil)
        }
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_UNIX)
        #expect(SocketAddress(&storage) == nil)
    }

    @Test func numbersResolveWithoutAsking() throws {
        #expect(try Resolver.addresses(of: "127.0.0.1").map(\.address) == [IPAddress(ipv4: 0x7f00_0001)])
        #expect(try Resolver.addresses(of: "::1").map(\.address) == [IPAddress(ipv6High: 0, low: 1)])
    }

    @Test func aNameThatCannotBeIsRefusedByName() {
        #expect(throws: Resolver.Failure.self) { try Resolver.addresses(of: "no such host") }
    }
}
