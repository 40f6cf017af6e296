import Foundation
import Storage
import Triage

/// One matter for each channel through which something failed for good. People are called by their ids.
func deadLetterMatters(_ dead: [OutboxMessage], _ configuration: Configuration) -> [Matter] {
  Dictionary(grouping: dead, by: \.channel).sorted { $0.key < $1.key }.map { channel, messages in
    let whom = Set(messages.map(configuration.whom)).sorted()
    let those = messages.count == 1 ? "was not delivered and is" : "were not delivered and are"
    let latest = messages.compactMap { $0.last?.at }.max().map {
      CivilDay($0, in: configuration.timeZone).description
    }
    return Matter(
      .deadLetter, of: channel,
      "\(CivilWords.counted(messages.count, "message")) through the channel \(channel) \(those) not tried "
        + "again, to \(listed(whom)).",
      extent: Matter.Extent(count: messages.count, latest: latest ?? ""))
  }
}

/// One matter for each channel through which messages have been tried in vain for some time.
func deferralMatters(
  _ lasting: [String: (since: Date, messages: Int)], _ words: CivilWords
) -> [Matter] {
  lasting.sorted { $0.key < $1.key }.map { channel, trouble in
    let those = trouble.messages == 1 ? "has" : "have"
    return Matter(
      .mailDeferred, of: channel,
      "\(CivilWords.counted(trouble.messages, "message")) through the channel \(channel) \(those) been tried in "
        + "vain since \(words.fullMoment(trouble.since)), and will be tried again.")
  }
}

/// "ann, bob and 3 more".
private func listed(_ names: [String]) -> String {
  let most = 5
  if names.count > most {
    return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
  }
  guard let last = names.last, names.count > 1 else { return names.joined() }
  return names.dropLast().joined(separator: ", ") + " and " + last
}
