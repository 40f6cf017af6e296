import Crypto
import Foundation
import Glibc
import Transfer
import Triage

/// One poll of a GeoReport v2 server: as many questions as it takes, their answers one after the
/// other in one file.
struct Open311Round {
  /// Against a server that leads on for ever.
  static let mostRequests = 1000
  /// Seconds, for the same reason.
  private static let mostTime = Duration.seconds(3600)
  /// Days that one question may span (GeoReport v2, GET Service Requests).
  private static let longestWindow = 90.0
  /// Seconds: no window is made shorter than this.
  private static let shortestWindow = 3600.0

  private let server: Open311Settings
  private let settings: FeedSettings
  private let transferrer: Transferrer
  private let pagePath: String
  private let list: AppendedFile
  private let began = ContinuousClock.now
  private var requests = 0
  private var appended: Set<SHA256.Digest> = []
  private var ignoresDates = false
  private(set) var alarms: [(FeedTrouble, String)] = []

  private struct Answer: Equatable {
    var records: Int
    var digest: SHA256.Digest
  }

  /// - Parameters:
  ///   - page: where one answer lies for a moment.
  ///   - list: what all of them are added to.
  init(
    _ server: Open311Settings, _ settings: FeedSettings, _ transferrer: Transferrer,
    page: String, list: AppendedFile
  ) {
    self.server = server
    self.settings = settings
    self.transferrer = transferrer
    pagePath = page
    self.list = list
  }

