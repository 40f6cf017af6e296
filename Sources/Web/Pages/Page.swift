import HTTPTypes

/// An answer before it is drawn: a status, and what the view of that name is to show.
struct Page: Sendable {
  var status: HTTPResponse.Status
  var model: any PageModel

  init(_ status: HTTPResponse.Status, _ model: any PageModel) {
    self.status = status
    self.model = model
  }
}

/// What one view shows. The names of its properties are the names in the view's template.
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
}

/// A name to pick.
struct Choice: Sendable {
  var id: String
  var name: String
  var agency: String?
}
