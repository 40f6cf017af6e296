import Foundation
import Logging
import Storage
import Triage

/// Says what is the matter with the instance: in the journal and by mail when it begins and, where that is
/// news, when it is over. What is open is in the database, so a kill or a restart tells nothing twice.
actor MatterWatch {
  private let configuration: Configuration
  private let store: Store
  private let sources: [MatterSource]
  private let logger: Logger
  /// What was written down last, so that a round without news writes nothing; and when, since what may not be told
  /// yet may be told later.
  private var noted: (matters: [Matter], unseen: Set<Matter.Kind>, at: Date)?

  init(
    _ configuration: Configuration, store: Store, sources: [MatterSource], logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.sources = sources
    self.logger = logger
  }

  func round(now: Date) async throws {
    var current: [Matter] = []
    var unseen: Set<Matter.Kind> = []
    for source in sources {
      let look = try await source.look(now)
      current += look.matters
      unseen.formUnion(look.unseen)
    }
    if let noted, noted.matters == current, noted.unseen == unseen,
      (0..<3600).contains(now.timeIntervalSince(noted.at))
    {
      return
    }
    let (configuration, instance) = (configuration, configuration.instance)
    let words = CivilWords(zone: configuration.timeZone, now: now)
    let change = try await store.noteMatters(
      current, unseen: unseen, now: now,
      begins: { matter in
        configuration.contact(for: matter).map {
          .matterBegins(
            matter, id: UUID().uuidString.lowercased(), to: $0, instance: instance, words: words)
        }
      },
      over: { stored in
        configuration.contact(for: stored.matter).map {
          .matterOver(
            stored.matter, began: stored.began, id: UUID().uuidString.lowercased(), to: $0,
            instance: instance, words: words)
        }
      })
    noted = (current, unseen, now)
    for matter in change.began + change.grew {
      // What is only to be known, or to be seen to in time, wakes nobody.
      logger.log(
        level: matter.kind.isWrong ? .error : .warning, "Something is the matter.",
        metadata: [
          "matter": "\(matter.kind.rawValue)", "of": "\(matter.subject)",
          "why": "\(matter.sentence)", "look": "\(matter.kind.command)",
        ])
    }
    for stored in change.ended {
      logger.notice(
        "A matter is over.",
        metadata: [
          "matter": "\(stored.matter.kind.rawValue)", "of": "\(stored.matter.subject)",
        ])
    }
  }
}
