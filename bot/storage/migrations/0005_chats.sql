-- Chats: whose colours, a second style, a style's name, and where a picture came from.
-- A picture that came from no message (gallery, saved style, result) has message id 0.

-- 'style' or 'photo': whose colours the result has.
ALTER TABLE jobs ADD COLUMN colors TEXT NOT NULL DEFAULT 'style';
-- A second painting, blended in with equal weight.
ALTER TABLE jobs ADD COLUMN second_style TEXT;
-- What the style is called, if it has a name.
ALTER TABLE jobs ADD COLUMN style_name TEXT;

ALTER TABLE drafts ADD COLUMN colors TEXT NOT NULL DEFAULT 'style';
ALTER TABLE drafts ADD COLUMN second_style TEXT;
ALTER TABLE drafts ADD COLUMN style_name TEXT;
-- Whether the next picture is blended in instead of replacing the painting, and the
-- message that brought it.
ALTER TABLE drafts ADD COLUMN blending INTEGER NOT NULL DEFAULT 0;
ALTER TABLE drafts ADD COLUMN second_message_id INTEGER;

ALTER TABLE cards ADD COLUMN colors TEXT NOT NULL DEFAULT 'style';
ALTER TABLE cards ADD COLUMN second_style TEXT;
ALTER TABLE cards ADD COLUMN style_name TEXT;
-- The longer side that was asked for; NULL: the executor's default.
ALTER TABLE cards ADD COLUMN edge_px INTEGER;

-- Styles a person keeps, and styles that were shared under a code.
CREATE TABLE styles (
    id         TEXT PRIMARY KEY,
    user_id    INTEGER NOT NULL,
    name       TEXT,
    picture    TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('saved', 'shared')),
    created_at REAL NOT NULL,
    used_at    REAL NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX styles_by_owner ON styles (user_id, kind, picture);

-- What a person has chosen; NULL: nothing.
ALTER TABLE users ADD COLUMN chosen_language TEXT;
ALTER TABLE users ADD COLUMN strength TEXT;
ALTER TABLE users ADD COLUMN size TEXT;
ALTER TABLE users ADD COLUMN colors TEXT;
ALTER TABLE users ADD COLUMN clip INTEGER;

-- The id under which Telegram keeps the same picture as a photo; of one bot only.
ALTER TABLE pictures ADD COLUMN file_id TEXT;

-- Albums, forced replies, and what was sent before by its `file_id`. A rule on the
-- values of a column can only be changed with a new table.
CREATE TABLE new_outbox (
    id                  INTEGER PRIMARY KEY,
    key                 TEXT NOT NULL UNIQUE,
    job_id              TEXT,
    chat_id             INTEGER NOT NULL,
    thread_id           INTEGER,
    reply_to            INTEGER,
    kind                TEXT NOT NULL
                        CHECK (kind IN ('text', 'photo', 'document', 'animation',
                                        'album')),
    text                TEXT NOT NULL DEFAULT '',
    file                TEXT,
    file_id             TEXT,
    file_name           TEXT,
    -- Of an album: JSON, one list for each picture.
    parts               TEXT,
    keyboard            TEXT NOT NULL DEFAULT '[]',
    -- Of a forced reply: what its empty field says; NULL: no reply is forced.
    placeholder         TEXT,
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
    -- Of an album: that of its first picture; `parts` has all.
    message_id          INTEGER,
    duplicates_possible INTEGER NOT NULL DEFAULT 0
);
INSERT INTO new_outbox (
    id, key, job_id, chat_id, thread_id, reply_to, kind, text, file, file_id,
    file_name, keyboard, "after", width, height, duration, state, attempts, not_before,
    created_at, sent_at, message_id, duplicates_possible
)
SELECT
    id, key, job_id, chat_id, thread_id, reply_to, kind, text, file, file_id,
    file_name, keyboard, "after", width, height, duration, state, attempts, not_before,
    created_at, sent_at, message_id, duplicates_possible
FROM outbox;
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE INDEX outbox_by_state ON outbox (state, not_before);
CREATE INDEX outbox_by_job ON outbox (job_id);
CREATE INDEX outbox_by_file ON outbox (file) WHERE file IS NOT NULL;

-- Who brought a picture to the bot: by sending it, or by asking for it to be painted.
CREATE TABLE senders (
    picture TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (picture, user_id)
) WITHOUT ROWID;
CREATE INDEX senders_by_user ON senders (user_id);
-- Whom a message is for; NULL: nobody in particular.
ALTER TABLE outbox ADD COLUMN user_id INTEGER;

-- What somebody wants gone, by the tap that asked for it. A row stays until no trace
-- is left, so that a crash in between only delays it.
CREATE TABLE erasures (
    update_id INTEGER PRIMARY KEY
);
-- The files of an erasure: what each is and its name in its folder.
CREATE TABLE condemned (
    update_id INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('picture', 'pair', 'job')),
    name      TEXT NOT NULL,
    PRIMARY KEY (update_id, kind, name)
) WITHOUT ROWID;
