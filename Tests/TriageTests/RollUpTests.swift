import Foundation
import Testing
import Triage

@Suite("Roll-up by UPRN")
struct RollUpTests {
  private let written = AddressKey(text: "addr:|12|LARKSPUR ROAD|NG179CM")
  private let uprn = AddressKey(text: "uprn:100031234")

  @Test(
    "A written address that a job bears together with one UPRN is that UPRN's, for all its jobs")
  func alias() {
    let verdict = judge([
      job("1", address: "12, Larkspur Rd"), job("2", uprn: "100031234"),
      job("3", uprn: "100031234", address: "The annexe, Larkspur"),
    ])
    #expect(verdict.addresses == [uprn, uprn, uprn])
    #expect(verdict.aliases[written] == uprn)
    #expect(verdict.opportunities.map { $0.jobs.count } == [3])
  }

  @Test("Borne together with two UPRNs it is neither's: two flats that a list writes alike")
  func ambiguous() {
    let verdict = judge([
      job("1"), job("2", uprn: "100031234"), job("3", uprn: "100031235"),
    ])
    #expect(verdict.addresses == [written, uprn, AddressKey(text: "uprn:100031235")])
    #expect(verdict.aliases.isEmpty)
    #expect(verdict.opportunities.count == 3)
  }

  @Test(
    "What is open under a written address is told its UPRN though no job bears the address alone any more"
  )
  func openBefore() {
    let now = [job("1", uprn: "100031234")]
    #expect(judge(now).aliases.isEmpty)
    #expect(judge(now, open: [written: .claimed]).aliases == [written: uprn])
  }

  @Test("The register is asked for every place that any job of the address names")
  func everyPlace() {
    var register = Register()
    register.add(.doNotContact, uprn: "", address: "5 Heron Close", postcode: "S1 2AB")
    let jobs = [
      job("1", uprn: "100031234"),
      job(
        "2", type: "Noise", daysAgo: 200, uprn: "100031234", address: "5 Heron Close",
        postcode: "S1 2AB"),
    ]
    #expect(judge(jobs, register: register).standings[0] == .noOpportunity(why: .doNotContact))
  }

  @Test("A complaint names the other household by its address or by its UPRN")
  func otherParty() {
    var rules = rules
    rules.types[2].isComplaint = true
    rules.signals.reciprocal = Reciprocal(points: 40, name: "Two", reason: "Both ways.")
    for print in [written.print, uprn.print] {
      var one = job("1", type: "Noise", uprn: "100031234")
      one.otherParty = AddressKey(text: "uprn:7").print
      var other = job("2", type: "Noise", uprn: "7", address: "14 Larkspur Road")
      other.otherParty = print
      let only = judge([one, other], rules: rules).opportunities.first
      #expect(only?.address == uprn && only?.second?.address.text == "uprn:7")
    }
  }
}
