// Single-key commands: a key clicks the visible element that names it. Never while
// typing. `?` shows the keys of this page.
// Reads: [data-key="l"], [data-key="Shift+L"], [data-key-name] (its words).
import { byId, isTyping, isVisible } from "./dom.js";

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

function showKeys() {
  const list = byId("keys-list");
  list.querySelectorAll("[data-own]").forEach((row) => row.remove());
  const seen = new Set();
  for (const element of elements()) {
    const { key, keyName } = element.dataset;
    if (!keyName || seen.has(key)) continue;
    seen.add(key);
    const row = list.firstElementChild.cloneNode(true);
    row.dataset.own = "";
    row.querySelector("kbd").textContent = key.replace("Shift+", "⇧").toUpperCase();
    row.querySelector("dd").textContent = keyName;
    list.append(row);
  }
  byId("keys").showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector(":modal, [role=menu]:popover-open")) return;
  if (event.key === "?" && byId("keys")) showKeys();
  else if (!pressKey(nameOf(event))) return;
  event.preventDefault();
});
