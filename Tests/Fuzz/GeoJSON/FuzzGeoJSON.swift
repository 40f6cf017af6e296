import AreaInvariants

private nonisolated(unsafe) let invariants = AreaInvariants.geoJSON(rarity: 8)

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGeoJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(invariants.broken(by: UnsafeRawBufferPointer(start: start, count: count)))
  return 0
}
