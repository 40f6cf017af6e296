import Foundation
import Testing
import Triage

/// Two spellings, and whether a person who knows the place says that they are one dwelling.
struct AddressPair: Sendable, CustomTestStringConvertible {
  var isSame: Bool
  var one: String
  var other: String
  var rule: String

  var testDescription: String {
    "\(one) \(isSame ? "=" : "≠") \(other) (\(rule))"
  }

  /// The table of `Fixtures/address-pairs.tsv`, written by hand; `\n` stands for a line end.
  static let table: [AddressPair] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/address-pairs.tsv")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { $0.replacingOccurrences(of: "\\n", with: "\n") }
      return AddressPair(
        isSame: cells[0] == "same", one: cells[1], other: cells[2], rule: cells[3])
    }
  }()
}

@Suite("Pairs of addresses")
struct AddressPairTests {
  @Test("The table has at least three hundred pairs, of both kinds")
  func size() {
    #expect(AddressPair.table.count >= 300)
    #expect(AddressPair.table.filter { !$0.isSame }.count >= 100)
  }

  @Test("A pair is one dwelling or two, as the table says", arguments: AddressPair.table)
  func pair(_ pair: AddressPair) {
    let (one, other) = (key(pair.one), key(pair.other))
    #expect((one == other) == pair.isSame, "\(one ?? "none") and \(other ?? "none")")
  }

  /// `nil`, told apart from everything, where no dwelling can be made out.
  private func key(_ text: String) -> String? {
    let place = Place(address: text)
    return AddressKey(place)?.text ?? "none:" + text
  }
}
