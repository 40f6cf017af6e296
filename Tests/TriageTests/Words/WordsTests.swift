import Testing
import Triage

/// What of a foreign text may be shown, and which of a list's words may be named.
@Suite("Foreign words")
struct WordsTests {
  @Test("Controls, marks of direction, zero widths and noncharacters are not plain")
  func notPlain() {
    let hidden: [ClosedRange<UInt32>] = [
      0...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x61C...0x61C, 0x200B...0x200F, 0x2028...0x202E,
      0x2060...0x2064, 0x2066...0x206F, 0xFEFF...0xFEFF, 0xFDD0...0xFDEF, 0xFFFE...0xFFFF,
      0x1FFFE...0x1FFFF, 0xE0020...0xE007F,
    ]
    for value in hidden.joined() {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(!isPlain(scalar), "U+\(String(value, radix: 16))")
    }
    for scalar in " ~\u{A0}é–’漢🚮\u{FFFD}\u{E000}".unicodeScalars { #expect(isPlain(scalar)) }
  }

  @Test("A text becomes one line, with a space for what ends lines and nothing for what is hidden")
  func oneLine() {
    #expect(plainLine("a\nb\u{1B}[2Jc\u{2028}d") == "a b [2Jc d")
    #expect(plainLine("Mill\u{202E} La\u{200B}ne\u{FEFF}\u{FFFF}") == "Mill Lane")
    #expect(plainLine("Café 🚮") == "Café 🚮")
  }

  @Test("Words met less than three times are counted and not named")
  func tally() {
    let tally = WordTally(["Noise": 5, "Bins": 3, "Ann rang twice": 2, "Bob is ill": 1, "": 1])
    #expect(tally.named.map(\.text) == ["Noise", "Bins", ""])
    #expect(tally.named.map(\.rows) == [5, 3, 1])
    #expect(tally.others == 2 && tally.otherRows == 3)
    #expect(tally.names("Bins") && !tally.names("Bob is ill"))
    #expect(tally.othersWords(listed: 3) == "2 others met less often")
    #expect(tally.othersWords(listed: 1) == "2 more and 2 others met less often")
    #expect(WordTally(["a": 1]).othersWords(listed: 0) == "1 word met less than 3 times")
    #expect(WordTally(["a": 3]).othersWords(listed: 1) == nil)
    #expect(WordTally(["a": 1], known: ["a"]).names("a"))
  }

  @Test("Words that were not kept are counted among the others")
  func tallyOfPart() {
    let tally = WordTally(["a": 9, "b": 1], of: (different: 70, rows: 80))
    #expect(tally.others == 69 && tally.otherRows == 71)
  }

  @Test("One is one and several are several")
  func plurals() {
    #expect(CivilWords.counted(1, "opportunity", "opportunities") == "1 opportunity")
    #expect(CivilWords.counted(1200, "opportunity", "opportunities") == "1,200 opportunities")
    #expect(
      CivilWords.share(1, of: 30, "value", "is a date", "are dates") == "1 of 30 values is a date")
    #expect(
      CivilWords.share(1, of: 1, "value", "is a date", "are dates") == "1 of 1 value is a date")
    #expect(
      CivilWords.share(0, of: 2, "value", "is a date", "are dates") == "0 of 2 values are dates")
  }
}
