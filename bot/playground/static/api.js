/** The playground's client API over HTTP. */

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
