import FlareImport

/// What must hold of every list of records. The bytes are the whole file, read in one given format so
/// that none of them is spent on being refused.
package final class RecordInvariants {
  private let list: ListInvariants

  private init(_ settings: FeedSettings, _ format: ListFormat) {
    var settings = settings
    settings.format = format
    list = ListInvariants(settings)
  }

  package static func json() -> RecordInvariants { RecordInvariants(.fuzzed, .json) }
  package static func xml() -> RecordInvariants { RecordInvariants(.fuzzedRequests, .xml) }

  /// - Returns: a sentence on the first promise that is broken.
  package func broken(by bytes: UnsafeRawBufferPointer) -> String? { list.broken(by: bytes) }
}
