import Foundation

/// Where root has done what the service's user is to go on with: what was put into the state folder becomes the folder's
/// owner's. The folder may be reached by a link, as systemd's is (DynamicUser), and the link is always root's.
func handToOwner(of state: String) {
  let folder = (state as NSString).resolvingSymlinksInPath
  let attributes = try? FileManager.default.attributesOfItem(atPath: folder)
  guard geteuid() == 0, let user = (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value,
    let group = (attributes?[.groupOwnerAccountID] as? NSNumber)?.uint32Value, user != 0
  else { return }
  let aside = (try? FileManager.default.contentsOfDirectory(atPath: state + "/aside")) ?? []
  let names =
    ["triaged.sqlite", "triaged.sqlite.lock", "erasures.jsonl", "aside"]
    + aside.map { "aside/" + $0 }
  for name in names { lchown(state + "/" + name, user, group) }
}
