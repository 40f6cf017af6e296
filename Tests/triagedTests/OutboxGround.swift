import Foundation
import Logging
import Notify
import Storage
import Testing
import Transfer
import Triage

@testable import triaged

/// What the tests of the outbox ask of a ``Counter``.
extension Counter {
  /// Ann and Bob lead New Cross, and the week has places for all.
  func leadTogether() async throws {
    try edit(feed.config + "/team.yaml", "leaders: [ann]", "leaders: [ann, bob]")
    try await placesForAll()
  }

  /// The week of New Cross has places for all.
  func placesForAll() async throws {
    try edit(feed.config + "/team.yaml", "weekly_capacity: 5", "weekly_capacity: 5000")
    try feed.restart()
    configuration = await feed.poller.configuration
  }

  /// A relay that nobody can reach.
  static func downRelay() throws -> Channel {
    .smtp(
      SMTPSettings(
        relay: MailRelay(
          host: "127.0.0.1", port: try freePort(), security: .plainForTestsOnly,
          ehloName: "localhost")))
  }

  /// A channel that takes everything into a folder of that name.
  func folderChannel(_ name: String) -> Channel {
    .maildir(MaildirSettings(path: feed.folder.path + "/state/" + name))
  }

  /// Mails in such a folder, soft line breaks taken out.
  func mails(in name: String) throws -> [String] {
    let folder = feed.folder.path + "/state/\(name)/new"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.sorted().map {
      try text(of: folder + "/" + $0).replacingOccurrences(of: "=\r\n", with: "")
    }
  }

  /// By recipient and opportunity, in how many accepted mails it is.
  func told() async throws -> [String: [Int64: Int]] {
    var told: [String: [Int64: Int]] = [:]
    for mail in try mails {
      let tokens = Set(mail.matches(of: /\/c\/([A-Za-z0-9_-]{20,})/).map { String($0.output.1) })
      for token in tokens {
        let link = try #require(try await feed.store.link(hash: Links.hash(token)))
        told[link.recipient, default: [:]][link.opportunity, default: 0] += 1
      }
    }
    return told
  }

  /// The ids of what can be claimed.
  func open() async throws -> Set<Int64> {
    Set(
      try await feed.store.openOpportunities().filter { $0.state == .offered }.map(\.id))
  }

  func matterWatch(_ journal: RecordedJournal = RecordedJournal()) async -> MatterWatch {
    MatterWatch(
      configuration, store: feed.store,
      sources: matterSources(configuration, live: await feed.poller.live, store: feed.store),
      logger: Logger(label: "test") { _ in journal.handler })
  }

  func office() async -> AdminOffice {
    let live = await feed.poller.live
    return AdminOffice(
      configuration: configuration, store: feed.store, live: live, poller: feed.poller,
      meters: Meters(), effector: await feed.effector(),
      replayer: RuleReplayer(configuration, store: feed.store, live: live),
      matterSources: matterSources(configuration, live: live, store: feed.store),
      started: Counter.now, bounces: bounceDesk())
  }

  func bounceDesk(
    _ tally: BounceTally = BounceTally(), _ journal: RecordedJournal = RecordedJournal()
  ) -> BounceDesk {
    BounceDesk(
      configuration: configuration, store: feed.store, tally: tally,
      logger: Logger(label: "test") { _ in journal.handler })
  }
}
