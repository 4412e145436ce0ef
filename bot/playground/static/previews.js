/** What a draft looks like in the chat before the server has it. */

/** One message, or one for each file. */
export function previewsOf(draft, { speaker, chatId, nextId }) {
  const files = draft.files?.length ? draft.files : [null];
  const album = files.length > 1 && !draft.asFile ? `pending${Date.now()}` : null;
  const shapeOf = (file) => draft.shapes?.get(file) ?? null;
  return files.map((file, at) => ({
    message_id: nextId(),
    chat_id: chatId,
    thread_id: draft.threadId ?? null,
    pending: true,
    date: Date.now() / 1000,
    edit_date: null,
    from: { ...speaker, is_bot: false },
    text: at === 0 ? draft.text || null : null,
    html: null,
    reply_to: draft.replyTo ?? null,
    media_group_id: album,
    photo: shapeOf(file),
    document: file && !shapeOf(file) ? localDocument(file) : null,
    animation: null,
    kind: draft.kind ?? (file ? (draft.asFile ? "document" : "photo") : "text"),
    keyboard: null,
    reaction: null,
  }));
}

function localDocument(file) {
  return { file_id: "", name: file.name, size: file.size, mime: file.type };
}

/** The server's message, which keeps the local picture until its own has loaded. */
export function withPreview(message, before) {
  const url = before?.photo?.placeholder ?? before?.photo?.url;
  if (!url || !message.photo) return message;
  return { ...message, photo: { ...message.photo, placeholder: url } };
}
