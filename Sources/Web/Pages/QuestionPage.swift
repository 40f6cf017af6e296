/// One question, with a way back.
struct QuestionPage: PageModel {
  var view: String { "ask-" + question.rawValue }
  let question: Question
  var form: HiddenForm
  var fields: [Field]
  var isWrong: Bool
  var problems: [FieldProblem]
  /// What is read out before the question.
  var paragraphs: [String]
  /// What was answered before, carried unseen.
  var carried: [Carried]
  /// The form that leads back.
  var backForm: HiddenForm?
  /// The link that leads back, where no form has to.
  var backPath: String?
  var backCarried: [Carried]
  /// In the text above the question.
  var about: String?

  struct Carried: Hashable, Sendable {
    var name: String
    var value: String
  }

  init(
    _ question: Question, _ form: HiddenForm, _ fields: [Field], paragraphs: [String] = [],
    carried: [Carried] = [], backForm: HiddenForm? = nil, backPath: String? = nil,
    backCarried: [Carried] = [], about: String? = nil
  ) {
    self.question = question
    self.form = form
    self.fields = fields.map(\.described)
    problems = FieldProblem.all(of: fields)
    isWrong = !problems.isEmpty
    self.paragraphs = paragraphs
    self.carried = carried
    self.backForm = backForm
    self.backPath = backPath
    self.backCarried = backCarried
    self.about = about
  }
}

/// Every page that asks one question. Each has its words, `ask.NAME.…`, in the template `question`.
enum Question: String, CaseIterable {
  case pass, snooze, decline, calendar, withdraw
  case visitAgain = "visit-again"
  case setOut = "set-out"
  case takeOver = "take-over"
  case handOff = "hand-off"
  case passSecond = "pass-second"
  case kind, consent, households, scope, when, known, line
}
