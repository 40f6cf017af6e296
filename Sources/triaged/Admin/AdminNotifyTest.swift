import Foundation
import Notify
import Transfer
import Triage

/// What is asked for with `notify test`.
struct NotifyTestWish: Codable, Sendable {
  /// The address of a member or of the admin.
  var to: String
  /// `nil`: the one by which they are told.
  var channel: String?
}

extension AdminOffice {
  /// Sends a digest of invented content through a real channel, and says what the other side said.
  ///
  /// It is marked as a test in its first word, its links lead nowhere, and nothing of it is written down.
  /// - Throws: a refusal where it is not for a member or the admin, or where it was not accepted.
  func notifyTest(_ wish: NotifyTestWish, now: Date) async throws -> Done {
    guard let recipient = testRecipient(wish.to) else {
      throw AdminRefusal(
        .misuse,
        "This address is no member's (team.yaml) and not the admin's (triaged.yaml); a test goes to nobody else."
      )
    }
    let name = wish.channel ?? recipient.channel
    guard let channel = configuration.channels[name] else {
      throw AdminRefusal(
        .unknown, thereIsNo("channel", name, among: configuration.channels.keys.sorted()))
    }
    let nowhere = "https://test.invalid"
    var digest = inventedDigest(
      to: recipient, channel: name, id: UUID().uuidString.lowercased(),
      link: nowhere + "/this-is-a-test-", now: now)
    digest.isTest = true
    for at in digest.items.indices {
      digest.items[at].note = "This is a test: nothing of it is true, and its links lead nowhere"
    }
    var identity = configuration.mail
    identity.serviceName = "TEST of \(identity.serviceName)"
    identity.publicURL = nowhere
    let transferrer = Transferrer(threads: 1)
    let result: Result<Notify.Receipt, DeliveryError>
    do throws(DeliveryError) {
      result = .success(
        try await channel.send(
          Delivery(
            .digest(digest), identity: identity, wording: configuration.wording, now: now),
          via: transferrer))
    } catch {
      result = .failure(error)
    }
    await transferrer.shutdown()
    switch result {
    case .success(let receipt):
      let said = [receipt.code.map(String.init), receipt.words.isEmpty ? nil : receipt.words]
        .compactMap(\.self).joined(separator: " ")
      return Done(
        done: "The test was accepted through '\(name)'"
          + (said.isEmpty ? "." : "; the other side said: \(said)"))
    case .failure(let error):
      throw AdminRefusal(
        .conflict,
        "The test was not accepted through '\(name)': \(error.why)"
          + (error.permanent ? "" : " A real mail would be tried again."))
    }
  }

  private func testRecipient(_ address: String) -> Member? {
    let wanted = address.lowercased()
    if let member = configuration.team.members.first(where: { $0.email.lowercased() == wanted }) {
      return member
    }
    return configuration.admin.flatMap { admin in
      admin.email.lowercased() == wanted
        ? Member(
          id: "admin", name: admin.name, agency: "", email: admin.email, channel: admin.channel)
        : nil
    }
  }
}
