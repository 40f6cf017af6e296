import Glibc
import Synchronization
import Testing
import Transfer

/// A listener on every address of this machine stands behind each of these: it must not hear of one.
@Suite struct PostGuardTests {
  /// HOST:PORT is what stands after the scheme; PORT the listener's.
  static let forms: [String] = [
    // Loopback, as it is written.
    "https://127.0.0.1:PORT/", "https://127.0.0.2:PORT/", "https://127.255.255.254:PORT/",
    "https://localhost:PORT/", "HTTPS://LocalHost:PORT/", "https://[::1]:PORT/",
    "https://[0:0:0:0:0:0:0:1]:PORT/", "https://[0000::0001]:PORT/",
    // Loopback, as other readers write it: short, whole, octal, hexadecimal, with zeros before.
    "https://127.1:PORT/", "https://127.0.1:PORT/", "https://2130706433:PORT/",
    "https://0x7f000001:PORT/", "https://0x7f.0.0.1:PORT/", "https://0x7f.1:PORT/",
    "https://017700000001:PORT/", "https://0177.0.0.1:PORT/", "https://0000177.0.0.1:PORT/",
    "https://127.0.0.01:PORT/", "https://127.0.0.0x1:PORT/", "https://4294967297:PORT/",
    // This machine by other addresses.
    "https://0.0.0.0:PORT/", "https://0:PORT/", "https://[::]:PORT/",
    "https://[::ffff:127.0.0.1]:PORT/", "https://[::ffff:7f00:1]:PORT/",
    "https://[::127.0.0.1]:PORT/", "https://[::ffff:0.0.0.0]:PORT/",
    "https://[64:ff9b::7f00:1]:PORT/", "https://[2002:7f00:1::]:PORT/",
    "https://[2001:0:7f00:1::80ff:fffe]:PORT/", "https://[2001:470::5efe:7f00:1]:PORT/",
    // Zones, and what is no address.
    "https://[::1%25lo]:PORT/", "https://[::1%lo]:PORT/", "https://[::1%1]:PORT/",
    "https://[::1:PORT/", "https://[127.0.0.1]:PORT/", "https://::1:PORT/",
    // Full stops, and letters that look like others.
    "https://localhost.:PORT/", "https://127.0.0.1.:PORT/", "https://127.0.0.1..:PORT/",
    "https://１２７.0.0.1:PORT/", "https://127。0。0。1:PORT/", "https://ⓛocalhost:PORT/",
    "https://loc%61lhost:PORT/", "https://127.0.0.1%00.example.org:PORT/",
    // Two hosts, of which two readers take different ones.
    "https://ann@127.0.0.1:PORT/", "https://hooks.example.org@127.0.0.1:PORT/",
    "https://hooks.example.org:443@127.0.0.1:PORT/", "https://127.0.0.1:PORT\\@hooks.example.org/",
    "https://127.0.0.1:PORT#@hooks.example.org/", "https://hooks.example.org\\.127.0.0.1:PORT/",
    "https://127.0.0.1:PORT:443/", "https:///127.0.0.1:PORT/", "https:127.0.0.1:PORT/",
    "https:/127.0.0.1:PORT/", "//127.0.0.1:PORT/", "127.0.0.1:PORT",
    // White space and line ends, also within.
    " https://127.0.0.1:PORT/", "https://127.0.0.1:PORT/ x", "https://127.0.0.1\t:PORT/",
    "https://127.0.0.1:PORT/\r\nHost: hooks.example.org", "https://127.0.0.1:PORT/\u{0}",
    // Ports that are none, or become another when cut to sixteen bits.
    "https://127.0.0.1:0/", "https://127.0.0.1:WRAPPED/", "https://127.0.0.1:-1/",
    "https://127.0.0.1:+PORT/", "https://127.0.0.1:00000PORT/", "https://127.0.0.1:/",
    // Another way to speak.
    "http://127.0.0.1:PORT/", "ftp://127.0.0.1:PORT/", "gopher://127.0.0.1:PORT/_x",
    "file:///etc/hostname", "smtp://127.0.0.1:PORT/",
  ]

