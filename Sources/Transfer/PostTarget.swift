/// Where a post may go: an address taken apart by a reading that knows one way to write each thing, before
/// any library reads it its own way.
///
/// Refused are what two readers may understand differently: a user name, an escape or a letter beyond ASCII
/// in the host, a trailing full stop, a zone, numbers in any form but four decimal ones, a backslash, a
/// fragment, a port out of range.
package struct PostTarget: Hashable, Sendable {
  /// The whole address. It may hold a secret: never in a sentence.
  let text: String
  /// Lower case; IPv6 without brackets.
  package let host: String
  package let port: Int
  /// `nil`: the host is a name.
  let address: NetworkAddress?

  /// Where the host's address leads; `nil` for a name, which nobody has looked up yet.
  package var reach: NetworkAddress.Reach? { address?.reach }

  /// - Parameter url: `https://host[:port]/…`, all of it ASCII.
  /// - Throws: a permanent error, whose sentence holds nothing of the address.
  package init(_ url: String) throws(TransferError) {
    func fail(_ what: String) throws(TransferError) -> Never {
      throw TransferError(why: "The address to post to \(what).", permanent: true)
    }
    guard url.utf8.count <= 4096, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C })
    else { try fail("has a space, a backslash or a letter beyond ASCII in it, or is too long") }
    guard url.lowercased().hasPrefix("https://") else { try fail("is not https") }
    guard !url.contains("#") else { try fail("has a fragment") }
    let rest = url.dropFirst("https://".count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.contains("@") else { try fail("has a user name in it") }
    var name = authority
    var portText: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { try fail("has no usable host") }
      name = authority[authority.index(after: authority.startIndex)..<end]
      let after = authority[authority.index(after: end)...]
      if !after.isEmpty {
        guard after.hasPrefix(":") else { try fail("has no usable host") }
        portText = after.dropFirst()
      }
      guard let sixteen = NetworkAddress(String(name)), sixteen.bytes.count == 16 else {
        try fail("has no usable host")
      }
      address = sixteen
    } else {
      if let colon = authority.firstIndex(of: ":") {
        name = authority[..<colon]
        portText = authority[authority.index(after: colon)...]
      }
      guard isHostName(String(name)) else { try fail("has no usable host") }
      let last = name.split(separator: ".").last ?? ""
      if isNumber(last) {
        // inet_pton takes four decimal numbers without leading zeros, and nothing else.
        guard let four = NetworkAddress(String(name)), four.bytes.count == 4 else {
          try fail("writes a number for a host in a way that is not used")
        }
        address = four
      } else {
        address = nil
      }
    }
    var port = 443
    if let portText {
      guard portText.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), portText.count <= 5,
        let number = Int(portText), (1...65_535).contains(number)
      else { try fail("has a port that is none") }
      port = number
    }
    host = name.lowercased()
    self.port = port
    text = url
    // What libcurl reads must be what was read here.
    guard let known = RemoteURL(url), known.scheme == "https", Int(known.port) == port,
      known.host == host || known.host.hasPrefix("[")
    else { try fail("is not one that can be used") }
  }
}

/// Labels of letters, digits, hyphens and underscores, at most 253 bytes; no full stop at the end.
private func isHostName(_ text: String) -> Bool {
  (1...253).contains(text.utf8.count)
    && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
        }
    }
}

/// Whether a reader of addresses may take a host's last label for a number: digits, or `0x…`.
private func isNumber(_ label: Substring) -> Bool {
  if label.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return true }
  let hex = label.lowercased().dropFirst(2)
  return label.lowercased().hasPrefix("0x") && hex.allSatisfy(\.isHexDigit)
}
