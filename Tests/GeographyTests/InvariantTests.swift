import Foundation
import Testing
import Triage

@testable import Geography

@Suite("The promises of the fuzz programs") struct InvariantTests {
  @Test("hold of every fixture, and of each of them with any byte changed or cut off there")
  func fixtures() throws {
    let folder = repository("Tests/GeographyTests/Fixtures")
    var random = Seeded(41)
    var tried = 0
    for kind in ["good", "bad"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/" + kind).sorted()
      {
        let bytes = try fixture("\(kind)/\(name)")
        let invariants: AreaInvariants
        switch AreaFileKind(name) {
        case .geoJSON: invariants = .geoJSON()
        case .kml: invariants = .kml()
        default: continue
        }
        #expect(invariants.broken(by: bytes) == nil, "\(name)")
        for _ in 0..<(bytes.count < 4000 ? 20 : 2) where !bytes.isEmpty {
          var changed = bytes
          changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
          #expect(invariants.broken(by: changed) == nil, "\(name)")
          let cut = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
          #expect(invariants.broken(by: cut) == nil, "\(name)")
          tried += 2
        }
      }
    }
    #expect(tried > 1000)
  }
}
