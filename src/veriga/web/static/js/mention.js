// Offers colleagues while `@name` is typed into a text; arrows and Enter choose, Esc closes.
// Reads: [data-mention=url] on a textarea; the address answers with options of [data-text].
import { fill, later, moveActive, on, setActive } from "./dom.js";
import { send } from "./request.js";

const TEXT = "[data-mention]";
const MOST = 6;
// What stands before the caret: a sign that is not inside an address, and at most two words.
const BEGUN = /(?:^|[^\w@.+-])@([\p{L}'’-]{0,30}(?: [\p{L}'’-]{1,30})?)$/u;

let list; // the one list there is, moved to where somebody types
let asking;

function typed(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  return BEGUN.exec(area.value.slice(0, area.selectionStart))?.[1] ?? null;
}

const isOpen = (area) => list?.previousElementSibling === area;

function close() {
  const area = list?.previousElementSibling;
  area?.removeAttribute("aria-activedescendant");
  area?.removeAttribute("aria-controls");
  list?.remove();
}

function open(area) {
  if (!list) {
    list = document.createElement("div");
    list.id = "mention-list";
    list.className = "picker-list mention-list";
    list.role = "listbox";
  }
  list.ariaLabel = area.dataset.mentionLabel;
  area.after(list);
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-autocomplete", "list");
}

async function offer(area) {
  asking?.abort();
  const name = typed(area);
  if (name === null) return close();
  asking = new AbortController();
  const address = `${area.dataset.mention}?q=${encodeURIComponent(name)}`;
  const answer = await send(address, { signal: asking.signal, quiet: true });
  if (!answer || typed(area) !== name || document.activeElement !== area) return;
  if (!answer.text.includes('role="option"')) return close();
  open(area);
  fill(list, answer.text);
  // Nothing to scroll: whoever is meant is found by one more letter.
  for (const one of [...list.children].slice(MOST)) one.remove();
  setActive(list, area, list.querySelector("[role=option]"));
}
const offerSoon = later(offer, 120);

function choose(area, option) {
  const start = area.selectionStart - typed(area).length;
  area.setRangeText(`${option.dataset.text} `, start, area.selectionStart, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  close();
}

on("input", TEXT, (event, area) => {
  if (typed(area) === null) close();
  else offerSoon(area);
});
on(
  "keydown",
  TEXT,
  (event, area) => {
    if (!isOpen(area)) return;
    const active = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      moveActive(list, area, event.key === "ArrowDown" ? 1 : -1);
    } else if ((event.key === "Enter" || event.key === "Tab") && active && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(area, active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  },
  { capture: true },
);
on("pointerdown", "#mention-list [role=option]", (event, option) => {
  event.preventDefault();
  choose(list.previousElementSibling, option);
});
on("focusout", TEXT, close);
