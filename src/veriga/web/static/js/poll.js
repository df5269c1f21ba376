// Asks every 15 s whether what the page shows has changed; 204 leaves it alone.
// Reads: [data-poll] on a container with an id; the page's address answers with its content.
import { fill, say } from "./dom.js";
import { send } from "./request.js";

const EVERY_MS = 15_000;
const seen = new WeakMap();

/** Put fresh content into `box`; what had the focus there has it again. */
function renew(box, html) {
  const held = box.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  fill(box, html);
  if (held) box.querySelector(`[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

async function ask(box) {
  const headers = { "X-Veriga-Poll": "1", "X-Veriga-Seen": seen.get(box) ?? "" };
  const answer = await send(location.pathname + location.search, { quiet: true, headers });
  if (!answer || !box.isConnected) return;
  seen.set(box, answer.response.headers.get("X-Veriga-Seen"));
  say("veriga:noticed", { state: answer.response.headers.get("X-Veriga-Notices") });
  if (answer.response.status === 204) return;
  const fresh = new DOMParser().parseFromString(answer.text, "text/html").body;
  // The first answer tells what is there already.
  if (fresh.textContent.replace(/\s+/g, "") !== box.textContent.replace(/\s+/g, "")) renew(box, answer.text);
}

/** Tell whether the page lets its content alone for now. */
export const isBusy = () => document.hidden || document.querySelector("#window[open], [popover]:popover-open");

setInterval(() => {
  if (isBusy()) return;
  for (const box of document.querySelectorAll("#app [data-poll]")) ask(box);
}, EVERY_MS);
