// The calendar: events are dragged to another time, pulled longer, or moved by keys.
// Reads: [data-calendar][data-first=hour] around [data-day=2026-11-27] columns;
//        [data-slot=address][data-start][data-end][data-slot-id] on an event that may be
//        moved, [data-handle] on its lower edge.
import { on } from "./dom.js";
import { send } from "./request.js";
import { openWindow } from "./window.js";

const QUARTER_MS = 900_000;
const ROW_PX = 11;
let dragged = null;
let grip = 0;

const pad = (number) => String(number).padStart(2, "0");

/** Times of the page have no zone: they are counted in UTC, so no clock change matters. */
const read = (text) => Date.parse(`${text}Z`);
const write = (ms) => {
  const at = new Date(ms);
  return `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}T${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
};

/** Move an event to `start`; it lasts as long as before unless an `end` is given. */
async function save(slot, start, end) {
  const { slotId } = slot.dataset;
  const body = new URLSearchParams({ starts: write(start) });
  if (end !== undefined) body.set("ends", write(end));
  const hadFocus = slot.contains(document.activeElement);
  const list = slot.closest("[data-refresh]");
  const answer = await send(slot.dataset.slot, { method: "POST", body });
  if (!answer || !hadFocus) return;
  const watch = new MutationObserver(() => {
    watch.disconnect();
    list.querySelector(`[data-slot-id="${CSS.escape(slotId)}"] .slot-link`)?.focus();
  });
  watch.observe(list, { childList: true, subtree: true });
}

on("dragstart", "[data-slot]", (event, slot) => {
  dragged = slot;
  grip = event.clientY - slot.getBoundingClientRect().top;
  slot.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", slot.querySelector(".slot-link").href);
});

on("dragend", "[data-slot]", (event, slot) => {
  slot.classList.remove("is-dragged");
  for (const day of document.querySelectorAll(".hours-day.is-target")) day.classList.remove("is-target");
  dragged = null;
});

on("dragover", "[data-calendar] [data-day]", (event, day) => {
  if (!dragged) return;
  event.preventDefault();
  for (const one of document.querySelectorAll("[data-calendar] [data-day]")) one.classList.toggle("is-target", one === day);
});

on("drop", "[data-calendar] [data-day]", (event, day) => {
  if (!dragged) return;
  event.preventDefault();
  const first = Number(day.closest("[data-calendar]").dataset.first);
  const row = Math.max(0, Math.round((event.clientY - grip - day.getBoundingClientRect().top) / ROW_PX));
  const start = read(`${day.dataset.day}T00:00`) + (first * 4 + row) * QUARTER_MS;
  if (start !== read(dragged.dataset.start)) save(dragged, start);
});

on("dblclick", "[data-calendar] [data-new]", (event, day) => {
  if (event.target.closest(".slot")) return;
  const first = Number(day.closest("[data-calendar]").dataset.first);
  const half = Math.floor((event.clientY - day.getBoundingClientRect().top) / (2 * ROW_PX));
  const [on_, at] = write(read(`${day.dataset.day}T00:00`) + (first * 4 + half * 2) * QUARTER_MS).split("T");
  openWindow(`${day.dataset.new}?on=${on_}&at=${at}`);
});

on("pointerdown", "[data-handle]", (event, handle) => {
  event.preventDefault();
  const slot = handle.closest("[data-slot]");
  const from = event.clientY;
  const end = read(slot.dataset.end);
  const least = read(slot.dataset.start) + QUARTER_MS;
  const drawn = slot.getBoundingClientRect().height;
  const to = ({ clientY }) => Math.max(least, end + Math.round((clientY - from) / ROW_PX) * QUARTER_MS);
  slot.draggable = false;
  handle.setPointerCapture(event.pointerId);
  const pull = (move) => (slot.style.height = `${Math.max(ROW_PX, drawn + ((to(move) - end) / QUARTER_MS) * ROW_PX)}px`);
  handle.addEventListener("pointermove", pull);
  const stop = (up) => {
    handle.removeEventListener("pointermove", pull);
    slot.draggable = true;
    slot.style.height = "";
    if (up.type === "pointerup" && to(up) !== end) save(slot, read(slot.dataset.start), to(up));
  };
  for (const name of ["pointerup", "pointercancel"]) handle.addEventListener(name, stop, { once: true });
});

on("keydown", "[data-slot] .slot-link", (event, link) => {
  const quarters = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const days = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!event.altKey || (!quarters && !days)) return;
  event.preventDefault();
  event.stopPropagation();
  const slot = link.closest("[data-slot]");
  const start = read(slot.dataset.start);
  const end = read(slot.dataset.end);
  if (event.shiftKey && quarters) {
    if (end + quarters * QUARTER_MS > start) save(slot, start, end + quarters * QUARTER_MS);
    return;
  }
  const step = quarters ? quarters * QUARTER_MS : days * 96 * QUARTER_MS;
  save(slot, start + step);
});
