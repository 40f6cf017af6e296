import Foundation
import Triage

/// The jobs of a story, newest first, without those that may be for safeguarding: the page names the place, and
/// whom to tell of them their own mail says.
/// - Parameter isSecret: complaints went both ways between its address and another: they are left out, since by
///   a reference or a date anybody could tell who complained about whom.
func storyRows(
  _ accounts: [AddressAccount], _ jobs: [Job], _ rules: Rules, isSecret: Bool
) -> [OpportunityStory.Row] {
  let byID = Dictionary(jobs.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
  func isShown(_ account: AddressAccount.JobAccount) -> Bool {
    guard let job = byID[account.job], !rules.showsOtherDoor(job) else { return false }
    return !isSecret || (account.household != nil && !isAboutSomebodyElse(job, rules))
  }
  var seen: Set<JobRef> = []
  return accounts.flatMap(\.jobs).filter { seen.insert($0.job).inserted && isShown($0) }
    .sorted { ($0.received ?? .distantPast) > ($1.received ?? .distantPast) }
    .map { account in
      OpportunityStory.Row(
        feed: account.job.feed, reference: account.job.reference,
        type: account.type.isEmpty ? "without a type" : plainLine(account.type),
        received: account.received, closed: account.closed,
        sentence: account.standing == .noOpportunity(why: .safeguardedAddress)
          ? "Nothing is made of it for the time being." : account.sentence)
    }
}

/// A complaint about another household.
func isAboutSomebodyElse(_ job: Job, _ rules: Rules) -> Bool {
  job.otherParty != nil || rules.type(of: job)?.isComplaint == true
}

/// What is said in the place of the complaints of two households.
let complaintsLeftOut =
  "Complaints went both ways between this address and another: they are not listed here."
