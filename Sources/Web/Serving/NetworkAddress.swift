import Glibc
import Triage

/// An address of the internet protocol, as bytes: 4, or 16. One of version 4 that is written as one of version 6
/// (RFC 4291, section 2.5.5.2) is the former.
package struct NetworkAddress: Hashable, Sendable {
  package let bytes: [UInt8]

  /// Takes "192.0.2.1", "2001:db8::1" and both with a port behind ("192.0.2.1:80", "[2001:db8::1]:80"), as
  /// `X-Forwarded-For` has them.
  package init?(_ text: String) {
    var text = text.filter { $0 != " " && $0 != "\t" }
    guard text.utf8.count <= 60 else { return nil }
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      text = String(text[text.index(after: text.startIndex)..<end])
    } else if text.count(where: { $0 == ":" }) == 1 {
      text = String(text.prefix { $0 != ":" })
    }
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: &four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      let all = withUnsafeBytes(of: &six) { Array($0) }
      bytes = all.starts(with: Self.mapped) ? Array(all.suffix(4)) : all
    } else {
      return nil
    }
  }

  private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff]

  /// What a limit counts by: of version 6 the network of a household or an office (/64), in which one machine has
  /// as many addresses as it likes.
  var prefix: [UInt8] { bytes.count == 16 ? Array(bytes.prefix(8)) : bytes }

  /// Nobody but this machine reaches it.
  package var isLoopback: Bool { network == .thisMachine }

  /// RFC 1918, RFC 4193, RFC 3927 and RFC 4291.
  var network: Visitor.Network {
    switch (bytes.count, bytes[0], bytes[1]) {
    case (4, 127, _): .thisMachine
    case (4, 10, _), (4, 192, 168), (4, 169, 254): .private
    case (4, 172, 16...31): .private
    case (16, 0xfc...0xfd, _): .private
    case (16, 0xfe, 0x80...0xbf): .private
    case (16, _, _) where bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1: .thisMachine
    default: .public
    }
  }
}
