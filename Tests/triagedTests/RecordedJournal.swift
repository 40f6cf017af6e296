import Logging
import Synchronization

/// What a daemon says in its journal, for a test to look at: the sentence, then `key=value` pairs.
final class RecordedJournal: Sendable {
  private let recorded = Mutex<[String]>([])
  private let hearer = Mutex<@Sendable (String) -> Void>({ _ in })

  var lines: [String] { recorded.withLock { $0 } }

  /// Called with each line from now on, before who says it goes on.
  func hear(_ hearer: @escaping @Sendable (String) -> Void) {
    self.hearer.withLock { $0 = hearer }
  }

  var handler: any LogHandler { Handler(journal: self) }

  private struct Handler: LogHandler {
    let journal: RecordedJournal
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
      let pairs = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      let line = (["\(event.message)"] + pairs).joined(separator: " ")
      journal.recorded.withLock { $0.append(line) }
      let hear = journal.hearer.withLock { $0 }
      hear(line)
    }
  }
}
