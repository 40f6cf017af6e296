import Foundation
import TestServers
import Testing

/// TRUST.md section 5, value by value.
private let wholeSet = [
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex",
]

/// Holds an answer against the whole set of protective headers, and against those that may never be there.
func expectProtected(
  _ answer: HTTPAnswer, _ status: Int, at place: SourceLocation = #_sourceLocation
) {
  #expect(answer.status == status, sourceLocation: place)
  for (name, value) in wholeSet {
    #expect(answer.headers[name] == value, "\(name)", sourceLocation: place)
  }
  let policy = answer.headers["content-security-policy"] ?? ""
  let parts = Set(policy.components(separatedBy: "; ").map { $0.prefix { $0 != " " } })
  #expect(
    parts == ["default-src", "style-src", "form-action", "frame-ancestors", "base-uri"],
    sourceLocation: place)
  for part in [
    "default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
  ] {
    #expect(policy.contains(part), sourceLocation: place)
  }
  #expect(!policy.contains("unsafe"), sourceLocation: place)
  for name in answer.headers.keys {
    #expect(!name.hasPrefix("access-control-") && name != "server", sourceLocation: place)
  }
}
