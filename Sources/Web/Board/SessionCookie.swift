import HTTPTypes

/// The cookies: the secret of a session, and before it that of the browser which asks for a link.
///
/// `__Host-` (RFC 6265bis) has a browser take it from this host alone, over https alone (or from its own machine),
/// for every path and for no other host of the domain. Scripts do not see it, and no other site's page can have it
/// sent along (`SameSite=Strict`).
enum SessionCookie {
  static let name = "__Host-triaged"
  /// Of the browser that has asked for a link, for as long as the link is good.
  static let askedName = "__Host-triaged-asked"

  static func set(_ secret: String, seconds: Int, name: String = name) -> String {
    "\(name)=\(secret); Path=/; Max-Age=\(max(0, seconds)); Secure; HttpOnly; SameSite=Strict"
  }

  static let cleared = set("", seconds: 0)

  /// The secret that a browser sent; `nil`: none, one that cannot be ours, or two: then nobody knows whose came from
  /// where.
  static func secret(in headers: HTTPFields, name: String = name) -> String? {
    var found: [Substring] = []
    for field in headers[values: .cookie] {
      for pair in field.split(separator: ";") {
        let trimmed = pair.drop { $0 == " " }
        guard trimmed.hasPrefix(name + "=") else { continue }
        found.append(trimmed.dropFirst(name.count + 1))
      }
    }
    guard found.count == 1, (20...64).contains(found[0].utf8.count),
      found[0].utf8.allSatisfy(isBase64URL)
    else { return nil }
    return String(found[0])
  }

  private static func isBase64URL(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
