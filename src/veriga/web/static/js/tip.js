// One small text beside what is pointed at or focused.
// Reads: [data-tip] its text; .clip, .row-link, td, .link-title: their own text if it
//        is cut off. Points of the chain strip carry data-tip too.
import { byId } from "./dom.js";

const CUT = ".clip, .row-link, td, .link-title, .person-name, .option-text";
const WAIT_MS = 350;
const tip = byId("tip");
let shownFor = null;
let timer;

function textOf(element) {
  if (element.dataset.tip) return element.dataset.tip;
  return element.scrollWidth > element.clientWidth + 1 ? element.textContent.trim() : "";
}

function hide() {
  clearTimeout(timer);
  shownFor = null;
  if (tip.matches(":popover-open")) tip.hidePopover();
}

function show(element) {
  const text = element.isConnected && textOf(element);
  if (!text) return;
  tip.textContent = text;
  tip.showPopover();
  const place = element.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const below = place.bottom + 6 + height < innerHeight;
  const middle = element.clientWidth > 300 ? place.left : place.left + place.width / 2 - width / 2;
  tip.style.left = `${Math.max(8, Math.min(middle, innerWidth - width - 8))}px`;
  tip.style.top = `${below ? place.bottom + 6 : place.top - height - 6}px`;
}

function offer(target, wait) {
  const row = target.matches?.(".row") ? target.querySelector(".row-link") : null;
  const element = row ?? target.closest?.("[data-tip]") ?? target.closest?.(CUT);
  if (element === shownFor) return;
  hide();
  if (!element) return;
  shownFor = element;
  timer = setTimeout(() => show(element), wait);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "touch") offer(event.target, WAIT_MS);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches(":focus-visible")) offer(event.target, 0);
});
for (const end of ["focusout", "pointerdown", "keydown", "veriga:loaded"]) document.addEventListener(end, hide);
document.addEventListener("scroll", hide, { capture: true, passive: true });
