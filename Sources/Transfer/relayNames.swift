extension MailRelay {
  /// Whether a text can be ``host``: a host name (RFC 1123), an IPv4 address in four decimal numbers, or an IPv6
  /// address with or without brackets.
  package static func isHost(_ text: String) -> Bool {
    isDomain(text) || isSixteen(withoutBrackets(text) ?? text[...])
  }

  /// Whether a text can be ``ehloName`` (RFC 5321, 4.1.3): a host name, or an address literal such as `[192.0.2.1]` or
  /// `[IPv6:2001:db8::1]`.
  package static func isGreeting(_ text: String) -> Bool {
    guard let literal = withoutBrackets(text) else { return isDomain(text) }
    let tag = "ipv6:"
    if literal.lowercased().hasPrefix(tag) { return isSixteen(literal.dropFirst(tag.count)) }
    return NetworkAddress(String(literal))?.bytes.count == 4
  }

  /// ``host`` as an URL has it.
  var urlHost: String {
    MailRelay.isSixteen(host[...]) ? "[\(host)]" : host
  }

  /// ``ehloName`` as the path of an URL has it.
  var urlGreeting: String {
    ehloName.map { $0 == "[" ? "%5B" : $0 == "]" ? "%5D" : String($0) }.joined()
  }

  private static func isSixteen(_ text: Substring) -> Bool {
    NetworkAddress(String(text))?.bytes.count == 16
  }

  private static func withoutBrackets(_ text: String) -> Substring? {
    text.count > 2 && text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : nil
  }

  /// Labels of letters, digits and inner hyphens, at most 253 bytes.
  private static func isDomain(_ text: String) -> Bool {
    text.utf8.count <= 253
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      }
  }
}
