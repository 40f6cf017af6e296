/// What a relay said: whether it took the message, and its last word, fit to be kept.
final class SMTPReply {
  let watch: Watch
  /// The final positive reply has come (RFC 5321, 4.2.5): from then on the mail is the relay's.
  private(set) var isAccepted = false
  private var refusal = ""
  private var acceptance = ""
  private let upload: Upload
  private let addresses: [String]

  /// - Parameter addresses: these, and the part of each before the `@`, are taken out.
  init(hiding addresses: [String], upload: Upload, watch: Watch) {
    self.upload = upload
    self.watch = watch
    self.addresses = addresses
  }

  func take(_ line: UnsafeRawBufferPointer) {
    switch line.first {
    case UInt8(ascii: "4"), UInt8(ascii: "5"):
      refusal = String(decoding: line.prefix(1000), as: UTF8.self)
    case UInt8(ascii: "2") where upload.isGiven && refusal.isEmpty && !isAccepted:
      isAccepted = true
      acceptance = String(decoding: line.prefix(1000), as: UTF8.self)
      // All that is left is QUIT, which nobody needs to wait for.
      watch.allow(seconds: 2)
    default: break
    }
  }

  /// The last refusal, code and all.
  var text: String { withoutAddresses(refusal, hiding: addresses) }

  /// The final positive reply, where there was one.
  var answer: MailAnswer {
    MailAnswer(
      code: Int(acceptance.prefix(3)) ?? 250,
      words: withoutAddresses(String(acceptance.dropFirst(4)), hiding: addresses))
  }
}

/// What a relay said when it took a message, fit to be kept.
package struct MailAnswer: Hashable, Sendable {
  /// Its reply code: 250, or another that is positive.
  package var code: Int
  /// Without personal data.
  package var words: String
}

/// What another side said, fit for an error sentence: one line without controls and addresses, and nothing of a link
/// but its host, at most 200 characters. Servers like to repeat addresses and links with tokens in what they say.
/// - Parameter addresses: these, and the part of each before the `@`, are taken out wherever they stand.
package func withoutAddresses(_ text: String, hiding addresses: [String] = []) -> String {
  let hidden = addresses.flatMap { address in
    [address, String(address.prefix { $0 != "@" })].map { $0.lowercased() }
  }.filter { $0.count > 1 }
  let words = text.split { $0.isWhitespace || $0.isNewline }.map { word -> String in
    if word.contains("@") || isHidden(word, hidden) { return "(address)" }
    return String(withoutPath(word))
  }
  let printable = words.joined(separator: " ").unicodeScalars.filter {
    $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
  }
  return String(String(String.UnicodeScalarView(printable)).prefix(200))
}

private func isHidden(_ word: Substring, _ hidden: [String]) -> Bool {
  let signs = "._+-"
  return word.lowercased().split { !($0.isLetter || $0.isNumber || signs.contains($0)) }
    .contains { part in
      // A sentence may end with it, or set it between dashes.
      let bare = part.drop { signs.contains($0) }.trimmingEnd { signs.contains($0) }
      return hidden.contains(String(part)) || hidden.contains(String(bare))
    }
}

/// A word without what stands behind the host, where it looks like a link, also one without a scheme, or like the path
/// of one: our links have their tokens there.
private func withoutPath(_ word: Substring) -> Substring {
  let isEnd: (Character) -> Bool = { "/\\?#%".contains($0) }
  var rest = word
  if let scheme = word.firstRange(of: "://"), !word[..<scheme.lowerBound].contains(where: isEnd) {
    rest = word[scheme.upperBound...]
  }
  for end in rest.indices where isEnd(rest[end]) {
    let host = word[..<end]
    // "and/or" is no link; "(/sign-in/x)" is the path of one, and "#5.7.1" a status.
    let isPath = "/\\".contains(word[end]) && !host.contains { $0.isLetter || $0.isNumber }
    if isPath || host.contains(where: { ".:=".contains($0) }) { return host }
  }
  return word
}

extension Substring {
  fileprivate func trimmingEnd(_ isTrimmed: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
