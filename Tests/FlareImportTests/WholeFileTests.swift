import FlareImport
import Foundation
import Testing
import Triage

@Suite("Exports that are refused whole")
struct WholeFileTests {
  @Test(
    "What is no list is named for what it is",
    arguments: [
      ("", "empty"), ("  \r\n\n", "no rows"), ("<!DOCTYPE html><html>", "HTML"),
      ("\n<HTML><body>Log in</body>", "HTML"),
      ("PK\u{3}\u{4}rest", "ZIP"), ("%PDF-1.7", "PDF"),
      ("<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE html>", "HTML"), ("{\\rtf1 list}", "RTF"),
    ])
  func noList(_ text: String, _ word: String) throws {
    let error = try #require(throws: ImportError.self) { try read(text) }
    #expect(error.why.contains(word))
    #expect(error.feed == "jobs")
  }

  @Test("A missing column is named with the nearest heading")
  func missingColumn() throws {
    let header = heading.replacing("Received", with: "Recieved").replacing("UPRN", with: "UPRNRef2")
    let error = try #require(throws: ImportError.self) { try read(header + "\n") }
    #expect(error.why.contains("'Received' (received)"))
    #expect(error.why.contains("the nearest is 'Recieved'"))
    #expect(error.why.contains("the nearest is 'UPRNRef2'"))
    #expect(!error.why.contains("'Status'"))
  }

  @Test("Of a list without its headings no cell is told, however like a heading it is")
  func noHeadings() throws {
    let row = inside("A1").split(separator: ",", omittingEmptySubsequences: false)
    // A cell may well be like a heading: a status, or the word before a name.
    let spoiled = (["Reciever", "Adress: 7 Pipit Lane", "Statu5"] + row.map(String.init)).prefix(
      row.count)
    let text = spoiled.joined(separator: ",") + "\n" + inside("A2") + "\n"
    let error = try #require(throws: ImportError.self) { try read(text) }
    #expect(!error.why.contains("nearest"))
    for cell in ["Reciever", "Pipit", "Statu5"] { #expect(!"\(error)".contains(cell)) }
  }

  @Test("A mapped heading that stands twice is refused, not guessed")
  func doubledHeading() throws {
    let error = try #require(throws: ImportError.self) { try read(heading + ",Address\n") }
    #expect(error.why.contains("'Address' (address) stands 2 times"))
  }

  @Test("Headings are found without regard to case, white space and quotes")
  func lenientHeadings() throws {
    let header = heading.replacing("Status", with: "\" STATUS \"")
    #expect(try read(header + "\n" + inside("A1") + "\n").jobs.first?.status == "Open")
  }

  @Test("An export over the size limit is refused")
  func tooLarge() throws {
    let error = try #require(throws: ImportError.self) {
      try read(heading + "\n" + inside("A1"), settings { $0.maxBytes = 20 })
    }
    #expect(error.why.contains("20 bytes"))
  }

  @Test("A folder in a file's place is refused")
  func notAFile() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ImportError.self) {
      try readExport(
        at: folder.path, settings: settings(), index: AreaIndex([square]),
        projection: .identity(.britishNational))
    }
  }

  @Test("Settings that no list can be read with are all named")
  func settingsProblems() {
    let problems = settings {
      $0.timeZone = "Europe/Londinium"
      $0.dateFormats = ["dd/MM/yyyy", "dd.QQ.yyyy", "HH:mm"]
      $0.cadenceSeconds = 0
      $0.columns.y = "E"
    }.problems()
    #expect(
      problems.map(\.key) == ["time_zone", "date_formats", "date_formats", "cadence", "columns.y"])
    #expect(settings().problems().isEmpty)
  }
}
