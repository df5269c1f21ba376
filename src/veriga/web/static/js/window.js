// The record window over the list. It has the record's address; Back and Escape close
// it and the keyboard is back on the row. A record opened from the window takes its
// place; Back leads to the one before.
// Reads: a[data-window] opens its href; [data-window-close]; .record[data-title];
//        [data-record]; [data-command] buttons of the right-hand column.
// Hears: `veriga:saved` {address, reference, close}, `veriga:changed` {reload}.
import { byId, fill, on, say } from "./dom.js";
import { dropDraft, isDirty, keepDrafts } from "./form.js";
import { send } from "./request.js";

const dialog = byId("window");
const app = byId("app");
const shade = byId("window-shade");
const question = byId("window-ask");
const pageTitle = document.title;
let pageAddress = location.href; // what the page under the window shows
let opener = null;
let asking = null;
let afterAnswer = null;

export const isOpen = () => Boolean(dialog?.open);
const depth = () => history.state?.window ?? 0;

/** Return the address of the page, whether or not a window lies over it. */
export const addressOfPage = () => pageAddress;

function show() {
  if (isOpen()) return;
  app.inert = true;
  shade.hidden = false;
  dialog.show();
}

function hide() {
  asking?.abort();
  dialog.close();
  dialog.innerHTML = "";
  app.inert = false;
  shade.hidden = question.hidden = true;
  document.title = pageTitle;
  const row = opener?.isConnected ? opener : byId(opener?.id ?? "");
  row?.focus({ preventScroll: true });
}

function focusInside() {
  const first = dialog.querySelector("[autofocus], [aria-invalid=true]");
  const field = dialog.querySelector(".record.is-form form :is(input:not([type=hidden]), textarea, select)");
  (first ?? field ?? dialog.querySelector(".record")).focus({ preventScroll: true });
}

async function load(address) {
  asking?.abort();
  asking = new AbortController();
  dialog.classList.add("is-loading");
  const answer = await send(address, { headers: { "X-Veriga-Window": "1" }, signal: asking.signal });
  dialog.classList.remove("is-loading");
  if (!answer) return false;
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  const record = page.querySelector(".record");
  if (!record) {
    location.assign(address);
    return false;
  }
  record.tabIndex = -1;
  show();
  fill(dialog, record.outerHTML);
  dialog.ariaLabel = record.dataset.title ?? "";
  if (record.dataset.title) document.title = `${record.dataset.title} · Veriga`;
  if (answer.response.redirected) history.replaceState(history.state, "", answer.response.url);
  focusInside();
  return true;
}

/** Open the record at `address`; focus comes back to `from` when the window closes. */
export async function openWindow(address, from) {
  if (!dialog) return location.assign(address);
  if (isDirty(dialog)) keepDrafts(dialog);
  if (!isOpen()) {
    opener = from?.closest?.(".row") ?? from;
    pageAddress = location.href;
  }
  const before = isOpen() ? depth() : 0;
  if (await load(address)) {
    history.pushState({ htmx: true, window: before + 1 }, "", address);
  }
  return undefined;
}

function leave() {
  if (depth()) history.go(-depth());
  else hide();
}

/** Close the window; asks first if there is unsaved text. */
export function closeWindow() {
  if (!isDirty(dialog)) return leave();
  keepDrafts(dialog);
  question.hidden = false;
  afterAnswer = leave;
  return question.querySelector("button").focus();
}

on("click", "[data-ask]", (event, button) => {
  const answer = button.dataset.ask;
  question.hidden = true;
  if (answer === "stay") return focusInside();
  for (const form of dialog.querySelectorAll("form[data-form]")) {
    if (answer === "drop") dropDraft(form);
    else delete form.dataset.dirty;
  }
  return afterAnswer?.();
});

on("click", "a[data-window]", (event, link) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  event.preventDefault();
  openWindow(link.href, link.closest("[role=menu]") ? document.querySelector('.row:is([aria-selected="true"], [aria-current="true"])') : link);
});
on("click", "[data-window-close]", (event, element) => {
  if (!isOpen()) {
    if (element.tagName !== "A") history.back();
    return;
  }
  event.preventDefault();
  closeWindow();
});
shade?.addEventListener("click", () => closeWindow());

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !isOpen()) return;
  if (document.querySelector(":modal, [popover]:popover-open:not(#tip)")) return;
  event.preventDefault();
  if (question.hidden) closeWindow();
  else question.querySelector("[data-ask=stay]").click();
});

addEventListener("popstate", () => {
  if (!dialog) return;
  if (depth()) load(location.href);
  else if (isOpen() && location.href === pageAddress) hide();
  else if (location.href.split("#")[0] !== pageAddress.split("#")[0]) location.reload();
});

// htmx would reload the page on Back; the one under the window is already there.
document.addEventListener("htmx:before:history:restore", (event) => {
  if (depth() || location.href === pageAddress) event.preventDefault();
});
for (const change of ["push", "replace"]) {
  document.addEventListener(`htmx:after:history:${change}`, () => {
    if (!isOpen()) pageAddress = location.href;
  });
}

on("htmx:before:request", "[data-command]", (event, button) => {
  for (const one of button.parentElement.querySelectorAll("[data-command]")) {
    one.ariaPressed = String(one === button);
  }
});

// On a phone the right-hand column lies below: bring what was asked for into view.
document.addEventListener("htmx:after:settle", ({ target }) => {
  if (target.id === "window-aside" && innerWidth < 760) target.scrollIntoView({ block: "start" });
});

document.addEventListener("veriga:saved", ({ detail, target }) => {
  if (!isOpen() && detail.address && target.closest?.(".record")) {
    // A record that fills the page: the toast is shown where it leads to.
    if (detail.text) sessionStorage.setItem("toast", JSON.stringify(detail));
    location.assign(detail.address);
    return;
  }
  if (detail.text) say("toast", detail);
  if (!isOpen()) return;
  // What was saved needs no draft; another form of the window keeps its text.
  keepDrafts(dialog);
  for (const form of dialog.querySelectorAll("form[data-form]")) {
    if (form.dataset.busy || detail.close) dropDraft(form);
  }
  if (detail.close) leave();
  else if (detail.address) {
    history.replaceState(history.state, "", detail.address);
    load(detail.address);
  }
});
let said = null;
document.addEventListener("toast", ({ detail }) => (said = detail));
document.addEventListener("veriga:changed", ({ detail }) => {
  if (!detail.reload) return;
  const shown = isOpen() ? dialog : document.querySelector("#main .record");
  if (!shown || isDirty(shown)) return;
  if (isOpen()) load(location.href);
  else {
    // A record that fills the page is read anew, with what was just said.
    if (said) sessionStorage.setItem("toast", JSON.stringify(said));
    location.reload();
  }
});
