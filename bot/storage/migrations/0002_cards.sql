-- A card is a pair of pictures shown with buttons. Its buttons carry its id and work
-- for as long as the pictures are kept, whatever its owner has sent since.
CREATE TABLE cards (
    id                 TEXT PRIMARY KEY,
    chat_id            INTEGER NOT NULL,
    thread_id          INTEGER NOT NULL DEFAULT 0,
    user_id            INTEGER NOT NULL,
    language           TEXT NOT NULL,
    content            TEXT NOT NULL,
    content_message_id INTEGER NOT NULL,
    style              TEXT NOT NULL,
    style_message_id   INTEGER NOT NULL,
    clip               INTEGER NOT NULL,
    strength           TEXT NOT NULL,
    job_id             TEXT,
    created_at         REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX cards_by_job ON cards (job_id);

-- How many pictures an album has brought beyond the two that were taken.
ALTER TABLE drafts ADD COLUMN album_extra INTEGER NOT NULL DEFAULT 0;
-- What the next card says first; a value of `bot.chat.drafts.Note`.
ALTER TABLE drafts ADD COLUMN note TEXT;
