/// What a relay said: whether it took the message, and its last refusal, fit for an error sentence.
/// Servers like to repeat addresses and links with tokens in what they say.
final class SMTPReply {
  let watch: Watch
  /// The final positive reply has come (RFC 5321, 4.2.5): from then on the mail is the relay's.
  private(set) var isAccepted = false
  private var refusal = ""
  private let upload: Upload
  private let hidden: [String]

  /// - Parameter addresses: these, and the part of each before the `@`, are taken out.
  init(hiding addresses: [String], upload: Upload, watch: Watch) {
    self.upload = upload
    self.watch = watch
    hidden = addresses.flatMap { address in
      [address, String(address.prefix { $0 != "@" })].map { $0.lowercased() }
    }.filter { $0.count > 1 }
  }

  func take(_ line: UnsafeRawBufferPointer) {
    switch line.first {
    case UInt8(ascii: "4"), UInt8(ascii: "5"):
      refusal = String(decoding: line.prefix(1000), as: UTF8.self)
    case UInt8(ascii: "2") where upload.isGiven && refusal.isEmpty:
      isAccepted = true
      // All that is left is QUIT, which nobody needs to wait for.
      watch.allow(seconds: 2)
    default: break
    }
  }

  /// The refusal: one line without controls, addresses or queries of links, at most 200 characters.
  var text: String {
    let words = refusal.split { $0.isWhitespace || $0.isNewline }.map { word -> String in
      if word.contains("@") || isHidden(word) { return "(address)" }
      if word.contains("://") { return String(word.prefix { $0 != "?" && $0 != "#" }) }
      return String(word)
    }
    let printable = words.joined(separator: " ").unicodeScalars.filter {
      $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
    }
    return String(String(String.UnicodeScalarView(printable)).prefix(200))
  }

  private func isHidden(_ word: Substring) -> Bool {
    word.lowercased().split { !($0.isLetter || $0.isNumber || "._+-".contains($0)) }
      .contains { hidden.contains(String($0)) }
  }
}
