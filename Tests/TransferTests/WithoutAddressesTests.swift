import Testing
import Transfer

@Suite("What another side said, without addresses and links")
struct WithoutAddressesTests {
  @Test(
    "Of a link nothing but its host stays: our tokens are in its path",
    arguments: [
      ("see https://desk.example/c/aZ3-_9kQ now", "see https://desk.example now"),
      ("https://desk.example:8443/sign-in/aZ3-_9kQ?x=1#y", "https://desk.example:8443"),
      ("<https://desk.example/c/aZ3-_9kQ>,", "<https://desk.example"),
      ("HTTPS://desk.example\\c\\aZ3-_9kQ", "HTTPS://desk.example"),
      ("href=\"https://desk.example/c/aZ3-_9kQ\">", "href=\"https://desk.example"),
      ("https://relay.test,https://desk.example/c/aZ3-_9kQ", "https://relay.test,https:"),
      // Without a scheme, and escaped.
      ("blocked: desk.example/c/aZ3-_9kQ", "blocked: desk.example"),
      ("localhost:8080/c/aZ3-_9kQ", "localhost:8080"), ("desk.example?t=aZ3-_9kQ", "desk.example"),
      ("url=/c/aZ3-_9kQ", "url="), ("desk.example%2Fc%2FaZ3-_9kQ", "desk.example"),
      ("https%3A%2F%2Fdesk.example%2Fc%2FaZ3-_9kQ", "https%3A%2F%2Fdesk.example"),
      ("https:\\/\\/desk.example\\/c\\/aZ3-_9kQ", "https:"),
      // The path alone.
      ("path /c/aZ3-_9kQ is listed", "path  is listed"), ("(/sign-in/aZ3-_9kQ)", "("),
    ])
  func links(text: String, left: String) {
    #expect(withoutAddresses(text) == left)
  }

  @Test(
    "What is no link stays as it is",
    arguments: [
      "550 5.7.1 No", "421 4.7.0 [TSS04] and/or later", "#5.1.0 Address rejected", "90% full?",
      "552-5.2.2 https://support.example.org", "Is it 1/2?",
    ])
  func noLinks(text: String) {
    #expect(withoutAddresses(text) == text)
  }

  @Test(
    "The part of an address before the @ is taken out, also at a sentence's end and between dashes",
    arguments: [
      ("No mailbox for ann.", "No mailbox for (address)"), ("-ann- is full", "(address) is full"),
      ("user ann+", "user (address)"), ("_ann_", "(address)"), ("'Ann':", "(address)"),
      ("ann@team.test.", "(address)"), ("Annual report", "Annual report"),
    ])
  func names(text: String, left: String) {
    #expect(withoutAddresses(text, hiding: ["ann@team.test"]) == left)
  }
}
