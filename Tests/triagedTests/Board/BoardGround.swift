import Crypto
import Foundation
import Logging
import Storage
import Synchronization
import Testing
import Transfer
import Triage
import Web

@testable import triaged

/// The board's desk and the deliver loop over a watched feed, at instants that the test gives.
final class BoardGround {
  let feed: WatchedFeed
  let configuration: Configuration
  private let links = Links(key: SymmetricKey(size: .bits256), publicURL: "http://127.0.0.1:8480")
  private let transferrer = Transferrer(threads: 1)
  static let now = WatchedFeed.monday
  /// What the browser has from asking.
  static let browser = "the-secret-of-one-browser-1"

  /// How long each answer rested, in place of resting.
  let rests = Rests()

  final class Rests: Sendable {
    private let kept = Mutex<[Duration]>([])
    var all: [Duration] { kept.withLock { $0 } }
    func add(_ duration: Duration) { kept.withLock { $0.append(duration) } }
  }

  init(_ edits: (_ config: String) throws -> Void = { _ in }) async throws {
    feed = try WatchedFeed()
    try edits(feed.config)
    try feed.restart()
    configuration = await feed.poller.configuration
  }

  static func with(
    _ edits: (_ config: String) throws -> Void = { _ in },
    _ body: (BoardGround) async throws -> Void
  ) async throws {
    let ground = try await BoardGround(edits)
    try await body(ground)
    await ground.transferrer.shutdown()
    try await ground.feed.end()
  }

  func desk(at now: Date = BoardGround.now) async -> BoardDesk {
    let live = await feed.poller.live
    let office = AdminOffice(
      configuration: configuration, store: feed.store, live: live, poller: feed.poller,
      meters: Meters(), effector: await feed.effector(),
      replayer: RuleReplayer(configuration, store: feed.store, live: live),
      matterSources: matterSources(configuration, live: live, store: feed.store),
      started: BoardGround.now)
    let rests = rests
    return boardDesk(
      configuration, store: feed.store, live: live, links: links, office: office,
      readiness: { Readiness(checks: []) },
      logger: Logger(label: "test") { [feed] _ in
        feed.journal.handler
      }, pace: SteadyPace(rest: { rests.add($0) }), clock: { now })
  }

  /// One round of the deliver loop.
  func deliver(at now: Date = BoardGround.now) async throws {
    try await Deliverer(
      configuration: configuration, store: feed.store, live: await feed.poller.live,
      transferrer: transferrer, links: links, logger: Logger(label: "test"),
      facts: { _, _ in [] }
    ).round(now: now, mayAnnounce: true)
  }

  /// Whole mails as they lie in the folder, soft line breaks taken out.
  var mails: [String] {
    get throws {
      let folder = feed.folder.path + "/state/mail/new"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return try names.sorted().map {
        try text(of: folder + "/" + $0).replacingOccurrences(of: "=\r\n", with: "")
      }
    }
  }

  /// Asks for a link and takes it from the mail.
  func token(_ email: String, at now: Date = BoardGround.now) async throws -> String {
    let before = Set(try mails)
    _ = try await desk(at: now).ask(email, Self.browser, Visitor())
    try await deliver(at: now)
    let tokens = try mails.filter { !before.contains($0) }.compactMap { mail in
      mail.firstMatch(of: /\/sign-in\/([A-Za-z0-9_-]{20,})/)?.output.1
    }
    return String(try #require(tokens.first, "no mail with a link came"))
  }

  /// Signs in by mail.
  func signIn(_ email: String, at now: Date = BoardGround.now) async throws -> NewSession {
    let token = try await token(email, at: now)
    return try await desk(at: now).enter(token, SignInPress(browser: Self.browser), Visitor())
  }

  func signedIn(_ email: String, at now: Date = BoardGround.now) async throws -> SignedIn {
    let session = try await signIn(email, at: now)
    return try await desk(at: now).who(session.secret, Visitor())
  }
}
