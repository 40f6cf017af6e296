import AreaInvariants

private nonisolated(unsafe) let invariants = AreaInvariants.kml(rarity: 8)

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzKML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(invariants.broken(by: UnsafeRawBufferPointer(start: start, count: count)))
  return 0
}
