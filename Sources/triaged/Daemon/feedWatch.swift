import Foundation
import Logging
import Storage
import Triage

/// The keeper of the feeds' episodes, with the mails to the admin where one is named.
func feedWatch(
  _ configuration: Configuration, store: Store, health: FeedHealth, logger: Logger
) -> FeedWatch {
  let quiet = Dictionary(
    configuration.feeds.map { ($0.name, $0.hold.quiet) }, uniquingKeysWith: { one, _ in one })
  var watch = FeedWatch(
    store: store, health: health, quiet: { quiet[$0] ?? 3600 }, logger: logger)
  guard let admin = configuration.admin else { return watch }
  let (instance, zone) = (configuration.instance, configuration.timeZone)
  watch.begins = { episode, held in
    .begins(
      episode, held: held, id: UUID().uuidString.lowercased(), to: admin, instance: instance,
      words: CivilWords(zone: zone, now: episode.began))
  }
  watch.over = { episode in
    .over(
      episode, id: UUID().uuidString.lowercased(), to: admin, instance: instance,
      words: CivilWords(zone: zone, now: episode.ended ?? episode.began))
  }
  return watch
}
