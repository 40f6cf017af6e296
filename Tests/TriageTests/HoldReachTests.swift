import Foundation
import Testing
import Triage

/// What held an address yesterday holds it today, though the roll-up lost its UPRN meanwhile.
@Suite("Holds and the roll-up")
struct HoldReachTests {
  /// A written address whose UPRN is not certain any more, or not for the roll-up.
  enum Loss: CaseIterable {
    case secondUPRN, onTrial, ended, none
  }

  private func verdict(
    _ jobs: [Job], _ loss: Loss, rules: Rules = agreed, register: Register = Register()
  ) -> Verdict {
    var jobs = jobs
    if loss == .secondUPRN { jobs.append(job("2nd", type: "Noise", uprn: "77")) }
    return triage(
      TriageInput(
        jobs: jobs, rules: rules, register: register, team: team(), now: now,
        today: CivilDay(now, in: .gmt), shadowFeeds: loss == .onTrial ? ["other"] : [],
        endedFeeds: loss == .ended ? ["other"] : []))
  }

  private func elsewhere(_ reference: String, type: String = "Noise", uprn: String = "5") -> Job {
    let like = job(reference, type: type, daysAgo: 20, uprn: uprn)
    return Job(
      id: JobRef(feed: "other", reference: reference), received: like.received, status: "Open",
      jobClass: "Waste", type: like.type, place: like.place, area: like.area)
  }

  @Test("An entry of the register by UPRN alone", arguments: Loss.allCases)
  func register(loss: Loss) {
    var register = Register()
    register.add(.doNotContact, uprn: "5", address: "", postcode: "")
    let verdict = verdict([job("1"), elsewhere("bears")], loss, register: register)
    #expect(verdict.standings[0] == .noOpportunity(why: .doNotContact))
    #expect(verdict.opportunities.isEmpty)
  }

  @Test("A job for safeguarding that bears the UPRN", arguments: [Loss.secondUPRN, .ended, .none])
  func safeguarding(loss: Loss) {
    let verdict = verdict([job("1"), elsewhere("harm", type: "Noise harm")], loss)
    #expect(verdict.standings[0] == .noOpportunity(why: .safeguardedAddress))
    #expect(verdict.standings[1] == .noOpportunity(why: .safeguarding))
    // The agreement's end lets nobody be told of it any more.
    #expect(verdict.safeguarding.count == (loss == .ended ? 0 : 1))
  }

  @Test("A job for safeguarding that bears the written address alone", arguments: Loss.allCases)
  func written(loss: Loss) {
    let bears = elsewhere("bears")
    var lane = job("1", uprn: "5")
    lane.place.address = "The annexe, Larkspur"
    let verdict = verdict([lane, job("harm", type: "Noise harm"), bears], loss)
    #expect(verdict.standings[0] == .noOpportunity(why: .safeguardedAddress))
  }

  @Test(
    "A UPRN that is written in two ways holds what bears either of them alone",
    arguments: Loss.allCases, [true, false])
  func twoSpellings(loss: Loss, bySafeguarding: Bool) {
    let type = bySafeguarding ? "Noise harm" : "Noise"
    let cottage = job("cottage", type: type, uprn: "5", address: "Rose Cottage, Mill Lane")
    let alone = job("alone", address: "Rose Cottage, Mill Lane")
    var register = Register()
    if !bySafeguarding {
      register.add(
        .doNotContact, uprn: "", address: "Rose Cottage, Mill Lane", postcode: "NG17 9CM")
    }
    let verdict = verdict([job("1"), cottage, elsewhere("bears"), alone], loss, register: register)
    let why: NoOpportunity = bySafeguarding ? .safeguardedAddress : .doNotContact
    #expect(verdict.standings[0] == .noOpportunity(why: why))
    #expect(verdict.standings[3] == .noOpportunity(why: why))
    #expect(verdict.opportunities.isEmpty || loss == .secondUPRN)
  }

  @Test("Two UPRNs that are written alike are two dwellings: the one does not hold the other")
  func twoDwellings() {
    let verdict = verdict(
      [job("1", uprn: "6"), elsewhere("harm", type: "Noise harm")], .none)
    #expect(verdict.opportunities.map(\.address.text) == ["uprn:6"])
  }

  @Test(
    "A complaint for safeguarding about an address holds it as well as the caller's",
    arguments: ["", "14"], [true, false])
  func about(uprn: String, namedByUPRN: Bool) throws {
    let place = Place(address: "14 Larkspur Road", postcode: "NG17 9CM", uprn: uprn)
    var named = place
    if !namedByUPRN { named.uprn = "" }
    var complaint = job("1", type: "Noise harm")
    complaint.otherParty = try #require(AddressKey(named)).print
    let jobs = [
      complaint, job("2"), job("3", uprn: uprn, address: place.address),
      job("4", address: "16 Larkspur Road"),
    ]
    let verdict = judge(jobs, rules: agreed)
    #expect(
      verdict.standings == [
        .noOpportunity(why: .safeguarding), .noOpportunity(why: .safeguardedAddress),
        .noOpportunity(why: .safeguardedAddress), .inOpportunity,
      ])
    // For as many days as the rules say.
    complaint.received = daysAgo(91)
    #expect(judge([complaint] + jobs.dropFirst(), rules: agreed).opportunities.count == 3)
  }

  @Test("A caller whose own address cannot be told holds the other one nevertheless")
  func nowhere() throws {
    var complaint = job("1", type: "Noise harm", address: "")
    complaint.otherParty = try #require(AddressKey(job("2").place)).print
    #expect(judge([complaint, job("2")], rules: agreed).opportunities.isEmpty)
  }
}

private let agreed = {
  var agreed = rules
  agreed.safeguarding = Safeguarding(words: ["harm"], ring: "the hub", days: 90)
  return agreed
}()
