extension KeyedDecodingContainer {
  /// One part of what was stored by an earlier or later version of the program, which may have stored
  /// others: where it is missing it is `usual`, and where it cannot be read as well, and named in `lost`.
  package func part<Part: Decodable>(
    _ key: Key, or usual: Part, lost: inout [String]
  ) -> Part {
    do {
      return try decodeIfPresent(Part.self, forKey: key) ?? usual
    } catch {
      lost.append(key.stringValue)
      return usual
    }
  }
}
