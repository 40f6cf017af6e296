import Crypto
import Foundation
import Testing

@testable import triaged

@Suite("Tokens, secrets and the key behind them")
struct LinksTests {
  private let links = Links(key: SymmetricKey(size: .bits256), publicURL: "https://a.example/b")

  @Test(
    "A token has 160 bits, is the same for the same mail, and another for any other and under another key"
  )
  func tokens() {
    let other = Links(key: SymmetricKey(size: .bits256), publicURL: "https://a.example/b")
    let tokens = [
      links.token(announcement: 1, digest: "d"), links.token(announcement: 2, digest: "d"),
      links.token(announcement: 1, digest: "e"), links.signInToken(notice: "1 d"),
      links.signInToken(notice: "2"), other.token(announcement: 1, digest: "d"),
      other.signInToken(notice: "2"),
    ]
    #expect(Set(tokens).count == tokens.count)
    #expect(tokens.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]{27}/) != nil }, "27 × 6 bits")
    #expect(links.token(announcement: 1, digest: "d") == tokens[0])
  }

  @Test("A link is the configured address and its token, and nothing else")
  func addresses() {
    #expect(
      links.url(announcement: 1, digest: "<d>")
        == "https://a.example/b/c/" + links.token(announcement: 1, digest: "<d>"))
    #expect(
      links.signInURL(notice: "../n")
        == "https://a.example/b/sign-in/" + links.signInToken(notice: "../n"))
  }

  @Test("A secret has 160 random bits, each of which is now one and now the other")
  func secrets() throws {
    var (ones, zeros) = (
      Array(repeating: UInt8(0), count: 20), Array(repeating: UInt8(0), count: 20)
    )
    var all: Set<String> = []
    for _ in 0..<200 {
      let secret = Links.newSecret()
      #expect(all.insert(secret).inserted && secret.count == 27)
      let plain = secret.replacing("-", with: "+").replacing("_", with: "/") + "="
      let bytes = try #require(Data(base64Encoded: plain))
      #expect(bytes.count == 20)
      for (at, byte) in bytes.enumerated() {
        ones[at] |= byte
        zeros[at] |= ~byte
      }
    }
    // By chance 1 in 2^191.
    #expect(ones.allSatisfy { $0 == 255 } && zeros.allSatisfy { $0 == 255 })
  }

  @Test(
    "The key is 32 random bytes that only we read, stays what it is, and a damaged one is refused")
  func key() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/link.key"
    func bytes(_ key: SymmetricKey) -> [UInt8] { key.withUnsafeBytes { Array($0) } }
    let key = bytes(try Links.key(at: path))
    #expect(key.count == 32 && Set(key).count > 8)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(bytes(try Links.key(at: path)) == key)
    #expect(bytes(try Links.key(at: folder.path + "/other.key")) != key)
    try write("short", to: path)
    #expect(throws: StartError.self) { try Links.key(at: path) }
  }

  @Test("The key of forms is derived and is not that of links")
  func formKey() {
    #expect(links.formKey.count == 32 && links.formKey == links.formKey)
    #expect(Links(key: SymmetricKey(data: links.formKey), publicURL: "").formKey != links.formKey)
  }
}
