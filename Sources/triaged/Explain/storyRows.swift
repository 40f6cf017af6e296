import Foundation
import Triage

/// The jobs of a story, newest first. Of two households no row says whose it is, and a complaint bears no
/// reference: by it the council's record would tell who made it.
/// - Parameter isJoint: two households were joined, though they may be judged apart by now.
func storyRows(
  _ accounts: [AddressAccount], _ jobs: [Job], _ rules: Rules, isJoint: Bool
) -> [OpportunityStory.Row] {
  let byID = Dictionary(jobs.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
  func isSecret(_ account: AddressAccount.JobAccount) -> Bool {
    guard isJoint else { return false }
    guard account.household != nil, let job = byID[account.job] else { return true }
    return job.otherParty != nil || rules.type(of: job)?.isComplaint ?? false
  }
  var seen: Set<JobRef> = []
  return accounts.flatMap(\.jobs).filter { seen.insert($0.job).inserted }
    .sorted { ($0.received ?? .distantPast) > ($1.received ?? .distantPast) }
    .map { account in
      OpportunityStory.Row(
        feed: account.job.feed, reference: isSecret(account) ? nil : account.job.reference,
        type: account.type.isEmpty ? "without a type" : plainLine(account.type),
        received: account.received, closed: account.closed, sentence: account.sentence)
    }
}
