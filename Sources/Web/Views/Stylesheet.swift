import Crypto
import Foundation

/// The one stylesheet (`Resources/style.css`), inline in every page so that a page is one request, and
/// named by its hash in the content security policy.
///
/// After the principles of the GOV.UK Service Manual: one column, 19 px, targets of 44 px, focus
/// always seen, meaning never by colour alone. Contrast is 4.5:1 or better in both schemes.
enum Stylesheet {
  static let text = String(decoding: PackageResources.style_css, as: UTF8.self)

  static let hash = hash(of: text)

  /// As a content security policy names the content of a style element (CSP level 3, section 2.3.1).
  static func hash(of text: String) -> String {
    "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }
}
