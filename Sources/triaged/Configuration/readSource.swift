import FlareImport
import Foundation

/// Where a feed's lists come from: exactly one of the five.
func readSource(_ file: Section, _ paths: PathRules) -> FeedSettings.Source {
  let given = ["folder", "file", "url", "remote", "open311"].filter(file.has)
  if given.count != 1 {
    file.problem(nil, "A feed says one of 'folder', 'file', 'url', 'remote' and 'open311'.")
  }
  if let section = file.section("remote") {
    return .remoteFolder(readRemote(section, paths))
  }
  if let section = file.section("open311") {
    return .open311(readOpen311(section, paths, allowsHTTP: allowsHTTP(file)))
  }
  if let url = file.text("url") {
    checkWebAddress(url, at: "url", of: file, allowsHTTP: allowsHTTP(file))
    return .url(url)
  }
  if let folder = file.text("folder") {
    return .folder(path: paths.resolve(folder), pattern: file.text("pattern", default: "*"))
  }
  var path = file.text("file") ?? ""
  if path.hasPrefix("file://") { path.removeFirst("file://".count) }
  return .file(path: paths.resolve(path))
}

/// What only a source behind HTTP or FTPS needs.
func readHTTP(
  _ file: Section, _ source: FeedSettings.Source, _ paths: PathRules
) -> FeedSettings.HTTP {
  var http = FeedSettings.HTTP(
    caFile: readableFile(file, "ca_file", paths), allowInsecure: allowsHTTP(file))
  let address: String
  switch source {
  case .url(let url): address = url
  case .open311(let server): address = server.endpoint
  case .folder, .file, .remoteFolder: return http
  }
  let user = file.text("user")
  let password = secretFile(file, "password_file", paths)
  let token = secretFile(file, "token_file", paths)
  switch (user, password, token) {
  case (nil, nil, nil): break
  case (let user?, let password?, nil):
    if user.isEmpty || user.contains(":") {
      file.problem(at: "user", "'user' takes a name without a colon.")
    }
    http.credentials = .basic(user: user, passwordFile: password)
  case (nil, nil, let token?): http.credentials = .bearer(tokenFile: token)
  default:
    file.problem(nil, "A sign-in is 'user' and 'password_file', or 'token_file' alone.")
  }
  if http.credentials != .none { checkEncrypted(address, file) }
  return http
}

/// Seconds between two polls: a network is asked less often than a disk.
func usualCadence(_ source: FeedSettings.Source) -> Double {
  switch source {
  case .folder, .file: 10
  case .url, .remoteFolder, .open311: 1800
  }
}

// MARK: - A folder on another machine

private func readRemote(_ section: Section, _ paths: PathRules) -> RemoteFolder {
  let url = section.requiredText("url")
  let parts = URLComponents(string: url)
  let scheme = parts?.scheme?.lowercased() ?? ""
  if !["sftp", "ftps", "ftp"].contains(scheme) || parts?.host?.isEmpty ?? true {
    section.problem(
      at: "url",
      "'url' takes an address such as sftp://host/path, ftps://host/path, or ftp://host/path with TLS."
    )
  } else if parts?.user != nil || parts?.query != nil || parts?.fragment != nil {
    section.problem(
      at: "url", "'url' has no user, question mark or hash in it; 'user' stands apart.")
  }
  let folder = RemoteFolder(
    url: url, pattern: section.text("pattern", default: "*"), user: section.requiredText("user"),
    passwordFile: secretFile(section, "password_file", paths),
    keyFile: secretFile(section, "key_file", paths),
    knownHostsFile: readableFile(section, "known_hosts", paths),
    deletesTaken: section.bool("delete_taken", default: false))
  if scheme == "sftp" {
    if !section.has("known_hosts") {
      section.problem(
        nil, "'known_hosts' is missing: without it any server would pass for this one.")
    }
    if !section.has("key_file"), !section.has("password_file") {
      section.problem(nil, "SFTP takes a 'key_file' or a 'password_file'.")
    }
  } else if ["ftp", "ftps"].contains(scheme) {
    if !section.has("password_file") { section.problem(nil, "'password_file' is missing.") }
    for key in ["key_file", "known_hosts"] where section.has(key) {
      section.problem(at: key, "'\(key)' is for SFTP; FTPS goes by certificates.")
    }
  }
  section.finish()
  return folder
}

// MARK: - An Open311 server

private func readOpen311(
  _ section: Section, _ paths: PathRules, allowsHTTP: Bool
) -> Open311Settings {
  let endpoint = section.requiredText("endpoint")
  checkWebAddress(endpoint, at: "endpoint", of: section, allowsHTTP: allowsHTTP)
  if endpoint.contains("?") || endpoint.contains("#") {
    section.problem(
      at: "endpoint", "'endpoint' takes the address under which requests.json or .xml lies.")
  }
  let pages = section.int("page_size", default: 0, in: 1...100_000)
  let settings = Open311Settings(
    endpoint: endpoint, format: section.choice("format", default: .json),
    jurisdiction: section.text("jurisdiction"),
    apiKeyFile: secretFile(section, "api_key_file", paths), pageSize: pages > 0 ? pages : nil,
    serverLimit: section.int("server_limit", default: 1000, in: 1...1_000_000),
    windowDays: section.int("window_days", default: 90, in: 1...730))
  if settings.apiKeyFile != nil { checkEncrypted(endpoint, section, at: "api_key_file") }
  section.finish()
  return settings
}

// MARK: - Addresses and files

private func allowsHTTP(_ file: Section) -> Bool { file.bool("allow_http", default: false) }

private func checkWebAddress(
  _ address: String, at key: String, of section: Section, allowsHTTP: Bool
) {
  let parts = URLComponents(string: address)
  let scheme = parts?.scheme?.lowercased()
  if scheme != "https" && scheme != "http" || parts?.host?.isEmpty ?? true {
    section.problem(
      at: key, "'\(key)' takes an address that begins with https:// or http://.")
  } else if parts?.user != nil {
    section.problem(at: key, "'\(key)' has a user name in it; 'user' stands apart.")
  } else if scheme == "http", !allowsHTTP {
    section.problem(
      at: key, "'\(key)' is not encrypted: use https, or say 'allow_http: true' if it must be.")
  }
}

/// A password goes over TLS, or nowhere beyond this machine.
private func checkEncrypted(_ address: String, _ section: Section, at key: String? = nil) {
  let parts = URLComponents(string: address)
  let host = parts?.host ?? ""
  let isHere = host == "localhost" || host == "[::1]" || host == "::1" || host.hasPrefix("127.")
  guard parts?.scheme?.lowercased() == "http", !isHere else { return }
  let sentence = "A password, token or key is sent over https only."
  if let key { section.problem(at: key, sentence) } else { section.problem(nil, sentence) }
}
