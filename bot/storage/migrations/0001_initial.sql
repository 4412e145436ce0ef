-- All times are Unix seconds. Picture ids and file names are relative to the data
-- folder, so that the folder can be moved as a whole.

-- Every update of Telegram, stored before it is acknowledged.
CREATE TABLE updates (
    update_id   INTEGER PRIMARY KEY,
    received_at REAL NOT NULL,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'open'
                CHECK (state IN ('open', 'done', 'quarantined')),
    attempts    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX updates_by_state ON updates (state, received_at);

-- Pictures people sent; `id` is the hash of the bytes.
CREATE TABLE pictures (
    id         TEXT PRIMARY KEY,
    path       TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    format     TEXT NOT NULL,
    created_at REAL NOT NULL
);

-- What a person has sent so far in a chat; thread 0 is no topic.
CREATE TABLE drafts (
    chat_id            INTEGER NOT NULL,
    thread_id          INTEGER NOT NULL DEFAULT 0,
    user_id            INTEGER NOT NULL,
    content            TEXT,
    content_message_id INTEGER,
    style              TEXT,
    style_message_id   INTEGER,
    album_id           TEXT,
    clip               INTEGER NOT NULL DEFAULT 0,
    strength           TEXT,
    card_message_id    INTEGER,
    card_due_at        REAL,
    language           TEXT,
    updated_at         REAL NOT NULL,
    PRIMARY KEY (chat_id, thread_id, user_id)
) WITHOUT ROWID;
CREATE INDEX drafts_by_due_card ON drafts (card_due_at)
    WHERE card_due_at IS NOT NULL;

-- `key` makes a replayed tap find its job instead of making a second one.
CREATE TABLE jobs (
    id                TEXT PRIMARY KEY,
    key               TEXT NOT NULL UNIQUE,
    state             TEXT NOT NULL DEFAULT 'queued'
                      CHECK (state IN ('queued', 'running', 'painted',
                                       'delivered', 'failed', 'cancelled')),
    chat_id           INTEGER NOT NULL,
    thread_id         INTEGER,
    user_id           INTEGER NOT NULL,
    language          TEXT NOT NULL,
    reply_to          INTEGER NOT NULL,
    status_message_id INTEGER NOT NULL,
    content           TEXT NOT NULL,
    style             TEXT NOT NULL,
    strength          TEXT NOT NULL,
    clip              INTEGER NOT NULL DEFAULT 0,
    edge_px           INTEGER,
    attempt           INTEGER NOT NULL DEFAULT 0,
    created_at        REAL NOT NULL,
    started_at        REAL,
    finished_at       REAL,
    width             INTEGER,
    height            INTEGER,
    seconds           REAL,
    photo_file        TEXT,
    full_file         TEXT,
    clip_file         TEXT,
    error_code        TEXT
);
CREATE INDEX jobs_by_state ON jobs (state, created_at);
CREATE INDEX jobs_by_user ON jobs (user_id, state);

-- Every message owed to somebody.
CREATE TABLE outbox (
    id                  INTEGER PRIMARY KEY,
    key                 TEXT NOT NULL UNIQUE,
    job_id              TEXT,
    chat_id             INTEGER NOT NULL,
    thread_id           INTEGER,
    reply_to            INTEGER,
    kind                TEXT NOT NULL
                        CHECK (kind IN ('text', 'photo', 'document', 'animation')),
    text                TEXT NOT NULL DEFAULT '',
    file                TEXT,
    file_name           TEXT,
    keyboard            TEXT NOT NULL DEFAULT '[]',
    "after"             TEXT,
    width               INTEGER,
    height              INTEGER,
    duration            INTEGER,
    state               TEXT NOT NULL DEFAULT 'pending'
                        CHECK (state IN ('pending', 'sending', 'sent',
                                         'undeliverable')),
    attempts            INTEGER NOT NULL DEFAULT 0,
    not_before          REAL NOT NULL DEFAULT 0,
    created_at          REAL NOT NULL,
    sent_at             REAL,
    message_id          INTEGER,
    file_id             TEXT,
    duplicates_possible INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX outbox_by_state ON outbox (state, not_before);
CREATE INDEX outbox_by_job ON outbox (job_id);

CREATE TABLE users (
    user_id  INTEGER PRIMARY KEY,
    language TEXT,
    seen_at  REAL NOT NULL
);

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
