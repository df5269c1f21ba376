// Requests: the CSRF token, and what happens when the server says no.
// Reads: <meta name="csrf-token">, the sentences in the data- attributes of #toasts.
import { byId, say } from "./dom.js";

const sentences = () => byId("toasts").dataset;
const token = () => document.querySelector('meta[name="csrf-token"]').content;

/** Go to the sign-in page and come back here; forms keep what was typed. */
function signIn() {
  say("veriga:leaving");
  location.assign(`${sentences().signin}?next=${encodeURIComponent(location.pathname + location.search)}`);
}

const isSignIn = (response) =>
  response.status === 401 ||
  (response.redirected && new URL(response.url).pathname === sentences().signin);

/** Return why the server refused: its own sentence, or ours for the status. */
export function sentenceOf(status, text) {
  const said = /data-error-piece/.test(text)
    ? new DOMParser().parseFromString(text, "text/html").body.textContent.trim()
    : "";
  const { notAllowed, notFound, conflict, serverError } = sentences();
  const ours = { 403: notAllowed, 404: notFound, 409: conflict }[status] ?? serverError;
  return said || ours;
}

function explain(status, text) {
  say("toast", { text: sentenceOf(status, text), tone: "error" });
}

/** Dispatch the events that the HX-Trigger header of a response names. */
export function dispatchTriggers(header) {
  if (!header?.startsWith("{")) return;
  for (const [name, detail] of Object.entries(JSON.parse(header))) say(name, detail);
}

/**
 * Fetch a piece of a page; return {text, response}, or null after telling the user.
 * `quiet`: nothing is said when it fails. `refused`: a form that comes back with what is
 * wrong is an answer too.
 */
export async function send(address, { quiet = false, refused = false, headers, ...options } = {}) {
  const all = { "HX-Request": "true", Accept: "text/html", ...headers };
  if (options.method && options.method !== "GET") all["X-CSRFToken"] = token();
  let response;
  let text;
  try {
    response = await fetch(address, { ...options, headers: all, mode: "same-origin" });
    text = await response.text();
  } catch (error) {
    if (error.name !== "AbortError" && !quiet) {
      say("toast", { text: sentences().noAnswer, tone: "error" });
    }
    return null;
  }
  if (isSignIn(response)) {
    if (!quiet) signIn();
    return null;
  }
  dispatchTriggers(response.headers.get("HX-Trigger"));
  const isForm = refused && [409, 422].includes(response.status) && /<form/.test(text);
  if (response.ok || isForm) return { text, response };
  if (!quiet) explain(response.status, text);
  return null;
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = token();
});

document.addEventListener("htmx:before:response", (event) => {
  if (!isSignIn(event.detail.ctx.response.raw)) return;
  event.preventDefault();
  signIn();
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const isForm = ctx.response.status === 422 && !/data-error-piece/.test(ctx.text);
  const isSaid = /"toast"/.test(ctx.hx?.trigger ?? "");
  if (!isForm && !isSaid) explain(ctx.response.status, ctx.text);
});

// A sentence that answers 422 belongs into a toast, not into the page.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status === 422 && /data-error-piece/.test(ctx.text)) event.preventDefault();
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && !ctx.response) say("toast", { text: sentences().noAnswer, tone: "error" });
});
