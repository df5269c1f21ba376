// The bell: asks every few seconds whether there are new notices, says them in toasts,
// and keeps their number in the bell and in the title of the tab.
// Reads: [data-notices=url] on the bell, which answers {number, seen, toasts} or 204;
//        event `veriga:noticed` {state} of a page that polls itself.
// Tabs share what they know: one of them asks for all.
import { say } from "./dom.js";
import { isBusy } from "./poll.js";
import { send } from "./request.js";

const EVERY_MS = 12_000;
const BESIDE_POLL_MS = 20_000; // such a page tells by itself, every 15 s
const LOOK_MS = 2_000;
const KEPT = "veriga-notices";
const SAID = "veriga-notices-said";
const MOST_SAID = 50;

const bell = document.querySelector("[data-notices]");
const place = bell?.querySelector("[data-nav-count]");

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
const write = (key, value) => localStorage.setItem(key, JSON.stringify(value));
const known = () => read(KEPT, {});

/** Put the number of the bell before the title of the tab, wherever it came from. */
function paintTitle() {
  const plain = document.title.replace(/^\(\d+\+?\) /, "");
  const title = place.textContent ? `(${place.textContent}) ${plain}` : plain;
  if (title !== document.title) document.title = title;
}

function paint(number) {
  const text = number > 99 ? "99+" : String(number || "");
  if (place.textContent !== text) place.textContent = text;
}

function sayNew(toasts) {
  const said = read(SAID, []);
  for (const toast of toasts.filter(({ id }) => !said.includes(id))) {
    say("toast", toast);
    said.push(toast.id);
  }
  write(SAID, said.slice(-MOST_SAID));
}

async function ask() {
  const before = known();
  write(KEPT, { ...before, at: Date.now() });
  const headers = { Accept: "application/json", "X-Veriga-Seen": before.seen ?? "" };
  const answer = await send(bell.dataset.notices, { quiet: true, headers });
  if (!answer || answer.response.status === 204) return;
  const { number, seen, toasts } = JSON.parse(answer.text);
  // Nobody looks: whoever comes back is told then.
  const isSaid = !document.hidden;
  write(KEPT, { at: Date.now(), number, seen: isSaid ? seen : "" });
  paint(number);
  if (isSaid) sayNew(toasts);
}

function look() {
  const isPolled = document.querySelector("#app [data-poll]") && !isBusy();
  const every = isPolled ? BESIDE_POLL_MS : EVERY_MS;
  const since = Date.now() - (known().at ?? 0);
  if (since >= every || since < 0) ask();
}

if (bell) {
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("veriga:noticed", ({ detail }) => {
    if (detail.state !== (known().seen ?? "")) ask();
    else write(KEPT, { ...known(), at: Date.now() });
  });
  addEventListener("storage", ({ key }) => {
    if (key === KEPT && known().number !== undefined) paint(known().number);
  });
  const watcher = new MutationObserver(paintTitle);
  for (const watched of [place, document.querySelector("title")]) {
    watcher.observe(watched, { childList: true, characterData: true, subtree: true });
  }
}
