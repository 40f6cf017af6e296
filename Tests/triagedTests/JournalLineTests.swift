import Testing

@testable import triaged

@Suite("What the journal makes of text from outside")
struct JournalLineTests {
  @Test(
    "Line ends, controls, escape sequences and marks of direction cannot begin a line or colour one",
    arguments: [
      ("a\nb", #"a\u{a}b"#), ("a\r\n<3>b", #"a\u{d}\u{a}<3>b"#), ("\u{1B}[31m", #"\u{1b}[31m"#),
      ("a\u{2028}b\u{85}", #"a\u{2028}b\u{85}"#), ("\u{202E}\u{0}\t", #"\u{202e}\u{0}\u{9}"#),
      ("Mörk 12, 🚮", "Mörk 12, 🚮"),
    ])
  func escaped(text: String, line: String) {
    #expect(JournalLogHandler.escaped(text) == line)
  }

  @Test(
    "A value ends where it ends: no quote in it begins a pair of its own",
    arguments: [
      (#"It is late. " feed="other"#, #""It is late. \" feed=\"other""#),
      (#"a" feed=b"#, #""a\" feed=b""#), (#"a"b"#, #""a\"b""#), (#"\" b"#, #""\\\" b""#),
      ("\"\u{301} feed=b", "\"\\\"\u{301} feed=b\""), ("a b\n", #""a b\u{a}""#),
      (#"C:\new"#, #"C:\new"#), ("plain", "plain"),
    ])
  func quoted(value: String, told: String) {
    #expect(JournalLogHandler.quoted(value) == told)
  }
}
