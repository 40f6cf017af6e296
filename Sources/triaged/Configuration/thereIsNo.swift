/// "There is no feed 'flair', did you mean 'flare'?; there is flare, noise.", for a person who has named what is not
/// there.
/// - Parameter kind: what was named, as a sentence has it: feed, area, channel.
func thereIsNo(_ kind: String, _ name: String, among names: [String]) -> String {
  "There is no \(kind) '\(name)'\(Section.suggestion(for: name, among: names)); there is "
    + "\(names.joined(separator: ", "))."
}
