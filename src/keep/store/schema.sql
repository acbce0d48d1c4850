-- The index of the mail. Everything here can be rebuilt from the Maildir and its journal, but tokens of
-- the API, sessions, drafts, what engines were paid for and the bytes of mails that wait. Times are microseconds since 1970, UTC. Keys are 63-bit hashes (ground/key.rs); `row` numbers are
-- SQLite's own and leave the store nowhere.

CREATE TABLE accounts (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  address     TEXT NOT NULL UNIQUE,   -- public address, folded
  language    TEXT NOT NULL,
  form        TEXT NOT NULL UNIQUE,
  type        TEXT NOT NULL DEFAULT 'accommodation',
  plan        TEXT NOT NULL DEFAULT 'connect',
  relay_address TEXT UNIQUE,          -- folded; the address OTAs know
  signature   TEXT NOT NULL DEFAULT '',
  time_zone   TEXT NOT NULL DEFAULT '',  -- IANA name; '' is UTC
  own_address TEXT,                   -- on the house's own domain
  vouched_since INTEGER,              -- since when that domain vouches for us (relais doctor)
  engines     TEXT NOT NULL DEFAULT '[]'  -- that translate for it, in this order; none: the gateway's
) STRICT;

CREATE TABLE members (
  id          INTEGER PRIMARY KEY,
  account_id  INTEGER NOT NULL REFERENCES accounts(id),
  address     TEXT NOT NULL,
  name        TEXT NOT NULL,
  reads       TEXT NOT NULL DEFAULT '',  -- languages they read besides the house's, separated by spaces
  as_written  INTEGER NOT NULL DEFAULT 0 CHECK (as_written IN (0, 1)),  -- their replies are not translated unless asked
  strict      INTEGER NOT NULL DEFAULT 0 CHECK (strict IN (0, 1)),  -- only DMARC proves them
  quiet       INTEGER NOT NULL DEFAULT 0 CHECK (quiet IN (0, 1)),  -- not mailed about what is new
  role        TEXT NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'member', 'read_only')),
  removed     INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX members_of_account ON members(account_id);

CREATE TABLE api_tokens (
  hash        BLOB PRIMARY KEY,       -- SHA-256 of the token: a copy of the store opens nothing
  account_id  INTEGER NOT NULL REFERENCES accounts(id),
  name        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  scope       TEXT NOT NULL DEFAULT 'admin' CHECK (scope IN ('read', 'reply', 'admin')),
  expires_at  INTEGER
) STRICT, WITHOUT ROWID;

