import Foundation
import Triage

/// The picture of an edit as a file: alone, or on a page with the words beside it.
struct EffectsFile {
  enum Kind: String {
    case svg, html, png

    init?(_ path: String) {
      guard let end = path.lastIndex(of: "."),
        let kind = Kind(rawValue: path[end...].dropFirst().lowercased())
      else { return nil }
      self = kind
    }
  }

  let effects: AreaEffects

  init(_ effects: AreaEffects) { self.effects = effects }

  /// - Throws: ``StartError``, a sentence.
  func write(to path: String) throws {
    let picture = effects.picture ?? ""
    let bytes: [UInt8]
    switch Kind(path) {
    case .svg: bytes = Array(picture.utf8)
    case .html, nil: bytes = Array(page(picture).utf8)
    case .png:
      let made = noticePicture(picture, alternative: "")
      guard made.format == .png else {
        throw StartError(
          "A PNG cannot be made here: it needs rsvg-convert (apt-get install librsvg2-bin). Ask for .svg."
        )
      }
      bytes = made.bytes
    }
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw StartError("The picture cannot be written to \(path).")
    }
  }

  private func page(_ picture: String) -> String {
    let text = AreaEffectsText(effects: effects, isDone: false, most: 200)
    var html = Markup()
    html.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
    html.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
    html.add("title", "", "What the edit of the areas would change")
    html.raw("<style>\(reportStyle)</style></head><body>\n")
    html.add("h1", "", "What the edit of the areas would change")
    for sentence in [text.summary, text.kept].compactMap(\.self) { html.add("p", "", sentence) }
    html.raw("<figure>\(picture)</figure>\n")
    for block in text.blocks {
      html.add("h2", "", block.heading)
      html.open("ul")
      for line in block.lines { html.add("li", "", line) }
      html.close("ul")
    }
    for sentence in [text.others, text.reach, text.basis].compactMap(\.self) {
      html.add("p", "class=\"quiet\"", sentence)
    }
    html.raw("</body></html>\n")
    return html.text
  }
}
