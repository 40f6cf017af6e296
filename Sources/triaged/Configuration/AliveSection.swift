import Foundation
import Notify
import Transfer

/// `admin: alive:` of triaged.yaml: a watcher outside that is told once a day that all is well.
func readAlive(_ file: Section, _ paths: PathRules) -> AliveSettings? {
  guard let section = file.section("admin")?.section("alive") else { return nil }
  var time = 450
  if let text = section.text("at") {
    if let given = minutes(text, upTo: 1439) {
      time = given
    } else {
      section.problem(at: "at", "'at' takes a time such as \"07:30\".")
    }
  }
  defer { section.finish() }
  if section.has("url"), section.has("url_file") {
    section.problem(at: "url_file", "'alive' takes 'url' or 'url_file', not both.")
  }
  if let url = section.text("url") {
    // Who may change the one may change the other.
    let host = (try? PostTarget(url))?.host
    let posting = readPosting(section, paths, usualHosts: [host ?? "localhost"])
    checkURL(url, at: "url", posting, section)
    return AliveSettings(address: .url(url), minutes: time, posting: posting)
  }
  guard section.has("url_file") else {
    section.problem(
      nil, "'alive' takes 'url', or 'url_file' for an address that is a secret of its own.")
    return nil
  }
  let secret = readURLFile(section, paths)
  return AliveSettings(address: .file(secret.urlFile), minutes: time, posting: secret.posting)
}
