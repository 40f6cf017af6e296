import FlareImport
import Foundation
import Storage
import Triage

/// What is asked about feeds and done with their lists.
extension AdminOffice {
  var feedStandings: FeedStandings {
    FeedStandings(
      configuration: configuration, store: store, failures: poller.failures, started: started)
  }

  /// - Parameter limit: so many of its last imports and episodes.
  func account(of name: String, limit: Int, now: Date) async throws -> FeedAccount {
    let inputs = await live.inForce(now: now)
    guard
      let standing = try await feedStandings.all(inputs, now: now).first(where: {
        $0.status.name == name
      })
    else { throw unknown(name) }
    return FeedAccount(
      now: now, feed: standing,
      imports: try await store.reports(feed: name, limit: limit).map {
        .init(
          at: $0.at, name: $0.source, bytes: $0.bytes, sha256: $0.sha256, report: $0.report)
      },
      episodes: try await store.episodes(feed: name, limit: limit),
      refused: FeedMemory(try await store.feedState(name)).refused.reversed().prefix(limit).map {
        .init(name: $0.name, received: $0.received, trouble: $0.trouble, archived: $0.archived)
      })
  }

  /// Takes the list that is held. - Returns: what it did, as a sentence.
  /// - Parameter list: which one is meant, see ``Poller/accept(_:list:now:)``.
  func accept(_ name: String, list: String?, now: Date) async throws -> Done {
    try known(name)
    return Done(done: try await asked { try await poller.accept(name, list: list, now: now) })
  }

  /// Reads a file again that was archived, or that somebody has brought.
  /// - Parameter file: a name in the feed's archive, or an absolute path.
  func replay(_ file: String, feed name: String, now: Date) async throws -> Done {
    try known(name)
    let isPath = file.contains("/")
    if isPath, !file.hasPrefix("/") {
      throw AdminRefusal(.misuse, "The path of the list must begin with a slash.")
    }
    if isPath, !FileManager.default.isReadableFile(atPath: file) {
      throw AdminRefusal(
        .unknown, "The list \(file) is not there, or the daemon's user may not read it.")
    }
    let report = try await asked { try await poller.replay(file, feed: name, now: now) }
    // Its rows were taken.
    let held = report.heldBecause.isEmpty ? "" : " It is held: \(report.heldBecause)"
    return Done(done: "\(report.source) was read again for \(name): \(sentence(report))\(held)")
  }

  /// What the poll loop refuses is a sentence for who asked.
  private func asked<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    do {
      return try await body()
    } catch let error as FeedRefusal {
      throw AdminRefusal(.conflict, error.description)
    } catch let error as ImportError {
      throw AdminRefusal(.conflict, "\(error.why) \(error.next)")
    }
  }

  private func known(_ name: String) throws {
    if !configuration.feeds.contains(where: { $0.name == name }) { throw unknown(name) }
  }

  private func unknown(_ name: String) -> AdminRefusal {
    AdminRefusal(.unknown, thereIsNo("feed", name, among: configuration.feeds.map(\.name)))
  }
}
