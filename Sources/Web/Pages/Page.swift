import HTTPTypes

/// An answer before it is drawn: a status, and what the view of that name is to show, or a file.
struct Page: Sendable {
  var status: HTTPResponse.Status
  var content: Content
  /// Whether there is such a link; `nil`: the desk was not asked.
  var isKnownLink: Bool?

  enum Content: Sendable {
    case view(any PageModel)
    /// To be kept by the browser under its name.
    case file(String, type: String, name: String)
  }

  init(_ status: HTTPResponse.Status, _ model: any PageModel) {
    self.status = status
    content = .view(model)
  }

  init(file text: String, type: String, name: String) {
    status = .ok
    content = .file(text, type: type, name: name)
  }
}

/// What one view shows. The names of its properties are the names in the view's template; computed ones are none.
protocol PageModel: Sendable {
  /// The template's name.
  var view: String { get }
}

/// What every form carries unseen.
struct HiddenForm: Sendable {
  /// The path that the form is sent to.
  var action: String
  /// Empty where a name is yet to be picked.
  var member: String
  /// Of the claim; where a name is yet to be picked, of the offer.
  var generation: Int
  var nonce: String
  /// A name is picked in the form itself.
  var isBlank = false
  /// Those to whom a note can be handed, one to a line.
  var agencies: String?
  /// Of who says that they are back: the visit that is meant.
  var outing: Int64?
}
