import Foundation
import Testing

@testable import Geography

private let program = "/usr/bin/rsvg-convert"

@Suite("A PNG of an SVG") struct PictureTests {
  private let svg = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20">\
    <style>.a{fill:#0b5cad}@media screen and (prefers-color-scheme:dark){.a{fill:#fff}}</style>\
    <rect class="a" width="40" height="20"/><text x="2" y="12">Ä</text></svg>
    """

  @Test(
    "is as wide as asked for",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: program),
      "rsvg-convert is not installed (apt-get install librsvg2-bin)"))
  func drawn() throws {
    let png = try convertToPNG(svg: svg, width: 300)
    #expect(png.starts(with: pngSignature))
    // Width and height stand in IHDR, the first chunk.
    #expect(Array(png[16..<24]) == [0, 0, 1, 44, 0, 0, 0, 150])
  }

  @Test("is not there for want of the program, of time or of a picture, and a sentence says so")
  func notDrawn() throws {
    let missing = #expect(throws: PictureError.self) {
      try convertToPNG(svg: svg, width: 300, program: "/nowhere/rsvg-convert")
    }
    #expect(missing?.isNotInstalled == true)
    #expect(missing?.description.contains("install librsvg2-bin") == true)
    let wrong = #expect(throws: PictureError.self) {
      try convertToPNG(svg: svg, width: 300, program: "/bin/cat")
    }
    #expect(wrong?.isNotInstalled == false)
    try withTemporaryFolder { folder in
      let slow = folder.appending(path: "slow").path(percentEncoded: false)
      try Data("#!/bin/sh\nexec sleep 1000\n".utf8).write(to: URL(filePath: slow))
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: slow)
      // A child that another test starts just then may hold the script open for writing still (ETXTBSY).
      var told: [String] = []
      while told.count < 50, told.last?.contains("did not finish") != true {
        let error = #expect(throws: PictureError.self) {
          try convertToPNG(svg: svg, width: 300, program: slow, seconds: 0.2)
        }
        told.append(error?.description ?? "")
      }
      #expect(told.last?.contains("did not finish") == true, "\(told)")
    }
    if FileManager.default.isExecutableFile(atPath: program) {
      #expect(throws: PictureError.self) { try convertToPNG(svg: "<svg", width: 300) }
    }
  }
}