  @Test("No form of an address leads to this machine: no connection arrives")
  func forms() async throws {
    #expect(Self.forms.count >= 40)
    let listener = try Listener()
    try await withTransferrer { transferrer in
      for form in Self.forms {
        let url = form.replacing("PORT", with: String(listener.port))
          .replacing("WRAPPED", with: String(listener.port + 65_536))
        // Every host that a reader may find in it is allowed, so that it is the address that is refused.
        let usual: Set<String> = [
          "127.0.0.1", "127.0.0.2", "127.255.255.254", "localhost", "localhost.", "::1", "[::1]",
          "::",
          "0.0.0.0", "hooks.example.org", "", "127.1", "127.0.0.1.",
        ]
        let parts = url.split(whereSeparator: { "/@:[]#?\\".contains($0) }).map(String.init)
        let bracketed = String(url.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" })
        let hosts = usual.union(parts).union([bracketed])
        let error = try await failure {
          try await transferrer.post(
            PostRequest(url: url, allowedHosts: hosts, connectSeconds: 2, totalSeconds: 2))
        }
        #expect(error.code == 0 || error.code == TransferError.nothingSent, "\(form)")
        #expect(!error.why.contains("example.org") || form.contains("example.org"))
        #expect(listener.accepted == 0, "\(form)")
      }
    }
    #expect(listener.accepted == 0)
  }

  /// A name that leads there; the listener hears of those on this machine.
  static let inside = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "100.127.255.255", "::1", "fc00::1", "fd12:3456::1", "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
  ]
  static let nowhere = [
    "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "192.0.0.8", "192.0.2.1",
    "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::2", "::127.0.0.1", "::a9fe:a9fe",
    "::ffff:169.254.169.254", "::ffff:0.0.0.0", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:db8::1", "2002:7f00:1::",
    "2002:a00:1::1", "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fe80::1", "febf::1", "fec0::1",
    "ff02::1", "ff0e::1", "2a00::5efe:a00:1", "2a00::200:5efe:a00:1",
  ]
  static let everywhere = [
    "1.0.0.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255",
    "128.0.0.1", "169.253.1.1", "172.15.255.255", "172.32.0.1", "192.0.1.1", "192.167.255.255",
    "192.169.0.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "2a00::1", "2600::1",
    "2001:200::1", "3ffe::1", "64:ff9b::1.0.0.1", "2002:100:1::", "::ffff:1.0.0.1",
  ]

