// The activity overview: its panes load by themselves, none with the others.
// Reads: [data-overview] around, with [data-cookie] (where the browser keeps how the
//        panes were left), [data-wide] [data-high] (shares), [data-closed], [data-pane]
//        (the one a phone shows); [data-pane-box=name] with #head-name and #pane-name,
//        which has [data-query] (the address it was made for), [data-lazy] if it is
//        still to come; form[data-overview-form="names of its own fields"]; [data-fold];
//        [data-splitter]; a[data-pane-tab]; a[data-day-link=2026-11-27].
// A link changes the address by what sets it apart from that of its pane, and the panes
// that show what changed are read again.
import { byId, fill, isVisible, later, on, say } from "./dom.js";
import { send } from "./request.js";
import { isOpen } from "./window.js";

const root = document.querySelector("[data-overview]");
const PHONE = matchMedia("(max-width: 759px)");
const PANES = ["companies", "colleagues", "calendar", "beside"];
const LISTS = ["companies", "colleagues"];
const SHOWN_BY = {
  firm: ["companies", "beside"],
  with: ["colleagues", "calendar"],
  only: LISTS,
  work: LISTS,
  span: ["bar", ...LISTS],
  since: ["bar", ...LISTS],
  until: ["bar", ...LISTS],
  on: ["calendar"],
  view: ["calendar"],
  row: ["beside"],
  tab: ["beside"],
};
const latest = {}; // the number of the last request for each pane
let number = 0;

const bodyOf = (name) => byId(`pane-${name}`);
const paramsOf = (address) => new URL(address, location.href).searchParams;
const same = (one, other) => String(one) === String(other);

/** Return {name: values} of what sets `to` apart from `from`. */
function difference(from, to) {
  const names = new Set([...from.keys(), ...to.keys()]);
  const changed = [...names].filter((name) => !same(from.getAll(name), to.getAll(name)));
  return Object.fromEntries(changed.map((name) => [name, to.getAll(name)]));
}

/** Put new content into a pane; what somebody types in stays. */
function put(name, page) {
  for (const id of [`head-${name}`, `pane-${name}`]) {
    const [old, fresh] = [byId(id), page.getElementById(id)];
    if (!old || !fresh) continue;
    if (old.contains(document.activeElement) && document.activeElement.matches("input, select, summary")) continue;
    const isOpenBox = old.querySelector("details")?.open;
    fill(old, fresh.innerHTML);
    if (isOpenBox) old.querySelector("details").open = true;
    if (id === `head-${name}`) continue;
    delete old.dataset.lazy;
    if (name !== "bar") old.dataset.refresh = "";
    old.dataset.query = fresh.dataset.query ?? "";
  }
  if (name === "colleagues") {
    const fresh = page.querySelector('[data-pane-box="colleagues"]');
    document.querySelector('[data-pane-box="colleagues"]').className = fresh.className;
  }
}

async function load(names) {
  if (!names.length) return;
  number += 1;
  const mine = number;
  for (const name of names) latest[name] = mine;
  const answer = await send(location.href, { headers: { "X-Panes": names.join(" ") } });
  if (!answer) return;
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  for (const name of names) if (latest[name] === mine) put(name, page);
}

const isShown = (name) => name === "bar" || isVisible(bodyOf(name));

/** Load what is on show and has not come yet. */
function loadMissing() {
  load(PANES.filter((name) => "lazy" in bodyOf(name).dataset && isShown(name)));
}

/** Change the address by {name: values}, and read again the panes that show it. */
async function go(changes, { replace = false } = {}) {
  const query = paramsOf(location.href);
  for (const name of ["cursor", "more", "firm_text"]) query.delete(name);
  const before = new URLSearchParams(query);
  for (const [name, values] of Object.entries(changes)) {
    query.delete(name);
    for (const value of values) if (value) query.append(name, value);
  }
  const changed = Object.keys(difference(before, query));
  if (!changed.length) return;
  const address = `${location.pathname}${query.size ? `?${query}` : ""}`;
  if (replace) history.replaceState(history.state, "", address);
  else history.pushState({ htmx: true }, "", address);
  say(`htmx:after:history:${replace ? "replace" : "push"}`); // window.js keeps the address
  if (changed.includes("pane")) showPane(query.get("pane") ?? "companies");
  markDay(query);
  const wanted = new Set(changed.flatMap((name) => SHOWN_BY[name] ?? []));
  const now = [];
  for (const name of wanted) {
    if (isShown(name)) now.push(name);
    else if (name !== "bar") bodyOf(name).dataset.lazy = "";
  }
  await load(now);
}

function markDay(query) {
  const day = query.get("since") === query.get("until") && query.get("span") === "dates" ? query.get("since") : "";
  for (const link of root.querySelectorAll("[data-day-link]")) link.ariaCurrent = link.dataset.dayLink === day && day ? "date" : null;
}

function showPane(name) {
  root.dataset.pane = name;
  for (const tab of root.querySelectorAll("[data-pane-tab]")) tab.ariaCurrent = tab.dataset.paneTab === name ? "page" : null;
  loadMissing();
}

