// Tables of rows. A mouse click selects, a double-click opens; Enter, a tap and a
// screen reader's click open; arrows, Home, End, PageUp and PageDown move.
// Reads: [data-rows] around; .row with [data-href], [data-aside] (address that fills
//        #aside), [data-reference]; a.row-link in the title cell; a[data-count] is
//        followed by double-click, other links by Enter; a[data-plain] and mail and phone
//        links at once; template[data-row-menu] with tokens {href} {reference} {id}.
// Sends: `veriga:selected` {reference} from the row.
import { byId, fill, isTouch, isVisible, later, on, say, whenLoaded } from "./dom.js";
import { openMenuAt } from "./menu.js";
import { send } from "./request.js";
import { openWindow } from "./window.js";

const ROW = "[data-rows] .row";
const OWN_CLICK = 'button, input, select, label, a[data-plain], a[href^="mailto:"], a[href^="tel:"]';
const rowsOf = (row) => [...row.closest("[data-rows]").querySelectorAll(".row")].filter(isVisible);
const placeKey = () => `row:${location.pathname}${location.search}`;
let asking;

const fillAside = later(async (row) => {
  const aside = byId("aside");
  if (!aside || !row.isConnected || !isVisible(aside.parentElement)) return;
  asking?.abort();
  asking = new AbortController();
  const answer = await send(row.dataset.aside, { quiet: true, signal: asking.signal });
  if (!answer) return;
  aside.dataset.selected = "";
  fill(aside, answer.text);
}, 120);

/** Select `row`; with `focus` the keyboard goes there too. */
export function selectRow(row, focus = true) {
  for (const one of row.closest("[data-rows]").querySelectorAll(".row")) {
    // Only a row of a grid can be selected; an item of a list is the current one.
    if (one.role === "row") one.ariaSelected = String(one === row);
    else one.ariaCurrent = one === row ? "true" : null;
    one.tabIndex = one === row ? 0 : -1;
  }
  if (focus) row.focus();
  if (row.closest("#window")) return;
  sessionStorage.setItem(placeKey(), row.id);
  say("veriga:selected", { reference: row.dataset.reference }, row);
  if (row.dataset.aside) fillAside(row);
}

function open(row) {
  const link = row.querySelector("a.row-link");
  if (!link || "window" in link.dataset) openWindow(row.dataset.href ?? link.href, row);
  else location.assign(link.href);
}

on("click", ROW, (event, row) => {
  const { target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || target.closest(OWN_CLICK)) return;
  const link = target.closest("a");
  if (event.detail === 0 && link) return; // Enter, or a screen reader, on a link
  if (link?.matches("[data-count]") && isTouch(event)) return;
  event.preventDefault();
  if (isTouch(event) || event.detail === 0) open(row);
  else selectRow(row);
}, { capture: true }); // before window.js hears of a link in the row

on("dblclick", ROW, (event, row) => {
  if (event.target.closest(OWN_CLICK) || isTouch(event)) return;
  const link = event.target.closest("a[data-count]");
  getSelection().removeAllRanges();
  if (link) location.assign(link.href);
  else open(row);
});

function moveInside(row, step) {
  const links = [row, ...[...row.querySelectorAll("a")].filter(isVisible)];
  links.at((links.indexOf(document.activeElement) + step) % links.length).focus();
}

on("keydown", ROW, (event, row) => {
  if (event.defaultPrevented || event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = rowsOf(row);
  const at = rows.indexOf(row);
  const page = Math.max(1, Math.floor(innerHeight / row.offsetHeight) - 4);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + page, PageUp: at - page };
  const to = steps[event.key];
  if (to !== undefined) {
    if (to >= rows.length) row.closest("[data-rows]").querySelector(".pager a")?.click();
    selectRow(rows[Math.max(0, Math.min(to, rows.length - 1))]);
  } else if (event.key === "ArrowRight") moveInside(row, 1);
  else if (event.key === "ArrowLeft") moveInside(row, -1);
  else if (event.key === "Enter" && event.target === row) open(row);
  // Where the right-hand column is not shown, its two commands have their keys still.
  else if (event.key.toLowerCase() === "l" && row.dataset.aside) openWindow(`${row.dataset.href}?panel=${event.shiftKey ? "links" : "link"}`, row);
  else return;
  event.preventDefault();
});

on("contextmenu", ROW, (event, row) => {
  const template = row.closest("[data-rows]").querySelector("template[data-row-menu]");
  // A whole group event is no record that the commands could be for.
  if (!template || row.dataset.aside === "" || event.shiftKey && event.pointerType === "mouse") return;
  event.preventDefault();
  selectRow(row);
  const menu = byId("row-menu");
  const values = { ...row.dataset };
  menu.innerHTML = template.innerHTML.replace(/\{(\w+)\}|%7B(\w+)%7D/g, (_all, a, b) => encodeURI(values[a ?? b] ?? ""));
  const box = row.getBoundingClientRect();
  const byKey = event.button !== 2;
  openMenuAt(menu, byKey ? box.left + 40 : event.clientX, byKey ? box.bottom : event.clientY, row);
});

/** Let the row with this id glow for a second. */
export function glow(id) {
  const row = byId(id);
  if (!row) return;
  row.classList.add("is-glowing");
  setTimeout(() => row.classList.remove("is-glowing"), 1300);
}

whenLoaded((root) => {
  for (const box of document.querySelectorAll("[data-rows]")) {
    box.querySelectorAll(".row a:not([tabindex])").forEach((link) => (link.tabIndex = -1));
    box.querySelectorAll(".row:not([tabindex])").forEach((row) => (row.tabIndex = -1));
    const first = box.querySelector(".row");
    if (first && !box.querySelector('.row[tabindex="0"]')) first.tabIndex = 0;
  }
  for (const row of root.querySelectorAll("[data-glow]")) glow(`row-${row.dataset.glow}`);
});

// Coming back to a list: the same row is selected again.
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
  const row = byId(sessionStorage.getItem(placeKey()) ?? "");
  if (row?.matches(ROW)) selectRow(row);
}
