import Foundation
import Triage

/// A notice's picture as its mail bears it.
struct MailPicture {
  let picture: NoticePicture
  /// Whether it goes along; what does not is told in words alone.
  let isSent: Bool
  /// Without its angle brackets.
  let contentID: String
  let fileName: String
  /// What both parts of the mail say of it, on one line.
  let caption: String

  /// Bytes that the pictures of one mail may have together, before base64 makes a third more of them: many
  /// relays take no mail above 10 MB, and few people like one above 3.
  static let mostBytes = 2_000_000
  /// Pixels in which it is shown: the column of a mail is 600 wide.
  static let width = 560
  private static let longestCaption = 1500

  /// In their order, with those left out that would make the mail too large.
  static func of(_ notice: Notice, _ identity: MailIdentity) -> [MailPicture] {
    var left = mostBytes
    return notice.pictures.enumerated().map { at, picture in
      let isSent = !picture.bytes.isEmpty && picture.bytes.count <= left
      if isSent { left -= picture.bytes.count }
      let number = at + 1
      let name =
        "areas" + (notice.pictures.count > 1 ? "-\(number)" : "") + ".\(picture.format.rawValue)"
      let what =
        !isSent
        ? "A picture does not go along, since it is too large for a mail. It would show"
        : picture.format == .png ? "The picture shows" : "The attached \(name) shows"
      var words = oneLine(picture.alternative)
      if words.count > longestCaption { words = String(words.prefix(longestCaption)) + "…" }
      return MailPicture(
        picture: picture, isSent: isSent,
        contentID: "picture\(number).\(notice.id)@\(identity.messageIDDomain)", fileName: name,
        caption: words.isEmpty ? "\(what) the areas." : "\(what): \(words)")
    }
  }

  /// Header fields and body, in base64 with lines of 76 characters (RFC 2045, 6.8).
  var part: String {
    let (type, isShown) =
      switch picture.format {
      case .png: ("image/png", true)
      case .svg: ("image/svg+xml", false)
      }
    let name = "filename=\"\(fileName)\""
    return headerField("Content-Type", tokens: [type])
      + headerField("Content-Transfer-Encoding", tokens: ["base64"])
      + (isShown ? headerField("Content-ID", tokens: ["<\(contentID)>"]) : "")
      + headerField(
        "Content-Disposition", tokens: [isShown ? "inline;" : "attachment;", name])
      + "\r\n"
      + Data(picture.bytes).base64EncodedString(options: [
        .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
      ]) + "\r\n"
  }
}
