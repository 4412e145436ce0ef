"""A strict Bot API server on loopback and a chat page for it.

What it does as Telegram does it, with Telegram's words where it refuses:

- Updates: message, edited_message, callback_query, inline_query,
  chosen_inline_result, my_chat_member, chat_member, any other on order; polled or
  pushed; lifetimes, offsets, `allowed_updates`, conflicts of two pollers.
- Messages: text, photos (recompressed to every size), documents, clips, albums,
  copies, replies, forwards, drafts, HTML and MarkdownV2, every limit of length.
- Below them: callback, link, copy and switch-inline buttons with styles,
  `ForceReply` and whom it reaches; no edit of what had another markup.
- Inline mode: results, paging, caching per person, the button above, messages by
  `via_bot` where the bot is not, edits by `inline_message_id` without uploads.
- Groups: privacy mode, topics and their threads, permissions, administrators,
  anonymous ones, people and bots that come and go, growth into a supergroup.
- Profile: commands by scope and language, texts, menu button; files and their ids.
- Reactions (one, of those that exist), chat actions that end, 429 where limits or
  faults are ordered.

What it does not do: business accounts, payments, guest mode, ephemeral messages,
channels, polls, stories, fetching of pictures from the net, and the thinning of polls
that repeat an offset. Message numbers count per chat, in private too.
"""
