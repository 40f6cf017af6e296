/// The templates of the board's pages, by name.
let boardTemplates: [String: String] = [
  "board": text(PackageResources.board_mustache),
  "board-claim": text(PackageResources.board_claim_mustache),
  "board-done": text(PackageResources.board_done_mustache),
  "board-feeds": text(PackageResources.board_feeds_mustache),
  "board-items": text(PackageResources.board_items_mustache),
  "board-job": text(PackageResources.board_job_mustache),
  "board-member": text(PackageResources.board_member_mustache),
  "board-pass": text(PackageResources.board_pass_mustache),
  "board-place": text(PackageResources.board_place_mustache),
  "board-priority": text(PackageResources.board_priority_mustache),
  "board-problem": text(PackageResources.board_problem_mustache),
  "board-release": text(PackageResources.board_release_mustache),
  "board-revoke": text(PackageResources.board_revoke_mustache),
  "board-top": text(PackageResources.board_top_mustache),
  "board-where": text(PackageResources.board_where_mustache),
  "boards": text(PackageResources.boards_mustache),
  "sign-in": text(PackageResources.sign_in_mustache),
  "sign-in-link": text(PackageResources.sign_in_link_mustache),
  "status": text(PackageResources.status_mustache),
]

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
