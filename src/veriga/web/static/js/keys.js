// Single-key commands: a key clicks the visible element that names it. Never while
// typing. `?` shows the keys of this page.
// [data-keys] shows them too. A row of the list is shown if [data-wanted], a selector,
// finds something on the page.
// Reads: [data-key="l"], [data-key="Shift+L"], [data-key-name] (its words).
import { byId, isTyping, isVisible, on } from "./dom.js";

const elements = () => [...document.querySelectorAll("[data-key]")].filter(isVisible);

function nameOf(event) {
  const isLetter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
  return event.shiftKey && isLetter ? `shift+${event.key.toLowerCase()}` : event.key.toLowerCase();
}

/** Click the element whose key this is; tell whether there was one. */
export function pressKey(key) {
  // The window comes later in the page than the list, so the last one is on top.
  const element = elements().findLast((one) => one.dataset.key.toLowerCase() === key.toLowerCase());
  element?.click();
  return Boolean(element);
}

/** Tell whether the page has something now that this key acts on. */
function isOwn({ dataset: { wanted } }) {
  return !wanted || [...document.querySelectorAll(wanted)].some(isVisible);
}

/** Show the keys of what is on the page now: its commands first, then how to move. */
function showKeys() {
  const list = byId("keys-list");
  list.querySelectorAll("[data-own]").forEach((row) => row.remove());
  for (const row of list.children) row.hidden = !isOwn(row);
  const first = list.firstElementChild;
  const seen = new Set();
  for (const element of elements()) {
    const { key, keyName } = element.dataset;
    if (!keyName || seen.has(key)) continue;
    seen.add(key);
    const row = first.cloneNode(true);
    row.dataset.own = "";
    row.hidden = false;
    row.querySelector("kbd").textContent = key.replace("Shift+", "⇧").toUpperCase();
    row.querySelector("dd").textContent = keyName;
    first.before(row);
  }
  byId("keys").showModal();
}

on("click", "[data-keys]", () => showKeys());

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector(":modal, [role=menu]:popover-open")) return;
  if (event.key === "?" && byId("keys")) showKeys();
  else if (!pressKey(nameOf(event))) return;
  event.preventDefault();
});
