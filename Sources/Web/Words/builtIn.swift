/// The templates that come with the program (`Resources/pages`), by name. A test holds the list against the
/// folder.
let builtInTemplates: [String: String] = boardTemplates.merging([
  "choice": text(PackageResources.choice_mustache),
  "claimed": text(PackageResources.claimed_mustache),
  "emergency": text(PackageResources.emergency_mustache),
  "fields": text(PackageResources.fields_mustache),
  "frame": text(PackageResources.frame_mustache),
  "held": text(PackageResources.held_mustache),
  "hidden": text(PackageResources.hidden_mustache),
  "household-past": text(PackageResources.household_past_mustache),
  "household-top": text(PackageResources.household_top_mustache),
  "masked": text(PackageResources.masked_mustache),
  "note": text(PackageResources.note_mustache),
  "notice": text(PackageResources.notice_mustache),
  "offer": text(PackageResources.offer_mustache),
  "problems": text(PackageResources.problems_mustache),
  "question": text(PackageResources.question_mustache),
  "sheet": text(PackageResources.sheet_mustache),
  "undo": text(PackageResources.undo_mustache),
]) { _, own in own }

/// The files of words that come with the program (`Resources/words`).
let builtInWords: [Language: String] = [
  .english: text(PackageResources.en_json),
  .welsh: text(PackageResources.cy_json),
]

/// Of a file that is built in.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
