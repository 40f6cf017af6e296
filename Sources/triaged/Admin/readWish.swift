import Foundation
import Triage

/// What somebody asks for, as the body of the question has it.
/// - Parameter otherwise: what is said where it has something else.
/// - Throws: `AdminRefusal`.
func readWish<Wish: Decodable>(
  _ wish: Wish.Type, _ request: AdminRequest, _ otherwise: String
) throws -> Wish {
  do {
    return try adminDecoder().decode(wish, from: request.body)
  } catch {
    throw AdminRefusal(.misuse, otherwise)
  }
}
