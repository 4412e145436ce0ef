/** The playground's client API over HTTP. */

/** GroupAnonymousBot, who writes for administrators that remain anonymous. */
export const ANONYMOUS_ID = 1087968824;

/** A request that failed, with a sentence for people. */
export class ApiError extends Error {}

async function reason(response) {
  try {
    const body = await response.json();
    return body.error ?? body.description ?? body.detail ?? response.statusText;
  } catch {
    return response.statusText;
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError("The playground cannot be reached.");
  }
  if (!response.ok) throw new ApiError(String(await reason(response)));
  return response.json();
}

function post(path, body) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export function world() {
  return request("/api/world");
}

export async function messages(chatId, userId) {
  const answer = await request(`/api/chats/${chatId}/messages?user=${userId}`);
  return answer.messages;
}

/** Sends text and up to ten files; two or more pictures make an album. */
export async function send(chatId, userId, draft) {
  const form = new FormData();
  form.set("user", userId);
  if (draft.text) form.set("text", draft.text);
  if (draft.replyTo) form.set("reply_to", draft.replyTo);
  if (draft.asFile) form.set("as_file", "1");
  if (draft.kind) form.set("kind", draft.kind);
  if (draft.threadId) form.set("thread_id", draft.threadId);
  if (draft.anonymous) form.set("anonymous", "1");
  if (draft.forwardFrom) form.set("forward_from", draft.forwardFrom);
  for (const file of draft.files ?? []) form.append("photo", file, file.name);
  const answer = await request(`/api/chats/${chatId}/messages`, {
    method: "POST",
    body: form,
  });
  return answer.messages;
}

/** Presses a button; resolves when the bot has answered or the server gave up. */
export function press(chatId, messageId, userId, data) {
  const path = `/api/chats/${chatId}/messages/${messageId}/press`;
  return post(path, { user: userId, data });
}

export function remove(chatId, messageId, userId) {
  return post(`/api/chats/${chatId}/messages/${messageId}/delete`, { user: userId });
}

export function edit(chatId, messageId, userId, text) {
  return post(`/api/chats/${chatId}/messages/${messageId}/edit`, { user: userId, text });
}

/** Asks the bot as `@bot query` does: `{query_id, answered, results, next_offset, button}`. */
export function inlineQuery({ userId, chatId }, query, offset) {
  return post("/api/inline", { user: userId, chat_id: chatId, query, offset });
}

/** Sends a result of an inline query. */
export function chooseResult(queryId, { userId, chatId, topicId }, resultId) {
  const place = { user: userId, chat_id: chatId, thread_id: topicId };
  return post(`/api/inline/${queryId}/choose`, { ...place, result_id: resultId });
}

/** What a link to the bot does: `/start payload` in the private chat or a group. */
export function start(userId, payload, chatId) {
  return post("/api/start", { user: userId, payload, chat_id: chatId });
}

/** Opens a topic; resolves to its id. */
export async function createTopic(chatId, userId, name) {
  const answer = await post(`/api/chats/${chatId}/topics`, { user: userId, name });
  return answer.thread_id;
}

/** Makes a group a supergroup, which has another id. */
export function migrate(chatId, userId) {
  return post(`/api/chats/${chatId}/migrate`, { user: userId });
}

/** Says whether members, the bot among them, may send photos. */
export function permitPhotos(chatId, userId, permitted) {
  return post(`/api/chats/${chatId}/permissions`, { user: userId, can_send_photos: permitted });
}

export function setAdministrator(chatId, userId, member, administrator) {
  const path = `/api/chats/${chatId}/administrators`;
  return post(path, { user: userId, member, administrator });
}

/** Blocks, removes, promotes or readmits the bot. */
export function setBotStatus(chatId, userId, status) {
  return post(`/api/chats/${chatId}/bot`, { user: userId, status });
}

export function leave(chatId, userId) {
  return post(`/api/chats/${chatId}/leave`, { user: userId });
}

export function addUser({ name, language }) {
  return post("/api/users", { name, language });
}

export function setLanguage(userId, language) {
  return post(`/api/users/${userId}`, { language });
}

/** The bot's commands as this user is offered them in this chat. */
export async function commands({ userId, chatId }) {
  const answer = await request(`/api/commands?user=${userId}&chat_id=${chatId}`);
  return answer.commands;
}

export function eventsUrl(userId, after) {
  return `/api/events?user=${userId}&after=${after}`;
}

/** The address of a file's bytes; a local preview has its own. */
export function fileUrl(file) {
  return file.url ?? `/api/files/${encodeURIComponent(file.file_id)}`;
}

/** A sample picture as a file ready to be sent. */
export async function sample(name) {
  const response = await fetch(`/samples/${name}`).catch(() => null);
  if (!response?.ok) throw new ApiError("The sample picture cannot be reached.");
  return new File([await response.blob()], name, { type: "image/jpeg" });
}
