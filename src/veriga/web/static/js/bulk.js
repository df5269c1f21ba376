// Selecting many rows for one command. Shift+click and Shift+arrows select a range,
// Ctrl+click and the key X one row, Ctrl+A all that are shown, Escape none.
// Reads: #bulk with [data-page], its words, [data-bulk-count], [data-bulk-all],
//        [data-bulk-clear], a[data-bulk] commands; .row with [data-version] and
//        [data-reference], of companies and contacts [data-id]; [data-pick] a command, of
//        a reference or of the row one is on.
import { byId, isTyping, isVisible, on, whenLoaded } from "./dom.js";
import { selectRow } from "./rows.js";
import { addressOfPage, isOpen } from "./window.js";

const bar = byId("bulk");
const picked = new Set(); // references or ids
let isPicking = false;
let isAll = false;
let anchor = null; // where a range begins

const table = () => document.querySelector("#list [data-rows] > table");
// A whole group event is one row and no record of its own.
const PICKED = ".row[data-version]:not([data-aside=''])";
const rows = () => [...(table()?.querySelectorAll(PICKED) ?? [])];
const rowOf = (target) => bar && target.closest?.(`#list [data-rows] ${PICKED}`);
const keyOf = (row) => row.dataset.reference ?? row.dataset.id;
const current = () => rowOf(document.activeElement) ?? rows().find((row) => row.ariaSelected === "true");

function box(label, cls, act) {
  const made = document.createElement("input");
  made.type = "checkbox";
  made.className = cls;
  made.tabIndex = -1;
  made.ariaLabel = label;
  made.addEventListener("change", act);
  return made;
}

function addBox(row) {
  const { reference = row.querySelector(".row-link").textContent } = row.dataset;
  const words = bar.dataset.one.replace("{reference}", reference);
  const made = box(words, "pick", () => toggle(row, made.checked));
  (row.querySelector(".c-state") ?? row.querySelector(".c-title")).prepend(made);
}

function addHeadBox(place) {
  const made = box(bar.dataset.shown, "pick pick-all", () => pickAll(made.checked));
  place.prepend(made);
}

/** Show what is selected: boxes, colours, the bar. */
function draw() {
  const shown = table();
  if (!bar || !shown) return;
  shown.classList.toggle("is-picking", isPicking);
  const all = rows();
  if (isPicking) {
    if (!shown.querySelector(".pick-all")) addHeadBox(shown.querySelector("th.is-name") ?? shown.querySelector("th"));
    for (const row of all) if (!row.querySelector(".pick")) addBox(row);
  } else {
    for (const old of shown.querySelectorAll(".pick")) old.remove();
  }
  for (const row of all) {
    const isOn = isAll || picked.has(keyOf(row));
    row.classList.toggle("is-picked", isOn);
    const own = row.querySelector(".pick");
    if (own) own.checked = isOn;
  }
  const head = shown.querySelector(".pick-all");
  if (head) head.checked = isAll || (all.length > 0 && all.every((row) => picked.has(keyOf(row))));
  bar.hidden = !isPicking;
  const number = isAll ? byId("result-count").textContent.trim() : picked.size;
  bar.querySelector("[data-bulk-count]").textContent = bar.dataset.number.replace("{num}", number);
  const button = bar.querySelector("[data-bulk-all]");
  button.ariaPressed = String(isAll);
  for (const link of bar.querySelectorAll("a[data-bulk]")) link.ariaDisabled = String(!isAll && !picked.size);
}

function toggle(row, isOn = !picked.has(keyOf(row))) {
  if (isAll) for (const one of rows()) picked.add(keyOf(one));
  isPicking = true;
  isAll = false;
  anchor = keyOf(row);
  if (isOn) picked.add(keyOf(row));
  else picked.delete(keyOf(row));
  draw();
}

function pickTo(row) {
  const all = rows();
  const on = current();
  const from = all.findIndex((one) => keyOf(one) === (anchor ?? (on && keyOf(on))));
  const to = all.indexOf(row);
  const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  isPicking = true;
  isAll = false;
  for (const one of all.slice(first, last + 1)) picked.add(keyOf(one));
  anchor ??= keyOf(all[from < 0 ? to : from]);
  draw();
}

function pickAll(isOn) {
  isPicking = true;
  isAll = false;
  for (const row of rows()) {
    if (isOn) picked.add(keyOf(row));
    else picked.delete(keyOf(row));
  }
  draw();
}

function clear() {
  picked.clear();
  isPicking = isAll = false;
  anchor = null;
  draw();
}

/** Return the address of a command with what is selected, "" if nothing is. */
function addressOf(link) {
  const address = new URL(link.href);
  const query = isAll ? new URL(addressOfPage()).searchParams : new URLSearchParams();
  query.delete("cursor");
  if (isAll) {
    query.set("page", bar.dataset.page);
    query.set("all", "yes");
  } else {
    const found = rows().filter((row) => picked.has(keyOf(row)));
    if (!found.length) return "";
    query.set("rows", found.map((row) => `${keyOf(row)}.${row.dataset.version}`).join(","));
  }
  address.search = query.toString().replaceAll("%2C", ",");
  return address.href;
}

if (bar) {
  // Before rows.js selects the row and window.js opens a link.
  document.addEventListener("click", (event) => {
    const row = rowOf(event.target);
    const isMany = event.ctrlKey || event.metaKey;
    if (!row || event.button || !(isMany || event.shiftKey)) return;
    // Ctrl+click on a link opens it in a new tab, unless rows are being selected.
    if (isMany && !isPicking && event.target.closest("a")) return;
    if (event.target.closest(".pick")) return;
    event.preventDefault();
    event.stopPropagation();
    getSelection().removeAllRanges();
    if (event.shiftKey) pickTo(row);
    else toggle(row);
    selectRow(row);
  }, { capture: true });

  document.addEventListener("mousedown", (event) => {
    if (event.shiftKey && rowOf(event.target)) event.preventDefault(); // no text is marked
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isOpen() || event.altKey || isTyping(event.target)) return;
    if (document.querySelector(":modal, [popover]:popover-open:not(#tip)")) return;
    const row = rowOf(event.target);
    if (event.key === "Escape" && isPicking) clear();
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a" && (row || isPicking)) pickAll(true);
    else if (row && event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (!picked.has(keyOf(row))) pickTo(row);
      const all = rows();
      const next = all[all.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) {
        selectRow(next);
        pickTo(next);
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });

  on("click", "[data-pick]", (event, button) => {
    const { pick } = button.dataset;
    const row = rows().find((one) => keyOf(one) === pick) ?? (event.detail ? null : current());
    if (row) toggle(row);
    else if (isPicking && event.detail) clear();
    else {
      isPicking = true;
      draw();
    }
  });

  on("click", "[data-bulk-all]", () => {
    isAll = !isAll;
    draw();
  });
  on("click", "[data-bulk-clear]", clear);

  // Before window.js opens it.
  on("click", "a[data-bulk]", (event, link) => {
    const address = addressOf(link);
    if (!address) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const plain = link.href.split("?")[0];
    link.href = address;
    setTimeout(() => (link.href = plain));
  }, { capture: true });

  document.addEventListener("veriga:saved", ({ detail }) => detail.bulk && clear());

  // Rows that are gone from the list are no longer selected.
  whenLoaded(() => {
    const shown = new Set(rows().map((row) => keyOf(row)));
    for (const reference of picked) if (!shown.has(reference)) picked.delete(reference);
    if (isPicking && isVisible(bar.parentElement)) draw();
  });
}