  mutating func run(now: Date) async throws {
    defer { unlink(pagePath) }
    let end = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.up))
    var from = end.addingTimeInterval(-Double(max(1, server.windowDays)) * 86_400)
    while from < end, !ignoresDates {
      let to = min(end, from.addingTimeInterval(Open311Round.longestWindow * 86_400))
      if server.pageSize != nil {
        try await readPages(from, to)
      } else {
        try await readNarrowing(from, to)
      }
      from = to
    }
  }

  /// Page by page until one is empty or shorter than the first. A first page that is shorter than
  /// was asked for proves nothing: a server may have a limit of its own.
  private mutating func readPages(_ from: Date, _ to: Date) async throws {
    var (first, previous): (Answer?, Answer?)
    for page in 1... {
      let answer: Answer
      do {
        answer = try await ask(from, to, page: page)
      } catch let error as TransferError where error.code == 404 && page > 1 {
        return  // Some servers say so that there is no further page.
      }
      if answer.records == 0 {
        if page == 1 { try append(answer) }
        return
      }
      if let previous, previous.digest == answer.digest {
        let full = min(server.pageSize ?? server.serverLimit, server.serverLimit)
        if page == 2, answer.records >= full {
          tellAtLimit(
            "The server gives the same page whatever page is asked for; only the first "
              + "\(answer.records) requests of a time were taken. Leave out page_size, and the time is "
              + "narrowed instead.")
        }
        return
      }
      try append(answer)
      if let first, answer.records < first.records { return }
      first = first ?? answer
      previous = answer
    }
  }

  /// Halves the time for as long as an answer is as long as the server's limit, since it was cut.
  private mutating func readNarrowing(_ from: Date, _ to: Date) async throws {
    guard try await read(from, to) != nil else { return }
    var cut = [(from: from, to: to)]
    while let window = cut.popLast() {
      let length = window.to.timeIntervalSince(window.from)
      let middle = window.from.addingTimeInterval((length / 2).rounded(.down))
      let older = try await read(window.from, middle)
      let newer = try await read(middle, window.to)
      // One half alone may well look like the whole: an answer is cut at one of its ends.
      if let newer, older == newer {
        tellAtLimit(
          "The server gives the same requests whatever time is asked for, and no more than "
            + "\(server.serverLimit); others may be missing. Ask its administrator about paging.")
        ignoresDates = true
        return try append(newer)
      }
      if newer != nil { cut.append((middle, window.to)) }
      if older != nil { cut.append((window.from, middle)) }
    }
  }

  /// Takes the requests of a time that was not cut, or that is too short to be halved.
  /// - Returns: the answer, which is still at hand, where it was cut.
  private mutating func read(_ from: Date, _ to: Date) async throws -> Answer? {
    let answer = try await ask(from, to, page: nil)
    let isCut = answer.records >= server.serverLimit
    if isCut, to.timeIntervalSince(from) > Open311Round.shortestWindow { return answer }
    if isCut {
      tellAtLimit(
        "The server gave as many requests for a single hour as it gives at most; some may be "
          + "missing. Ask its administrator about paging.")
    }
    try append(answer)
    return nil
  }

  private mutating func tellAtLimit(_ sentence: String) {
    if !alarms.contains(where: { $0.1 == sentence }) { alarms.append((.atLimit, sentence)) }
  }

  // MARK: - One question

  private mutating func ask(_ from: Date, _ to: Date, page: Int?) async throws -> Answer {
    requests += 1
    guard requests <= Open311Round.mostRequests,
      ContinuousClock.now - began < Open311Round.mostTime
    else {
      throw ImportError(
        feed: settings.name,
        why: "The server's list does not end after \(requests - 1) questions.",
        next: "Nothing of it was taken; ask for fewer days, or for more rows a page.")
    }
    let room = settings.maxBytes - list.bytes
    guard room > 0 else { throw longerThanAllowed }
    let answer = try await transferrer.fetch(
      FetchRequest(
        url: try url(from, to, page), connectSeconds: settings.http.connectSeconds,
        totalSeconds: settings.http.totalSeconds, maxBytes: room,
        caFile: settings.http.caFile, allowInsecureHTTP: settings.http.allowInsecure,
        credentials: settings.http.fetching,
        queryKey: server.apiKeyFile.map { FetchRequest.QueryKey(name: "api_key", file: $0) }),
      to: pagePath)
    guard case .fetched = answer else { return Answer(records: 0, digest: SHA256().finalize()) }
    return try read()
  }

  /// Without the key, which the transfer adds.
  private func url(_ from: Date, _ to: Date, _ page: Int?) throws -> String {
    guard !server.endpoint.contains("?"), !server.endpoint.contains("#") else {
      throw ImportError(
        feed: settings.name, why: "The server's address has a question mark or a hash in it.",
        next: "Write the address under which requests.\(server.format.rawValue) lies.",
        trouble: .unreachable)
    }
    var parts: [(String, String)] = []
    if let jurisdiction = server.jurisdiction { parts.append(("jurisdiction_id", jurisdiction)) }
    parts.append(("start_date", instant(from)))
    parts.append(("end_date", instant(to)))
    if let page, let size = server.pageSize {
      parts.append(("page_size", "\(size)"))
      parts.append(("page", "\(page)"))
    }
    var endpoint = server.endpoint[...]
    while endpoint.last == "/" { endpoint = endpoint.dropLast() }
    return "\(endpoint)/requests.\(server.format.rawValue)?"
      + parts.map { "\($0.0)=\(percentEncoded($0.1))" }.joined(separator: "&")
  }

  /// W3C date and time in UTC.
  private func instant(_ date: Date) -> String {
    Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
      .formatted(.iso8601)
  }

  private func read() throws -> Answer {
    var counter = RecordCounter(server.format)
    var hasher = SHA256()
    var kind: FirstBytes?
    try forEachChunk { chunk in
      if kind == nil { kind = FirstBytes(UnsafeRawBufferPointer(rebasing: chunk.prefix(4096))) }
      counter.take(chunk)
      hasher.update(bufferPointer: chunk)
    }
    let format = server.format.rawValue.uppercased()
    if case .noList(let what) = kind ?? .noList("It is empty.") {
      throw ImportError(
        feed: settings.name,
        why: "The server's answer is no \(format) list of requests. \(what)",
        next: "Nothing of it was taken; see what the address shows in a browser.")
    }
    guard let records = counter.count else {
      throw ImportError(
        feed: settings.name,
        why: "The server's answer is no \(format) list of requests, or was cut off.",
        next: "Nothing of it was taken; it is tried again at the next poll.")
    }
    return Answer(records: records, digest: hasher.finalize())
  }

  private mutating func append(_ answer: Answer) throws {
    // The same bytes twice say nothing more.
    guard appended.insert(answer.digest).inserted else { return }
    try forEachChunk { try list.append($0) }
    try [UInt8(ascii: "\n")].withUnsafeBytes { try list.append($0) }
    guard list.bytes <= settings.maxBytes + requests else { throw longerThanAllowed }
  }

  private func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let file = try OpenedFile(pagePath, followsLink: false)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
    defer { buffer.deallocate() }
    var offset = 0
    while true {
      let count = try ByteSource.read(file.descriptor, buffer, at: offset)
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      offset += count
    }
  }

  private var longerThanAllowed: TransferError {
    TransferError(
      why: "The list is larger than the \(settings.maxBytes) bytes that its feed allows.",
      permanent: true)
  }
}
