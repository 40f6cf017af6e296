import Triage

/// Why a list could not be read to its end.
enum ReadTrouble: Error {
  /// It began as UTF-8 and is not: read it again, as windows-1252.
  case notUTF8
  /// `errno` of a failed read.
  case system(Int32)
  case longerThanAllowed
  /// No list, or not the list that the feed's settings describe. A reader that does not know the
  /// feed leaves its name empty.
  case refused(ImportError)

  /// - Parameter why: a sentence about the file ("It is a PDF file.").
  static func noList(_ why: String, next: String? = nil) -> ReadTrouble {
    .refused(
      ImportError(
        feed: "", why: "The export cannot be read. \(why)",
        next: next ?? "The last good list stays in force; look at what the export job wrote."))
  }
}
