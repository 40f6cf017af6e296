import Foundation
import Notify
import Transfer
import Triage

/// `kind: webhook`: Standard Webhooks (docs/channels/webhook.md).
func readWebhook(_ section: Section, _ paths: PathRules) -> WebhookSettings {
  let posting = readPosting(section, paths)
  let url = section.requiredText("url")
  if !url.isEmpty { checkURL(url, at: "url", posting, section) }
  let settings = WebhookSettings(
    url: url, secretFile: paths.resolve(section.requiredText("secret_file")),
    previousSecretFile: section.text("previous_secret_file").map(paths.resolve), posting: posting)
  for key in ["secret_file", "previous_secret_file"] {
    guard let text = readSecretLine(key, "secret", section, paths) else { continue }
    if WebhookSecret(text) == nil {
      section.problem(
        at: key, "The file of '\(key)' takes whsec_ and the base64 of 24 to 64 random bytes.")
    }
  }
  return settings
}

/// `kind: govuk-notify` (docs/channels/govuk-notify.md).
func readGOVUKNotify(_ section: Section, _ paths: PathRules) -> GOVUKNotifySettings {
  let posting = readPosting(section, paths, usualHosts: [GOVUKNotifySettings.usualHost])
  var url = section.text("url", default: GOVUKNotifySettings.usualURL)
  while url.hasSuffix("/") { url.removeLast() }
  checkURL(url, at: "url", posting, section)
  let template = section.requiredText("template_id")
  if !template.isEmpty, UUID(uuidString: template) == nil {
    section.problem(at: "template_id", "'template_id' takes the id that Notify shows, a UUID.")
  }
  let file = paths.resolve(section.requiredText("api_key_file"))
  if let text = readSecretLine("api_key_file", "key", section, paths),
    GOVUKNotifyKey(text) == nil
  {
    section.problem(
      at: "api_key_file",
      "The file of 'api_key_file' takes the whole key: its name, the service's id and the secret.")
  }
  return GOVUKNotifySettings(apiKeyFile: file, templateID: template, url: url, posting: posting)
}

/// An address that is its own secret, in a file: `kind: teams` and `kind: slack` (docs/channels), and the watcher outside.
func readURLFile(_ section: Section, _ paths: PathRules) -> URLFileSettings {
  let posting = readPosting(section, paths)
  let file = paths.resolve(section.requiredText("url_file"))
  if let url = readSecretLine("url_file", "address", section, paths) {
    checkURL(url, at: "url_file", posting, section)
  }
  return URLFileSettings(urlFile: file, posting: posting)
}

/// Where a post may go.
/// - Parameter usualHosts: what is allowed if nothing is said; empty: something has to be.
func readPosting(
  _ section: Section, _ paths: PathRules, usualHosts: [String] = []
) -> PostingSettings {
  var hosts = section.list("allow_hosts")
  if hosts.isEmpty { hosts = usualHosts }
  if hosts.isEmpty {
    section.problem(
      at: "allow_hosts",
      "'allow_hosts' is missing: the names of the hosts, whole, to which this channel may post.")
  }
  for host in hosts where (try? PostTarget("https://\(host)/"))?.host != host.lowercased() {
    section.problem(
      at: "allow_hosts", "'allow_hosts' takes whole names such as hooks.example.org.")
  }
  let caFile = readableFile(section, "ca_file", paths, "The file of trusted certificates")
  return PostingSettings(
    allowHosts: Set(hosts.map { $0.lowercased() }),
    allowPrivate: section.bool("allow_private", default: false), caFile: caFile,
    totalSeconds: section.duration("timeout", default: 20, in: 1...120))
}

/// What can be said of an address without asking anybody. Its text is in no problem: it may be a secret.
func checkURL(
  _ url: String, at key: String, _ posting: PostingSettings, _ section: Section
) {
  do throws(TransferError) {
    let target = try PostTarget(url)
    if !posting.allowHosts.isEmpty, !posting.allowHosts.contains(target.host) {
      section.problem(
        at: key,
        "The host of this address is not among 'allow_hosts'; nothing would be posted to it.")
    }
    if let reach = target.reach, reach == .nowhere || (reach == .inside && !posting.allowPrivate) {
      section.problem(
        at: key,
        "This address lies on this machine, in a private network or nowhere; the first two need 'allow_private'."
      )
    }
  } catch {
    section.problem(at: key, error.why)
  }
}
