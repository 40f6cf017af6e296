/// The mail about an episode's beginning, which is not sent where the episode ends before it is due.
let step0007Patience = """
  ALTER TABLE feed_episode ADD COLUMN told TEXT REFERENCES notice (id) ON DELETE SET NULL;

  CREATE INDEX episode_by_first_notice ON feed_episode (told) WHERE told IS NOT NULL;
  """
