import ArgumentParser
import Foundation
import Notify
import Transfer

struct BounceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounce",
    abstract: "Hands a mail about a message that could not be delivered to the running daemon.",
    discussion: """
      For a mail server that delivers the mailbox of bounces to a program. The mail is read from standard input;
      nothing is printed without --verbose, and nothing of the mail is kept but a status and one line without
      addresses. It must run as the daemon's user (docs/outbox.md has examples for Postfix and Exim).

      Example: triaged bounce < bounce.eml
      Ends with 0 when the daemon has taken the mail, understood or not; with 75 (sysexits' EX_TEMPFAIL: try
      again later) when no daemon answers or the mail could not be handed over.
      """)

  @OptionGroup var places: Places

  @Flag(name: .shortAndLong, help: "Say what came of it.")
  var verbose = false

  func run() async throws {
    let mail: [UInt8]
    do {
      mail = try readMail()
    } catch {
      throw tryAgain("The mail could not be read from standard input.")
    }
    let loaded = places.load()
    let transferrer = Transferrer(threads: 1)
    let answer = await hand(mail, to: places.sockets(loaded), via: transferrer)
    await transferrer.shutdown()
    guard let answer else {
      throw tryAgain(
        "No daemon took the mail; is it running, and is this its user? It is to be handed over again."
      )
    }
    if verbose { say(answer) }
  }

  private func hand(
    _ mail: [UInt8], to sockets: [String], via transferrer: Transferrer
  ) async -> String? {
    for socket in sockets where FileManager.default.fileExists(atPath: socket) {
      let question = SocketQuestion(
        socket: socket, method: .post, path: "/bounce", body: mail, totalSeconds: 30)
      guard let answer = try? await transferrer.ask(question), answer.status == 200 else {
        continue
      }
      let done = try? adminDecoder().decode(AdminOffice.Done.self, from: Data(answer.body))
      return done?.done ?? ""
    }
    return nil
  }

  private func tryAgain(_ sentence: String) -> ExitCode {
    _ = complain(sentence)
    return ExitCode(75)
  }
}

/// The beginning of what stands at standard input, as much as a bounce may have; the rest is read to its end and let
/// go, so that a mail server meets no closed pipe.
private func readMail() throws -> [UInt8] {
  var mail: [UInt8] = []
  while let part = try FileHandle.standardInput.read(upToCount: 64 << 10), !part.isEmpty {
    mail += part.prefix(mostBounceBytes - mail.count)
  }
  return mail
}
