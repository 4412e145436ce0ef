-- In a group: the message of the one who asked, which is answered, and the names of
-- those whose photo and whose painting it is.
ALTER TABLE drafts ADD COLUMN request_message_id INTEGER;
ALTER TABLE drafts ADD COLUMN content_by TEXT;
ALTER TABLE drafts ADD COLUMN style_by TEXT;

ALTER TABLE cards ADD COLUMN request_message_id INTEGER;
ALTER TABLE cards ADD COLUMN content_by TEXT;
ALTER TABLE cards ADD COLUMN style_by TEXT;

-- What the bot said with a message, and whether it has answered one.
CREATE INDEX outbox_by_message ON outbox (chat_id, message_id);
CREATE INDEX outbox_by_answered ON outbox (chat_id, reply_to);
