import Invariants

private nonisolated(unsafe) let invariants = CSVInvariants()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(invariants.broken(by: UnsafeRawBufferPointer(start: start, count: count)))
  return 0
}
