import Mustache

/// A page's model as dictionaries and arrays by the names of its properties, for a template to look names up in.
///
/// swift-mustache reflects a structure at every look-up of a name, at every level of a page; here it is done once for
/// each structure. What it gives is what reflection gives: a property that is `nil` has no name.
func namedValues(_ value: Any) -> Any? {
  switch value {
  case is String, is Bool, is Int, is MustacheTemplate: return value
  case let values as [String: any Sendable]: return values.compactMapValues(namedValues)
  default: break
  }
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional: return mirror.children.first.flatMap { namedValues($0.value) }
  case .collection: return mirror.children.compactMap { namedValues($0.value) }
  case .struct:
    var named: [String: Any] = [:]
    for child in mirror.children {
      if let name = child.label { named[name] = namedValues(child.value) }
    }
    return named
  default: return value
  }
}
