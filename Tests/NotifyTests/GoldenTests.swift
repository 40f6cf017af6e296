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
}
