import Foundation
import Notify
import TestServers
import Testing
import Triage

/// The mails as they are, reviewed as a diff: `TRIAGED_UPDATE_GOLDEN=1 swift test` writes them anew.
@Suite struct GoldenTests {
  @Test("The mail, its text and its HTML are the reviewed ones", arguments: [1, 3, 40])
  func golden(count: Int) async throws {
    let message = try render(sampleDigest(count), identity: identity, wording: .builtIn)
    let mail = try #require(try await readMails([message.bytes]).first)
    #expect(mail.defects == [])
    try compare("\(count).eml", Data(message.bytes))
    try compare("\(count).txt", Data(#require(mail.text).utf8))
    try compare("\(count).html", Data(#require(mail.html).utf8))
  }

  @Test("Text and HTML say the same words and have the same links", arguments: [1, 3, 40])
  func sameInBoth(count: Int) async throws {
    let digest = try sampleDigest(count)
    let message = try render(digest, identity: identity, wording: .builtIn)
    let mail = try #require(try await readMails([message.bytes]).first)
    #expect(mail.htmlWords == mail.textWords)
    #expect(mail.textLinks == digest.items.map(\.link))
    #expect(mail.htmlLinks?.map { $0[0] } == digest.items.map(\.link))
    #expect(Set(try #require(mail.htmlLinks).map { $0[1] }).count == count)
  }

  @Test(
    "A digest of a set time, its text and its HTML are the reviewed ones", arguments: [0, 1, 3, 40])
  func slots(count: Int) async throws {
    let digest = try slotDigest(count, isPack: count == 1)
    let message = try render(digest, identity: identity, wording: .builtIn)
    let mail = try #require(try await readMails([message.bytes]).first)
    #expect(mail.defects == [])
    #expect(mail.htmlWords == mail.textWords)
    let links = digest.items.map(\.link) + [identity.publicURL]
    #expect(mail.textLinks == links)
    #expect(mail.htmlLinks?.map { $0[0] } == links)
    #expect(Set(try #require(mail.htmlLinks).map { $0[1] }).count == count + 1)
    try compare("slot-\(count).eml", Data(message.bytes))
    try compare("slot-\(count).txt", Data(#require(mail.text).utf8))
    try compare("slot-\(count).html", Data(#require(mail.html).utf8))
  }
}
