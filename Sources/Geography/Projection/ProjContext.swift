import CProj
import Foundation

/// A PROJ context of our own: silent, off the network, with an optional folder of shift grids.
///
/// Neither a context nor what is made in it may be used by two threads at once. What is made in
/// it keeps it alive.
/// Source: PROJ documentation, "Threads" and "Resource files".
final class ProjContext {
  let pointer: OpaquePointer

  /// - Parameter dataFolder: searched for grids (such as OSTN15) before PROJ's own folders.
  init(dataFolder: String?) throws(ProjectionError) {
    guard let pointer = proj_context_create() else {
      throw ProjectionError("PROJ could not be started; coordinates cannot be converted.")
    }
    self.pointer = pointer
    // Its messages may quote coordinates, and what matters comes back as an error of ours.
    proj_log_level(pointer, PJ_LOG_NONE)
    proj_context_set_enable_network(pointer, 0)
    guard let dataFolder else { return }
    let paths = [dataFolder] + ProjContext.standardFolders
    let copies = paths.map { strdup($0) }
    let views = copies.map { UnsafePointer($0) }
    proj_context_set_search_paths(pointer, Int32(views.count), views)
    for copy in copies { free(copy) }
  }

  /// Asked for once: each call of `proj_info` frees the text that an earlier one gave, whichever thread has it.
  private static let standardFolders: [String] = {
    let path = proj_info().searchpath.map { String(cString: $0) } ?? ""
    return path.split(separator: ":").map(String.init)
  }()

  deinit {
    proj_context_destroy(pointer)
  }

  /// What PROJ knows under a name such as `EPSG:27700` or `urn:ogc:def:crs:OGC:1.3:CRS84`.
  ///
  /// Only codes of an authority are asked for: PROJ would also open files and run pipelines.
  /// Of a system with heights (EPSG:7405) it is the horizontal part.
  func system(_ crs: String) throws(ProjectionError) -> ProjObject {
    // As older servers of features write it.
    let experimental = "urn:x-ogc:def:crs:"
    let crs =
      crs.lowercased().hasPrefix(experimental)
      ? "urn:ogc:def:crs:" + crs.dropFirst(experimental.count) : crs
    guard isAuthorityCode(crs), let found = proj_create(pointer, crs),
      proj_is_crs(found) != 0
    else {
      guard proj_context_get_database_metadata(pointer, "EPSG.VERSION") != nil else {
        throw ProjectionError(
          "PROJ cannot read its database of coordinate systems (proj.db of Debian's proj-data); it is needed for "
            + "'\(crs.prefix(60))'.")
      }
      throw ProjectionError(
        "The coordinate system '\(crs.prefix(60))' is not known; write a code such as "
          + "EPSG:27700, or OGC:CRS84 for longitude and latitude.")
    }
    let whole = ProjObject(found, in: self)
    guard proj_get_type(found) == PJ_TYPE_COMPOUND_CRS,
      let horizontal = proj_crs_get_sub_crs(pointer, found, 0)
    else { return whole }
    return ProjObject(horizontal, in: self)
  }

  /// The datum of a coordinate system, or the ensemble of datums that stands for one; `nil` where
  /// it has none, as a local system.
  func datum(of system: OpaquePointer) -> ProjObject? {
    guard let geodetic = proj_crs_get_geodetic_crs(pointer, system) else { return nil }
    let owner = ProjObject(geodetic, in: self)
    guard
      let datum = proj_crs_get_datum(pointer, owner.pointer)
        ?? proj_crs_get_datum_ensemble(pointer, owner.pointer)
    else { return nil }
    return ProjObject(datum, in: self)
  }
}

/// Something that PROJ made in a context, destroyed with its owner.
struct ProjObject: ~Copyable {
  let pointer: OpaquePointer
  let context: ProjContext

  init(_ pointer: OpaquePointer, in context: ProjContext) {
    self.pointer = pointer
    self.context = context
  }

  deinit {
    proj_destroy(pointer)
  }

  var name: String { proj_get_name(pointer).map { String(cString: $0) } ?? "" }
}

/// Whether a name has one of the three forms of a code: `EPSG:27700`,
/// `urn:ogc:def:crs:EPSG::27700`, `http://www.opengis.net/def/crs/EPSG/0/27700`.
func isAuthorityCode(_ crs: String) -> Bool {
  guard crs.utf8.count <= 100 else { return false }
  let plain = crs.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == 0x3A || byte == 0x2E || byte == 0x2F || byte == 0x2D || byte == 0x5F
  }
  guard plain else { return false }
  let lower = crs.lowercased()
  if lower.hasPrefix("urn:ogc:def:crs:") { return true }
  if lower.hasPrefix("http://www.opengis.net/def/crs/") { return true }
  if lower.hasPrefix("https://www.opengis.net/def/crs/") { return true }
  let parts = lower.split(separator: ":", omittingEmptySubsequences: false)
  return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty && !lower.contains("/")
}
