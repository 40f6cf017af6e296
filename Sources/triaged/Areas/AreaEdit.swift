import Foundation
import Geography
import Triage

/// A new boundary file, or a whole new folder, in its place among the files in use: what the set would be.
struct AreaEdit {
  /// With all problems of the files and of the set, under the names by which the person knows the files.
  let set: AreaSet
  /// What takes whose place, in sentences.
  let says: [String]

  /// The new folder is the whole set.
  init(folder set: AreaSet) {
    self.set = set
    says = ["The files of this folder take the place of all that are in use."]
  }

  /// The file takes the place of the one of the same name; else of those all of whose areas it has too;
  /// else it stands beside the others.
  ///
  /// - Parameters:
  ///   - file: as it was read, under the path that was given.
  ///   - files: those in use, under their paths.
  ///   - folder: where those lie.
  ///   - replaced: the name of the file whose place it takes, where a person says so.
  /// - Throws: ``AreaEditRefusal`` where there is no file of that name.
  init(
    _ file: AreaFile, among files: [AreaFile], in folder: String, replacing replaced: String? = nil,
    settings: AreaFileSettings
  ) throws {
    func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
    let given = file.name
    var placed = file
    var out: Set<String> = []
    if let replaced {
      guard let old = files.first(where: { last($0.name) == last(replaced) }) else {
        let names = files.map { last($0.name) }.sorted()
        throw AreaEditRefusal(
          description: "There is no boundary file \(last(replaced)) in \(folder)"
            + Section.suggestion(for: last(replaced), among: names) + "; there is "
            + "\(names.joined(separator: ", ")).")
      }
      out = [old.name]
      placed.name = old.name
      says = ["\(last(given)) takes the place of \(last(old.name))."]
    } else if let old = files.first(where: { last($0.name) == last(given) }) {
      out = [old.name]
      placed.name = old.name
      says = ["\(last(given)) takes the place of the file of that name."]
    } else {
      let ids = Set(file.areas.map(\.id))
      let held = files.filter { old in
        !old.areas.isEmpty && !old.hasErrors && old.areas.allSatisfy { ids.contains($0.id) }
      }
      out = Set(held.map(\.name))
      placed.name = folder + "/" + last(given)
      let names = held.map { last($0.name) }.sorted().joined(separator: " and ")
      says = [
        held.isEmpty
          ? "\(last(given)) is added to the files in use: it has the name of none of them, nor all areas "
            + "of one."
          : "\(last(given)) takes the place of \(names): it has all areas of it too."
      ]
    }
    let name = placed.name
    let found = AreaSet(
      files.filter { !out.contains($0.name) && $0.name != folder } + [placed], settings: settings)
    set = found.renaming(name, to: given)
  }
}

/// Why an edit cannot be placed: a sentence.
struct AreaEditRefusal: Error, CustomStringConvertible {
  var description: String
}
