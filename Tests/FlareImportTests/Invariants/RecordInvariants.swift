import FlareImport

/// What must hold of every list of records. The bytes are the whole file, read in one given format so
/// that none of them is spent on being refused.
package final class RecordInvariants {
  private let list: ListInvariants
  private let reader: ReaderInvariants
  private let everything: Bool

  private init(_ settings: FeedSettings, _ format: ListFormat, _ everything: Bool) {
    self.everything = everything
    var settings = settings
    settings.format = format
    list = ListInvariants(settings)
    reader = ReaderInvariants(format)
  }

  /// - Parameter everything: the whole import with every input, and not with some only.
  package static func json(everything: Bool = false) -> RecordInvariants {
    RecordInvariants(.fuzzed, .json, everything)
  }

  package static func xml(everything: Bool = false) -> RecordInvariants {
    RecordInvariants(.fuzzedRequests, .xml, everything)
  }

  /// - Returns: a sentence on the first promise that is broken.
  package func broken(by bytes: UnsafeRawBufferPointer) -> String? {
    reader.broken(by: bytes) ?? (everything || isChosen(bytes) ? list.broken(by: bytes) : nil)
  }
}
