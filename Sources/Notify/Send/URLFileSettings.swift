import Triage

/// A channel whose address is its own secret.
package struct URLFileSettings: Hashable, Sendable {
  /// The address is on the first line of this file, read at every attempt.
  package var urlFile: String
  package var posting: PostingSettings

  package init(urlFile: String, posting: PostingSettings) {
    self.urlFile = urlFile
    self.posting = posting
  }

  /// - Parameter whom: "the Slack channel", for the sentence of an error.
  func url(of whom: String) throws(DeliveryError) -> String {
    try secret(urlFile, "address", for: whom)
  }
}