  @Test("Every special address is known for what it is")
  func reach() throws {
    for text in Self.inside { #expect(NetworkAddress(text)?.reach == .inside, "\(text)") }
    for text in Self.nowhere { #expect(NetworkAddress(text)?.reach == .nowhere, "\(text)") }
    for text in Self.everywhere { #expect(NetworkAddress(text)?.reach == .everywhere, "\(text)") }
  }

  @Test("A name that leads to a special address is refused before a connection")
  func names() async throws {
    let listener = try Listener()
    try await withTransferrer { transferrer in
      for text in Self.inside + Self.nowhere {
        let address = try #require(NetworkAddress(text))
        for found in [[address], [away, address]] {
          let error = try await failure {
            try await transferrer.post(request(listener), resolver: { _ in found })
          }
          #expect(error.code == TransferError.nothingSent && !error.permanent)
          #expect(error.why.contains("leads to"), "\(text)")
        }
      }
      for text in Self.nowhere {
        let address = try #require(NetworkAddress(text))
        var open = request(listener)
        open.allowPrivate = true
        let error = try await failure { [open] in
          try await transferrer.post(open, resolver: { _ in [address] })
        }
        #expect(error.why.contains("nothing is posted to"), "\(text)")
      }
    }
    #expect(listener.accepted == 0)
  }

  @Test("A name that answers differently a moment later leads nowhere: it is asked once and pinned")
  func rebinding() async throws {
    let listener = try Listener()
    let asked = Mutex(0)
    let loopback = try #require(NetworkAddress("127.0.0.1"))
    let rebinding: Resolver = { _ in
      asked.withLock { asked in
        asked += 1
        return asked == 1 ? [away] : [loopback]
      }
    }
    try await withTransferrer { transferrer in
      // The system would find this machine under the name, as a second look-up of libcurl's would.
      var first = request(listener)
      first.url = "https://localhost:\(listener.port)/"
      for _ in 0..<2 {
        _ = try await failure { [first] in
          try await transferrer.post(first, resolver: rebinding)
        }
      }
    }
    #expect(asked.withLock { $0 } == 2)
    #expect(listener.accepted == 0)
  }

  @Test("With private addresses allowed the connection goes where the one look-up said")
  func pinned() async throws {
    let listener = try Listener()
    let loopback = try #require(NetworkAddress("127.0.0.1"))
    try await withTransferrer { transferrer in
      var open = request(listener)
      open.allowPrivate = true
      let error = try await failure { [open] in
        try await transferrer.post(open, resolver: { _ in [loopback] })
      }
      #expect(error.why == "hooks.example.org did not answer in time.")
    }
    #expect(listener.accepted == 1)
  }

  @Test("A host that the settings do not name is refused, and no look-up is made")
  func otherHosts() async throws {
    let listener = try Listener()
    try await withTransferrer { transferrer in
      for host in [
        "example.org", "x.hooks.example.org", "hooks.example.org.evil.example",
        "hooks-example.org", "hooks.example.orgs",
      ] {
        var other = request(listener)
        other.url = "https://\(host):\(listener.port)/key?token=sesame"
        let error = try await failure { [other] in
          try await transferrer.post(
            other,
            resolver: { _ in
              Issue.record("looked up")
              return []
            })
        }
        #expect(error.permanent)
        #expect(error.why.contains("not among the allowed hosts"))
        #expect(!error.why.contains("sesame"))
      }
    }
  }

  @Test(
    "A header with a line end, a NUL or a colon in its name is refused",
    arguments: [
      ("X-A", "b\r\nX-C: d"), ("X-A", "b\nc"), ("X-A", "b\0c"), ("X-A\r\nX-C", "b"), ("X: A", "b"),
      ("", "b"), ("X-A", "é"),
    ])
  func headers(name: String, value: String) async throws {
    let listener = try Listener()
    try await withTransferrer { transferrer in
      var odd = request(listener)
      odd.headers = [PostRequest.Header(name, value)]
      let error = try await failure { [odd] in
        try await transferrer.post(odd, resolver: { _ in [] })
      }
      #expect(error.permanent && error.why.contains("header"))
    }
    #expect(listener.accepted == 0)
  }
}

/// Of a block that IANA has given to nobody: no packet finds a way there.
private let away = NetworkAddress("2dff:ffff::1")!

private func request(_ listener: borrowing Listener) -> PostRequest {
  PostRequest(
    url: "https://hooks.example.org:\(listener.port)/", body: Array("{}".utf8),
    allowedHosts: ["hooks.example.org", "localhost"], connectSeconds: 1, totalSeconds: 1)
}

/// Hears every connection to this machine's addresses, and says nothing.
private struct Listener: ~Copyable {
  let port: Int
  private let descriptor: Int32
  private let count = Mutex(0)

  init() throws {
    // Both families where there is IPv6, else the old one alone.
    var opened = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    if opened >= 0 {
      var off: Int32 = 0
      setsockopt(opened, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, 4)
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
      let bound = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(opened, $0, size) }
      }
      if bound != 0 {
        close(opened)
        opened = -1
      }
    }
    if opened < 0 {
      opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      let size = socklen_t(MemoryLayout<sockaddr_in>.size)
      _ = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(opened, $0, size) }
      }
    }
    try #require(listen(opened, 128) == 0)
    _ = fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) | O_NONBLOCK)
    var found = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let said = withUnsafeMutablePointer(to: &found) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(opened, $0, &size) }
    }
    try #require(said == 0)
    // The port stands at the same place in both families.
    port = Int(UInt16(bigEndian: found.sin6_port))
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// How many connections have come; the kernel has taken them before anybody asks.
  var accepted: Int {
    count.withLock { count in
      while true {
        let peer = accept(descriptor, nil, nil)
        guard peer >= 0 else { return count }
        count += 1
        close(peer)
      }
    }
  }
}