function remember() {
  const { cookie, wide, high, closed } = root.dataset;
  const parts = [`wide.${wide}`, `high.${high}`, ["closed", ...closed.split(" ").filter(Boolean)].join(".")];
  if (PHONE.matches) parts.push("narrow.1");
  const safe = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}=${parts.join("_")}; path=${location.pathname}; max-age=31536000; samesite=lax${safe}`;
}

function resize(name, share) {
  const splitter = root.querySelector(`[data-splitter="${name}"]`);
  const kept = Math.min(75, Math.max(30, Math.round(share / 5) * 5));
  root.dataset[name] = splitter.ariaValueNow = String(kept);
  remember();
}

const DAY_MS = 86_400_000;
/** Move to the day at `step` days from that of `link`: in the grid, or to another one. */
async function moveDay(link, step) {
  const day = new Date(Date.parse(`${link.dataset.dayLink}T00:00Z`) + step * DAY_MS).toISOString().slice(0, 10);
  const find = () => byId("pane-calendar").querySelector(`[data-day-link="${day}"]`);
  if (!find()) await go({ on: [day] }, { replace: true });
  find()?.focus();
}

const PLACES = {
  companies: ".row[tabindex='0']",
  colleagues: ".row[tabindex='0']",
  calendar: "[data-day-link][aria-current], .is-today [data-day-link], [data-day-link]",
  beside: ".tab[aria-current], a",
};

/** Take the keyboard to the next pane that has something, or to the one before. */
function nextPane(step) {
  const boxes = [...root.querySelectorAll("[data-pane-box]")].filter(isVisible);
  const at = boxes.findIndex((box) => box.contains(document.activeElement));
  for (let tried = 1; tried <= boxes.length; tried += 1) {
    const from = at < 0 && step > 0 ? -1 : at;
    const box = boxes.at((from + step * tried + boxes.length * 2) % boxes.length);
    const { paneBox } = box.dataset;
    const body = byId(`pane-${paneBox}`);
    const place = isVisible(body) && (body.querySelector(PLACES[paneBox]) ?? body.querySelector("a"));
    if (place) return place.focus();
  }
  return undefined;
}

/** Return what a link changes: what sets it apart from the address of its pane. */
function changesOf(link) {
  const to = paramsOf(link.href);
  if ("paneTab" in link.dataset) return { pane: [link.dataset.paneTab] };
  const from = link.closest("[data-pane-box]")?.querySelector("[data-query]")?.dataset.query;
  const changes = difference(paramsOf(from || location.href), to);
  // A day of the calendar is that day, whatever the lists have come to show meanwhile.
  if (link.closest("#pane-calendar")) for (const name of ["span", "since", "until"]) changes[name] = to.getAll(name);
  return changes;
}

/** Change the address by the fields that a form has of its own. */
function submit(form) {
  const given = new FormData(form);
  const names = form.dataset.overviewForm.split(" ");
  const changes = Object.fromEntries(names.map((name) => [name, given.getAll(name)]));
  if (changes.span && String(changes.span) !== "dates") changes.since = changes.until = [];
  // Another company: what stands beside is of it, no longer of the selected row.
  if (changes.firm && !same(changes.firm, paramsOf(location.href).getAll("firm"))) changes.row = [];
  go(changes);
}

const choose = later((reference) => go({ row: [reference] }, { replace: true }), 120);

if (root) {
  on("click", "[data-overview] a", (event, link) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if (link.pathname !== location.pathname || link.closest(".row, .pager") || "window" in link.dataset) return;
    if ("shown" in Object.fromEntries(paramsOf(link.href))) return;
    event.preventDefault();
    go(changesOf(link), { replace: "paneTab" in link.dataset });
  });

  on("change", "[data-overview-form]", (event, form) => submit(form));
  on("submit", "[data-overview-form]", (event, form) => {
    event.preventDefault();
    submit(form);
  });

  on("veriga:selected", "[data-overview] .row", (event, row) => {
    for (const other of root.querySelectorAll('.row[aria-selected="true"]')) {
      if (!other.closest("[data-rows]").contains(row)) other.ariaSelected = "false";
    }
    choose(event.detail.reference);
  });

  on("click", "[data-fold]", (event, button) => {
    const closed = new Set(root.dataset.closed.split(" ").filter(Boolean));
    const name = button.dataset.fold;
    if (closed.has(name)) closed.delete(name);
    else closed.add(name);
    button.ariaExpanded = String(!closed.has(name));
    root.dataset.closed = [...closed].join(" ");
    remember();
    loadMissing();
  });

  on("keydown", "[data-splitter]", (event, splitter) => {
    const name = splitter.dataset.splitter;
    const now = Number(root.dataset[name]);
    const steps = { ArrowLeft: now - 5, ArrowUp: now - 5, ArrowRight: now + 5, ArrowDown: now + 5, Home: 30, End: 75 };
    if (steps[event.key] === undefined) return;
    event.preventDefault();
    resize(name, steps[event.key]);
  });
  on("pointerdown", "[data-splitter]", (event, splitter) => {
    const name = splitter.dataset.splitter;
    const box = splitter.parentElement.getBoundingClientRect();
    splitter.setPointerCapture(event.pointerId);
    const move = ({ clientX, clientY }) => resize(name, 100 * (name === "wide" ? (clientX - box.left) / box.width : (clientY - box.top) / box.height));
    splitter.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) splitter.addEventListener(end, () => splitter.removeEventListener("pointermove", move), { once: true });
  });

  on("keydown", "[data-overview] [data-day-link]", (event, link) => {
    const week = link.closest("table") ? 7 : 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -week, ArrowDown: week }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveDay(link, step);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6" || event.ctrlKey || event.altKey || event.metaKey || isOpen()) return;
    event.preventDefault();
    nextPane(event.shiftKey ? -1 : 1);
  });

  PHONE.addEventListener("change", () => {
    remember();
    loadMissing();
  });
  remember();
  loadMissing();

  const selected = byId(`row-${paramsOf(location.href).get("row")}`);
  if (selected) selected.ariaSelected = "true";
}
