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
