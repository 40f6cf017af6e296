/// A JSON value that knows where in the text it begins, so that a problem can name line and column.
struct JSONNode {
  /// Bytes from the beginning of the text.
  let offset: Int
  let value: JSONValue

  subscript(key: String) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.node
  }

  var string: String? {
    if case .string(let text) = value { text } else { nil }
  }

  var number: Double? {
    if case .number(let number) = value { number } else { nil }
  }

  var array: [JSONNode]? {
    if case .array(let nodes) = value { nodes } else { nil }
  }

  var isObject: Bool {
    if case .object = value { true } else { false }
  }

  var isNull: Bool {
    if case .null = value { true } else { false }
  }

  /// In words, for a sentence.
  var kind: String {
    switch value {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

enum JSONValue {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONNode])
  case object([JSONMember])
}

struct JSONMember {
  let key: String
  let node: JSONNode
}

/// A text that is not JSON, and where it stops being so.
struct JSONSyntaxError: Error {
  let offset: Int
  let sentence: String
}
