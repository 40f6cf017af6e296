import ArgumentParser
import Foundation
import Logging
import Storage
import Transfer
import Triage

/// Asks a running daemon at its socket; where none runs, opens the state folder under the same lock and
/// does the work here.
///
/// - Parameters:
///   - question: method, path and body for the socket.
///   - locally: the same, done by this process.
///   - otherwise: the answer where neither a daemon nor a database is there.
/// - Throws: an exit code, after having said why in one sentence: 1 where it was not done, 2 where what
///   was asked for is not there.
func withOffice<Answer: Codable & Sendable>(
  _ places: Places, _ question: (method: SocketQuestion.Method, path: String, body: [UInt8]),
  locally: @Sendable (AdminOffice) async throws -> Answer,
  otherwise: ((LoadedConfiguration, Configuration) -> Answer)? = nil
) async throws -> Answer {
  let loaded = places.load()
  let sockets = places.sockets(loaded)
  if let answer: Answer = try await ask(sockets, question) { return answer }
  let configuration: Configuration
  do {
    configuration = try loaded.usableWithKeptAreas()
  } catch {
    throw complain("\(error)")
  }
  // A question must not make a state folder where there is none, as whoever asks.
  guard FileManager.default.fileExists(atPath: configuration.state + "/triaged.sqlite") else {
    if let otherwise { return otherwise(loaded, configuration) }
    throw complain(
      "No daemon answers, and there is no database in \(configuration.state): is --state right, and "
        + "has the daemon ever run?")
  }
  do {
    let daemon = try await Daemon(
      loaded, logger: Logger(label: "triaged") { _ in JournalLogHandler() })
    let answer: Result<Answer, any Error>
    do {
      answer = .success(try await locally(try await daemon.openedOffice()))
    } catch {
      answer = .failure(error)
    }
    await daemon.close()
    // Else the service, whose user is another, could not start on what root has left.
    handToOwner(of: configuration.state)
    return try answer.get()
  } catch let error as AdminRefusal {
    throw refusal(error.description, isMisuse: error.kind != .conflict)
  } catch StoreError.inUse(_, let holder) {
    let who = holder.map { "process \($0)" } ?? "another process"
    throw complain(
      "The database is in use by \(who), and nobody answers at the admin socket "
        + "(\(sockets.joined(separator: ", "))): run this as the daemon's user or root, and see that "
        + "--state, --config and --runtime are the daemon's.")
  } catch {
    let advice = restoreAdvice(
      error, folder: configuration.backup.folder, state: configuration.state)
    throw complain("\(error)\(advice)")
  }
}

/// - Returns: `nil` where nobody listens at any of the sockets.
private func ask<Answer: Codable>(
  _ sockets: [String], _ question: (method: SocketQuestion.Method, path: String, body: [UInt8])
) async throws -> Answer? {
  let transferrer = Transferrer(threads: 1)
  for socket in sockets where FileManager.default.fileExists(atPath: socket) {
    let answer: SocketAnswer
    do {
      answer = try await transferrer.ask(
        SocketQuestion(
          socket: socket, method: question.method, path: question.path, body: question.body))
    } catch let error as TransferError where error.code == TransferError.nobodyListens {
      continue
    } catch {
      await transferrer.shutdown()
      throw complain("The daemon did not answer at \(socket): \(error)")
    }
    await transferrer.shutdown()
    return try read(answer)
  }
  await transferrer.shutdown()
  return nil
}

private func read<Answer: Codable>(_ answer: SocketAnswer) throws -> Answer {
  let body = Data(answer.body)
  guard answer.status == 200 else {
    let said = try? adminDecoder().decode([String: String].self, from: body)["error"]
    let unknown = "The daemon answered with \(answer.status); it may be of another version."
    throw refusal(said ?? unknown, isMisuse: [400, 404].contains(answer.status))
  }
  do {
    return try adminDecoder().decode(Answer.self, from: body)
  } catch {
    throw complain("The daemon's answer is not understood: it is of another version; restart it.")
  }
}

private func refusal(_ sentence: String, isMisuse: Bool) -> ExitCode {
  let code = complain(sentence)
  return isMisuse ? ExitCode(2) : code
}

/// A name as one part of a path.
func pathPart(_ name: String) -> String {
  name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-"])) ?? ""
}
