import Glibc

/// An address of IPv4 or IPv6, and whether something that posts may speak to it.
package struct NetworkAddress: Hashable, Sendable {
  /// Four or sixteen.
  package let bytes: [UInt8]

  /// - Parameter bytes: in the network's order; four or sixteen.
  package init(_ bytes: [UInt8]) {
    precondition(bytes.count == 4 || bytes.count == 16)
    self.bytes = bytes
  }

  /// Reads `192.0.2.1` or `2001:db8::1` and none of the other ways to write an address.
  package init?(_ text: String) {
    guard !text.utf8.contains(0) else { return nil }
    var four = in_addr()
    var sixteen = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: &four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
      bytes = withUnsafeBytes(of: &sixteen) { Array($0) }
    } else {
      return nil
    }
  }

  package enum Reach: Hashable, Sendable {
    /// Out in the internet.
    case everywhere
    /// This machine or the council's own network: loopback, RFC 1918, RFC 6598, `fc00::/7`.
    case inside
    /// Nothing that takes a message has such an address: link-local (cloud metadata among it), multicast,
    /// broadcast, unspecified, documentation, benchmarking, reserved, or a tunnel that may lead inside.
    case nowhere
  }

  /// By the registries of special addresses of IANA (RFC 6890, 9637 and what they name).
  package var reach: Reach { bytes.count == 4 ? reachOfFour(bytes[...]) : reachOfSixteen }

  private var reachOfSixteen: Reach {
    func begins(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
    if begins([UInt8](repeating: 0, count: 15)) { return bytes[15] == 1 ? .inside : .nowhere }
    // ::ffff:0:0/96 speaks to the IPv4 address in it.
    if begins([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) { return reachOfFour(bytes[12...]) }
    // NAT64 (RFC 6052) and 6to4 (RFC 3056) lead to the IPv4 address in them.
    if begins([0x00, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8)) {
      return reachOfFour(bytes[12...]) == .everywhere ? .everywhere : .nowhere
    }
    if begins([0x20, 0x02]) {
      return reachOfFour(bytes[2..<6]) == .everywhere ? .everywhere : .nowhere
    }
    if bytes[0] & 0xFE == 0xFC { return .inside }
    // All that is handed out lies in 2000::/3.
    guard bytes[0] & 0xE0 == 0x20 else { return .nowhere }
    // 2001::/23 (Teredo, ORCHID, benchmarking), 2001:db8::/32, 3fff::/20.
    if begins([0x20, 0x01]), bytes[2] & 0xFE == 0 { return .nowhere }
    if begins([0x20, 0x01, 0x0D, 0xB8]) { return .nowhere }
    if begins([0x3F, 0xFF]), bytes[2] & 0xF0 == 0 { return .nowhere }
    // ISATAP (RFC 5214) has an IPv4 address at its end.
    if bytes[8] & 0xFD == 0, bytes[9] == 0, bytes[10] == 0x5E, bytes[11] == 0xFE {
      return .nowhere
    }
    return .everywhere
  }

  private func reachOfFour(_ four: ArraySlice<UInt8>) -> Reach {
    let four = Array(four)
    switch (four[0], four[1], four[2]) {
    case (10, _, _), (127, _, _), (192, 168, _): return .inside
    case (172, 16...31, _), (100, 64...127, _): return .inside
    case (0, _, _), (169, 254, _), (224..., _, _): return .nowhere
    case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100),
      (203, 0, 113):
      return .nowhere
    default: return .everywhere
    }
  }

  /// As an URL and libcurl write it, IPv6 in brackets.
  var urlText: String {
    if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
    let groups = stride(from: 0, to: 16, by: 2).map {
      String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
    }
    return "[\(groups.joined(separator: ":"))]"
  }
}

/// Finds the addresses of a name. The usual one is ``systemResolver(_:)``; a test hands in its own.
package typealias Resolver = @Sendable (_ host: String) throws(TransferError) -> [NetworkAddress]

/// Asks the system, on the calling thread, for as long as `resolv.conf` says.
package func systemResolver(_ host: String) throws(TransferError) -> [NetworkAddress] {
  var hints = addrinfo()
  hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  var first: UnsafeMutablePointer<addrinfo>?
  guard getaddrinfo(host, nil, &hints, &first) == 0 else {
    throw TransferError(why: "The name \(host) could not be looked up.", permanent: false)
  }
  defer { freeaddrinfo(first) }
  var found: [NetworkAddress] = []
  var next = first
  while let info = next?.pointee {
    if let address = NetworkAddress(info), !found.contains(address) { found.append(address) }
    next = info.ai_next
  }
  return found
}

extension NetworkAddress {
  fileprivate init?(_ info: addrinfo) {
    guard let address = UnsafeRawPointer(info.ai_addr) else { return nil }
    switch info.ai_family {
    case AF_INET:
      let four = address.loadUnaligned(as: sockaddr_in.self).sin_addr
      bytes = withUnsafeBytes(of: four) { Array($0) }
    case AF_INET6:
      let sixteen = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      bytes = withUnsafeBytes(of: sixteen) { Array($0) }
    default: return nil
    }
  }
}
