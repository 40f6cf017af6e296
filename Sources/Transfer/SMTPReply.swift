/// The last line that a relay said, fit for an error sentence: servers like to repeat addresses and
/// links with tokens in what they say.
final class SMTPReply {
  private var last = ""
  private let hidden: [String]

  /// - Parameter addresses: these, and the part of each before the `@`, are taken out.
  init(hiding addresses: [String]) {
    hidden = addresses.flatMap { address in
      [address, String(address.prefix { $0 != "@" })].map { $0.lowercased() }
    }.filter { $0.count > 1 }
  }

  func take(_ line: UnsafeRawBufferPointer) {
    last = String(decoding: line.prefix(1000), as: UTF8.self)
  }

  /// One line without controls, addresses or queries of links, at most 200 characters.
  var text: String {
    let words = last.split { $0.isWhitespace || $0.isNewline }.map { word -> String in
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
