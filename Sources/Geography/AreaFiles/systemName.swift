extension AreaFileReader {
  /// The coordinate system that a `crs` member names, else the one around it; `nil` after an
  /// error. Source: the GeoJSON format specification of 2008, section 3.
  mutating func systemName(of node: JSONNode, outer: String) -> String? {
    guard let crs = node["crs"], !crs.isNull else { return outer }
    let properties = crs["properties"]
    switch crs["type"]?.string?.lowercased() {
    case "name":
      if let name = properties?["name"]?.string { return name }
    case "epsg":
      if let code = properties?["code"]?.number, let whole = Int(exactly: code) {
        return "EPSG:\(whole)"
      }
    default: break
    }
    add(
      "The `crs` member names no coordinate system; it should read like "
        + #"{"type": "name", "properties": {"name": "EPSG:27700"}}."#, at: crs.offset)
    return nil
  }
}
