// Without a signal: registers the worker, says from when a kept page is and what does
// not work on it, and shows the notes that wait to be sent (ask.js speaks to the worker,
// outbox.js lists the notes). Loaded after the page.
// Reads: <meta name="offline"> ("owner.epoch", "" to keep nothing; none before signing
//        in), #offline (sentences), [data-kept-at][data-kept-why] on <html> or .record,
//        [data-sign-out], [data-kept-pages], [data-reload].
import { ask, hear, sentences } from "./ask.js";
import { byId, on, say, whenLoaded } from "./dom.js";
import { moment, showNotes } from "./outbox.js";

const root = document.documentElement;
const mark = document.querySelector('meta[name="offline"]')?.content;
const isOfflinePage = Boolean(document.querySelector("[data-offline-page]"));

// --- What a kept page cannot do --------------------------------------------------------

const isCutOff = () => root.dataset.keptWhy === "none" || Boolean(document.querySelector(".record[data-kept-why=none]:not(.is-quick)"));
const COMMANDS = "[hx-get], [hx-post], [hx-delete], [hx-patch], form[method=post] button, form[method=post] [type=submit]";
const WORKS = ".is-quick *, [data-sign-out] *, [data-palette-open]";

/** Tell whether this element would need the server. */
const needsServer = (element) => element.matches(COMMANDS) && !element.matches(WORKS);

async function disable(part) {
  for (const one of part.querySelectorAll(COMMANDS)) {
    if (needsServer(one)) one.ariaDisabled = "true";
  }
  const pages = await ask("pages");
  const kept = new Set((pages ?? []).map((one) => one.address));
  kept.add(sentences().quick);
  for (const link of part.querySelectorAll("a[href]")) {
    const url = new URL(link.getAttribute("href"), location.href);
    const isHere = url.pathname === location.pathname && url.hash;
    const address = url.pathname === sentences().quick ? url.pathname : url.pathname + url.search;
    if (url.origin === location.origin && !isHere && !kept.has(address)) link.dataset.notKept = "";
  }
}

function refuse(event, text) {
  event.preventDefault();
  event.stopImmediatePropagation();
  say("toast", { text, tone: "error" });
}

for (const type of ["click", "submit"]) {
  document.addEventListener(
    type,
    (event) => {
      if (!isCutOff()) return;
      const link = event.target.closest?.("a[data-not-kept]");
      const command = event.target.closest?.(COMMANDS);
      if (link && type === "click") refuse(event, sentences().notKept);
      else if (command && needsServer(command)) refuse(event, sentences().notHere);
    },
    { capture: true },
  );
}
document.addEventListener("htmx:before:request", (event) => {
  if (isCutOff() && !event.target.closest?.(".is-quick")) event.preventDefault();
});

/** Say from when what is shown is; the line has its place from the start (offline.css). */
function tellAge() {
  const { keptAt, keptWhy } = root.dataset;
  const line = byId("kept-line");
  if (!keptAt || isOfflinePage) return;
  const text = keptWhy === "slow" ? sentences().slow : sentences().stateOf;
  line.firstElementChild.textContent = text.replace("{}", moment(keptAt));
  line.hidden = false;
  if (keptWhy === "none") disable(document);
}

function tellAgeOfWindow(part) {
  const record = part.querySelector?.(".record[data-kept-at]");
  if (!record || record.querySelector(".kept-note")) return;
  const note = document.createElement("p");
  note.className = "note kept-note";
  const { keptAt, keptWhy } = record.dataset;
  const { slow, stateOf, writes } = sentences();
  const isForm = record.matches(".is-quick");
  if (isForm && keptWhy === "slow") return;
  note.textContent = isForm ? writes : (keptWhy === "slow" ? slow : stateOf).replace("{}", moment(keptAt));
  const head = record.querySelector(".record-head");
  if (head) head.after(note);
  else record.prepend(note);
  if (!isForm && keptWhy === "none") disable(record);
}

on("click", "[data-reload]", () => location.reload());

// --- The page of what is not kept ------------------------------------------------------

async function listPages() {
  const list = document.querySelector("[data-kept-pages]");
  const pages = (await ask("pages")) ?? [];
  const seen = new Set();
  for (const { address, title, at } of pages) {
    if (seen.has(address) || !title) continue;
    seen.add(address);
    const item = document.createElement("li");
    const link = document.createElement("a");
    const time = document.createElement("span");
    link.href = address;
    link.textContent = new DOMParser().parseFromString(title, "text/html").body.textContent;
    time.className = "muted";
    time.textContent = moment(at);
    item.append(link, time);
    list.append(item);
  }
  document.querySelector("[data-kept-none]").hidden = list.children.length > 0;
}

// --- Signing out -----------------------------------------------------------------------

/** Ask a question in the dialog that htmx's questions use; return the answer. */
function sure(text, verb) {
  const dialog = byId("question");
  const yes = byId("question-yes");
  byId("question-text").textContent = text;
  yes.textContent = verb;
  dialog.returnValue = "no";
  dialog.showModal();
  yes.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

on(
  "submit",
  "[data-sign-out]",
  async (event, form) => {
    if (form.dataset.leaves || !navigator.serviceWorker?.controller) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    delete form.dataset.busy; // form.js heard of it first
    if ((await ask("notes"))?.length) await ask("send");
    if ((await ask("notes"))?.length && !(await sure(sentences().leaveQuestion, sentences().leave))) return;
    await ask("forgetAll");
    form.dataset.leaves = "yes";
    form.requestSubmit();
  },
  { capture: true },
);

// --- The worker ------------------------------------------------------------------------

async function switchOff() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  if (!registration) return;
  if ((await ask("notes"))?.length) await ask("send");
  await ask("forgetAll");
  for (const name of await caches.keys()) await caches.delete(name);
  await registration.unregister();
}

async function start() {
  if (isOfflinePage) return listPages();
  if (mark === "") return switchOff();
  if (mark === undefined) {
    // Before signing in: nothing is kept for anybody.
    if (await navigator.serviceWorker.getRegistration("/")) await ask("forget");
    return undefined;
  }
  await navigator.serviceWorker.register(sentences().worker, { scope: "/", updateViaCache: "none" });
  const words = JSON.parse(sentences().forWorker);
  showNotes(await ask("hello", { mark, words, language: root.lang }));
  await ask("send");
  await ask("stockUp");
  root.dataset.offlineReady = "";
  return undefined;
}

hear(({ notes, sent }) => {
  if (notes) showNotes(notes);
  if (sent) {
    say("toast", { text: sent.text });
    say("veriga:changed", {});
  }
});
addEventListener("online", () => ask("send"));
// Where there is no background sync, an open page tries again.
setInterval(() => {
  if (!document.hidden && navigator.onLine && byId("outbox-list").children.length) ask("send");
}, 60_000);

tellAge();
whenLoaded(tellAgeOfWindow);
if (navigator.serviceWorker) start().catch(() => {});