-- Who is signed in where (keep/store/sessions.rs). Neither rebuilt nor emptied by a rebuild.
CREATE TABLE sessions (
  hash        BLOB PRIMARY KEY,       -- SHA-256 of the cookie
  account_id  INTEGER NOT NULL REFERENCES accounts(id),
  member_id   INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  until       INTEGER NOT NULL,
  browser     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_member ON sessions(member_id);

-- The audit log (keep/store/actions.rs), from the journal.
CREATE TABLE actions (
  row         INTEGER PRIMARY KEY,
  account_id  INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  who         TEXT NOT NULL,
  what        TEXT NOT NULL,
  about       TEXT NOT NULL,          -- ids, with spaces between
  peer        TEXT NOT NULL,
  refused     INTEGER                 -- the status that refused it
) STRICT;
CREATE INDEX actions_of_account ON actions(account_id, at);

CREATE TABLE conversations (
  row             INTEGER PRIMARY KEY,
  id              INTEGER NOT NULL UNIQUE,
  account_id      INTEGER NOT NULL REFERENCES accounts(id),
  subject         TEXT NOT NULL,
  visitor_name    TEXT,
  visitor_address TEXT,
  channel         TEXT NOT NULL,
  language        TEXT,
  language_why    TEXT,               -- the strongest reason for it (ground/language/choice.rs)
  created_at      INTEGER NOT NULL,
  last_at         INTEGER NOT NULL,
  last_text       TEXT NOT NULL DEFAULT '',
  message_count   INTEGER NOT NULL DEFAULT 0,
  unread_count    INTEGER NOT NULL DEFAULT 0,
  needs_reply     INTEGER NOT NULL DEFAULT 0 CHECK (needs_reply IN (0, 1)),
  closed          INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
  deleted_at      INTEGER,
  merged_into     INTEGER,
  link            TEXT,               -- the channel's own page
  read_only_at    INTEGER,            -- since when the channel takes no answer
  arrival         TEXT,               -- days, as 2027-08-14
  departure       TEXT,
  relay_address   TEXT                -- the newest address of the platform's mail: the other road to the visitor
) STRICT;
CREATE INDEX conversations_by_time ON conversations(account_id, deleted_at, last_at DESC, id);
CREATE INDEX conversations_waiting ON conversations(account_id, last_at DESC, id)
  WHERE needs_reply = 1 AND deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX conversations_unread ON conversations(account_id, last_at DESC, id)
  WHERE unread_count > 0 AND deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX conversations_open ON conversations(account_id, last_at DESC, id)
  WHERE closed = 0 AND deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX conversations_of_language ON conversations(account_id, language);
CREATE INDEX conversations_counted ON conversations(account_id) WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX conversations_deleted ON conversations(deleted_at) WHERE deleted_at IS NOT NULL;

-- Reply tokens given out. The token names the conversation and who holds it.
CREATE TABLE participants (
  token           TEXT PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  participant     TEXT NOT NULL       -- 'v' or 'm<member>'
) STRICT, WITHOUT ROWID;
CREATE INDEX participants_of_conversation ON participants(conversation_id);

CREATE TABLE messages (
  row             INTEGER PRIMARY KEY,
  id              INTEGER NOT NULL UNIQUE,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  account_id      INTEGER NOT NULL,
  spool_name      TEXT NOT NULL,
  side            TEXT NOT NULL CHECK (side IN ('visitor', 'provider')),
  kind            TEXT NOT NULL,      -- ground/conversation.rs: MessageKind
  state           TEXT NOT NULL,      -- ground/conversation.rs: MessageState
  channel         TEXT NOT NULL,
  member_id       INTEGER,
  author_name     TEXT,
  author_address  TEXT,
  subject         TEXT NOT NULL,
  text            TEXT NOT NULL,
  quoted          TEXT NOT NULL,
  signature       TEXT NOT NULL,
  html            TEXT,               -- safe HTML
  confidence      REAL NOT NULL,
  language        TEXT,
  language_confidence REAL,
  rfc_message_id  TEXT,
  thread_index    TEXT,               -- the conversation as the author's Outlook knows it (ground/compose/thread_index.rs)
  fingerprint     BLOB,               -- content hash: the same mail by another road is one message
  at              INTEGER NOT NULL,
  read            INTEGER NOT NULL CHECK (read IN (0, 1)),
  size_bytes      INTEGER NOT NULL,
  route           TEXT NOT NULL,      -- JSON: strategy and evidence
  details         TEXT NOT NULL       -- JSON: what else reading found (bounce, forwarded, oddities …)
) STRICT;
CREATE INDEX messages_of_conversation ON messages(conversation_id, at, id);
CREATE INDEX messages_of_file ON messages(spool_name);
CREATE INDEX messages_held ON messages(account_id, conversation_id) WHERE state = 'held';

CREATE TABLE attachments (
  message_id  INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,       -- index among the letter's attachments
  name        TEXT NOT NULL,
  media_type  TEXT NOT NULL,
  size_bytes  INTEGER NOT NULL,
  sha256      TEXT NOT NULL,
  inline      INTEGER NOT NULL,
  content_id  TEXT,
  danger      TEXT,                   -- why it wants care (ground/danger.rs)
  PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;

-- Every Message-ID met: of messages, and of ancestors named in References but never seen.
CREATE TABLE known_ids (
  account_id      INTEGER NOT NULL,
  rfc_message_id  TEXT NOT NULL,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  message_id      INTEGER,            -- NULL for an ancestor never seen
  PRIMARY KEY (account_id, rfc_message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_ids_of_conversation ON known_ids(conversation_id);

-- The names channels give a conversation: reservation numbers, threads, relay addresses.
CREATE TABLE ota_keys (
  account_id      INTEGER NOT NULL,
  channel         TEXT NOT NULL,
  kind            TEXT NOT NULL,
  value           TEXT NOT NULL,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, channel, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX ota_keys_of_conversation ON ota_keys(conversation_id);

-- The ids channels give messages: what comes twice is one message.
CREATE TABLE external_ids (
  account_id      INTEGER NOT NULL,
  channel         TEXT NOT NULL,
  value           TEXT NOT NULL,
  message_id      INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, channel, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_ids_of_message ON external_ids(message_id);

-- An account's credentials on a channel. A setting: journaled, the secret sealed (flow/gateway/connections).
CREATE TABLE connections (
  id            INTEGER PRIMARY KEY,
  account_id    INTEGER NOT NULL REFERENCES accounts(id),
  channel       TEXT NOT NULL,
  machine       TEXT NOT NULL,        -- the name of the credentials: they have one poller, whatever houses they serve
  property      TEXT NOT NULL,
  url           TEXT NOT NULL,
  token_url     TEXT NOT NULL,
  sealed        BLOB NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('active', 'paused', 'broken')),
  synced_at     INTEGER,              -- when what was there before had been imported
  polled_at     INTEGER,              -- the last good poll
  imported      INTEGER NOT NULL DEFAULT 0,
  last_error    TEXT,
  sync_page     TEXT,                 -- where the import goes on after a crash
  threads       INTEGER,              -- how many conversations there are on the channel
  looked        INTEGER NOT NULL DEFAULT 0, -- how many of them were imported
  looked_until  INTEGER,              -- what changed there before has been read
  error_at      INTEGER,              -- since when polling fails
  told_at       INTEGER,              -- when the members were told that something is refused
  told_what     TEXT NOT NULL DEFAULT 'credentials' CHECK (told_what IN ('credentials', 'property')), -- and what
  connected_at  INTEGER,              -- since when what is said there is news
  UNIQUE (machine, property)
) STRICT;

-- What is to be done about a channel's conversation: read it, for a notification named it ('look'); say there that no
-- reply is needed ('done') or that it was read ('read'), close it ('close'). Not rebuilt: polling finds the first, the others are courtesy.
CREATE TABLE channel_hints (
  connection_id INTEGER NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
  thread        TEXT NOT NULL,
  what          TEXT NOT NULL CHECK (what IN ('look', 'done', 'read', 'close')),
  at            INTEGER NOT NULL,
  PRIMARY KEY (connection_id, thread, what)
) STRICT, WITHOUT ROWID;

-- What members have begun to write (keep/store/drafts.rs). In no mail yet: not rebuilt, and not emptied by a rebuild.
CREATE TABLE drafts (
  conversation_id INTEGER NOT NULL,
  member_id       INTEGER NOT NULL,
  text            TEXT NOT NULL,
  at              INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE draft_files (
  row             INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL,
  member_id       INTEGER NOT NULL,
  name            TEXT NOT NULL,
  media_type      TEXT NOT NULL,
  content         BLOB NOT NULL
) STRICT;
CREATE INDEX draft_files_of_draft ON draft_files(conversation_id, member_id);

-- Spool files already dealt with, also those that made no message (bounces of our mail, duplicates).
CREATE TABLE processed (
  spool_name  TEXT PRIMARY KEY,
  result      TEXT NOT NULL,
  concerns    INTEGER             -- the conversation a file without a message is about: a report, a second copy
) STRICT, WITHOUT ROWID;
CREATE INDEX processed_concerning ON processed(concerns) WHERE concerns IS NOT NULL;

CREATE TABLE outbox (
  row             INTEGER PRIMARY KEY,
  id              INTEGER NOT NULL UNIQUE,
  account_id      INTEGER NOT NULL,
  conversation_id INTEGER NOT NULL,
  message_id      INTEGER NOT NULL,   -- the message this mail carries or is about
  purpose         TEXT NOT NULL,      -- keep/store/queue.rs: Purpose
  participant     TEXT NOT NULL,
  recipient       TEXT NOT NULL,
  reverse_path    TEXT,               -- NULL is the null path
  rfc_message_id  TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'failed', 'held', 'unknown')),
  attempts        INTEGER NOT NULL DEFAULT 0,
  created_at      INTEGER NOT NULL,
  due_at          INTEGER NOT NULL,
  ended_at        INTEGER,
  delay_told      INTEGER NOT NULL DEFAULT 0,
  last_answer     TEXT,               -- JSON Answer of the last attempt
  dot_sent        INTEGER NOT NULL DEFAULT 0 -- 1: an attempt without an end came so far that the other side may have the mail
) STRICT;
CREATE INDEX outbox_due ON outbox(due_at) WHERE state = 'waiting';
CREATE INDEX outbox_of_message ON outbox(message_id);
CREATE INDEX outbox_failed ON outbox(account_id, conversation_id) WHERE state IN ('failed', 'unknown');
CREATE INDEX outbox_confirmations ON outbox(recipient, created_at) WHERE purpose = 'confirmation';
CREATE INDEX outbox_notices ON outbox(created_at) WHERE purpose = 'connection_notice';
CREATE INDEX outbox_of_conversation ON outbox(conversation_id);

-- The mail itself, rendered once, gone after a good end. Apart, because a change of state would write it again.
CREATE TABLE outbox_raw (
  outgoing_id INTEGER PRIMARY KEY REFERENCES outbox(id) ON DELETE CASCADE,
  raw         BLOB NOT NULL
) STRICT;

CREATE TABLE attempts (
  row         INTEGER PRIMARY KEY,
  outgoing_id INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  outcome     TEXT NOT NULL,          -- done, later, never, unknown
  host        TEXT,
  code        INTEGER,
  enhanced    TEXT,
  text        TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_of_outgoing ON attempts(outgoing_id);

-- Messages in another language: what a member reads of a visitor's, what a visitor gets of a reply.
CREATE TABLE translations (
  message_id  INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
  language    TEXT NOT NULL,          -- of the translation
  source      TEXT NOT NULL,          -- of the original
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'done', 'held', 'never')),
  text        TEXT NOT NULL DEFAULT '',
  back        TEXT NOT NULL DEFAULT '',
  engines     TEXT NOT NULL DEFAULT '[]',
  rough       INTEGER NOT NULL DEFAULT 0 CHECK (rough IN (0, 1)),
  differences TEXT NOT NULL DEFAULT '[]',
  why         TEXT NOT NULL DEFAULT '',
  marks       TEXT,                   -- JSON: what is bold, a link or a list in text
  attempts    INTEGER NOT NULL DEFAULT 0,
  due_at      INTEGER NOT NULL,       -- when to ask an engine, or to send what is ready
  deadline_at INTEGER NOT NULL,       -- when waiting for an engine ends
  PRIMARY KEY (message_id, language)
) STRICT, WITHOUT ROWID;
CREATE INDEX translations_due ON translations(due_at) WHERE state IN ('waiting', 'ready');

-- How we stand with each correspondent of a conversation: the guard against loops (ground/loops.rs).
CREATE TABLE correspondents (
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  address         TEXT NOT NULL,
  ledger          TEXT NOT NULL,      -- JSON
  PRIMARY KEY (conversation_id, address)
) STRICT, WITHOUT ROWID;

-- What happened in a conversation beside its messages.
CREATE TABLE events (
  row             INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  message_id      INTEGER,
  at              INTEGER NOT NULL,
  kind            TEXT NOT NULL,
  text            TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_conversation ON events(conversation_id, at);

-- Full text, accents folded. The text itself stays in `messages`.
CREATE VIEW searched AS
  SELECT row, subject, coalesce(author_name, '') || ' ' || coalesce(author_address, '') AS people,
         text || char(10) || quoted AS body
  FROM messages;
CREATE VIRTUAL TABLE search USING fts5(
  subject, people, body,
  content = 'searched', content_rowid = 'row',
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
-- Messages of this transaction that are not in the full text yet: FTS5 writes a segment whenever a statement that could
-- be undone begins, so they enter together before the commit (keep/store/search.rs). Empty after every transaction.
CREATE TABLE unsearched (row INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER messages_unsearched AFTER INSERT ON messages BEGIN
  INSERT INTO unsearched(row) VALUES (new.row);
END;
CREATE TRIGGER messages_unindexed BEFORE DELETE ON messages WHEN old.row NOT IN (SELECT row FROM unsearched) BEGIN
  INSERT INTO search(search, rowid, subject, people, body)
  VALUES ('delete', old.row, old.subject, coalesce(old.author_name, '') || ' ' || coalesce(old.author_address, ''),
          old.text || char(10) || old.quoted);
END;

-- What stands beside the words of a message: its translations and the names of its files. They come later than the
-- message and more than once, so they have a full text of their own, entered as the other is.
CREATE VIEW beside AS
  SELECT row, subject, coalesce(author_name, '') || ' ' || coalesce(author_address, '') AS people,
         coalesce((SELECT group_concat(t.text, char(10)) FROM translations t
                   WHERE t.message_id = m.id AND t.state = 'done'), '') || char(10) ||
         coalesce((SELECT group_concat(a.name, char(10)) FROM attachments a WHERE a.message_id = m.id), '') AS body
  FROM messages m;
CREATE VIRTUAL TABLE search_beside USING fts5(
  subject, people, body,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
CREATE TABLE unsearched_beside (row INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER attachments_unsearched AFTER INSERT ON attachments BEGIN
  INSERT OR IGNORE INTO unsearched_beside(row) SELECT row FROM messages WHERE id = new.message_id;
END;
CREATE TRIGGER translations_unsearched AFTER INSERT ON translations WHEN new.state = 'done' BEGIN
  INSERT OR IGNORE INTO unsearched_beside(row) SELECT row FROM messages WHERE id = new.message_id;
END;
CREATE TRIGGER translations_changed AFTER UPDATE ON translations WHEN new.state = 'done' BEGIN
  INSERT OR IGNORE INTO unsearched_beside(row) SELECT row FROM messages WHERE id = new.message_id;
END;

-- Scripts without spaces, as pairs of letters (ground/search/bigrams.rs); only messages that have any.
CREATE VIRTUAL TABLE search_pairs USING fts5(
  pairs, content = '', contentless_delete = 1, detail = full, tokenize = "unicode61 remove_diacritics 0"
);
CREATE TRIGGER messages_unpaired AFTER DELETE ON messages BEGIN
  DELETE FROM search_pairs WHERE rowid = old.row;
  DELETE FROM unsearched WHERE row = old.row;
  DELETE FROM search_beside WHERE rowid = old.row;
  DELETE FROM unsearched_beside WHERE row = old.row;
END;

-- The memory of translated segments, facts hidden (flow/translate/memory.rs). Engines' answers are a cache; what a
-- person wrote (engine '') is in the journal too.
CREATE TABLE segments (
  account_id  INTEGER NOT NULL,
  source      TEXT NOT NULL,          -- language of the text
  language    TEXT NOT NULL,          -- language it is said in
  engine      TEXT NOT NULL,          -- with model and options; empty for a person
  text        TEXT NOT NULL,
  said        TEXT NOT NULL,
  kept_at     INTEGER NOT NULL,
  PRIMARY KEY (account_id, source, language, text, engine)
) STRICT, WITHOUT ROWID;
CREATE INDEX segments_by_age ON segments(kept_at) WHERE engine <> '';

-- Characters each engine was given for an account, by month (UTC): what is billed. Lost with the store.
CREATE TABLE translation_usage (
  account_id  INTEGER NOT NULL,
  month       TEXT NOT NULL,          -- 2026-11
  engine      TEXT NOT NULL,
  characters  INTEGER NOT NULL,
  PRIMARY KEY (account_id, month, engine)
) STRICT, WITHOUT ROWID;

-- How an account wants a term said.
CREATE TABLE glossary (
  account_id  INTEGER NOT NULL,
  source      TEXT NOT NULL,
  language    TEXT NOT NULL,
  term        TEXT NOT NULL,
  said        TEXT NOT NULL,
  PRIMARY KEY (account_id, source, language, term)
) STRICT, WITHOUT ROWID;

CREATE TABLE form_rules (
  account_id INTEGER PRIMARY KEY REFERENCES accounts(id),
  rules      TEXT NOT NULL            -- JSON (ground/form.rs)
) STRICT;
CREATE TABLE suppressed (
  account_id INTEGER NOT NULL DEFAULT 0,
  address    TEXT NOT NULL,           -- folded; this house sends nothing to it
  reason     TEXT NOT NULL,           -- what its server said
  since      INTEGER NOT NULL,
  until      INTEGER NOT NULL,
  PRIMARY KEY (account_id, address)
) STRICT, WITHOUT ROWID;
-- Senders a member wants to count as themselves: an address, and the domain that must vouch for its mail.
CREATE TABLE senders (
  member_id INTEGER NOT NULL REFERENCES members(id) ON DELETE CASCADE,
  address   TEXT NOT NULL,            -- folded
  domain    TEXT NOT NULL,
  PRIMARY KEY (member_id, address, domain)
) STRICT, WITHOUT ROWID;
