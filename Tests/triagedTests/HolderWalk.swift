import Foundation
import Testing

/// What a holder can do on their page, over HTTP as a browser does it.
struct HolderWalk {
  /// "http://127.0.0.1:PORT".
  let base: String

  /// Sends a form of a page, with more than its hidden fields; answers the page that comes.
  func send(
    _ page: String, _ action: String, _ more: [String: String] = [:], status: Int = 200
  ) async throws -> String {
    let (path, fields) = try form(belowHeading(page), to: action)
    let (code, answer) = try await request("POST", base + path, fields.merging(more) { $1 })
    #expect(code == status, "\(action)")
    return answer
  }

  /// Above it is the form that leads back.
  private func belowHeading(_ page: String) -> String {
    page.range(of: "<h1").map { String(page[$0.lowerBound...]) } ?? page
  }

  /// The pages that ask something before it is done: by name.
  func questions(_ page: String) async throws -> [String: String] {
    var pages: [String: String] = [:]
    for question in ["pass", "snooze", "decline", "calendar", "visit-again", "outcome"] {
      pages["the question " + question] = try await send(page, question)
    }
    return pages
  }

  /// The visit sheet and the calendar file.
  func papers(_ page: String) async throws -> [String] {
    let question = try await send(page, "calendar")
    let day = try #require(
      question.matches(of: /<option value="(\d{4}-\d\d-\d\d)"/).dropFirst().first)
    let calendar = try await send(
      question, "calendar", ["day": String(day.output.1), "part": "morning"])
    #expect(calendar.hasPrefix("BEGIN:VCALENDAR"))
    return [try await send(page, "sheet"), calendar]
  }

  /// Records that help was accepted and may be told to partners; answers the last page.
  func record(_ page: String) async throws -> String {
    var page = try await send(page, "outcome")
    var steps: [String] = []
    for _ in 0..<8 {
      guard page.contains("name=\"step\"") else { return page }
      let step = try #require(try form(belowHeading(page), to: "outcome").1["step"])
      steps.append(step)
      let answers: [String: String] =
        switch step {
        case "kind": ["kind": "accepted"]
        case "consent": ["consent": "yes"]
        case "scope": ["scope-partner": "yes"]
        case "when":
          [
            "on": String(
              try #require(page.firstMatch(of: /<option value="(\d{4}-\d\d-\d\d)"/)).output.1),
            "how": "in_person",
          ]
        case "known": ["known": "no"]
        default: ["line": "none"]
        }
      page = try await send(page, "outcome", answers)
    }
    Issue.record("the outcome's questions never end: \(steps)")
    return page
  }

  /// The note for the first agency that it may be made for.
  func handOff(_ page: String) async throws -> String {
    let question = try await send(page, "hand-off")
    let agency = try #require(
      question.firstMatch(of: /<input[^>]*type="radio"[^>]*name="to"[^>]*value="([^"]*)"/))
    return try await send(question, "hand-off", ["to": String(agency.output.1)])
  }
}
