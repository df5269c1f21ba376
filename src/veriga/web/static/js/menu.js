// Drop-down and context menus: arrows, first letters, keys of the items, Escape, Tab.
// Reads: [data-menu="bottom|top start|end"] on the popover that a button with
//        popovertarget opens; [data-menu-key] on its items.
import { on } from "./dom.js";

const EDGE = 8;
let opener = null;
let openAt = null;

const itemsOf = (menu) => [...menu.querySelectorAll("[role^=menuitem]")].filter((item) => item.getClientRects().length);

function place(menu, x, y) {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))}px`;
  menu.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))}px`;
}

function placeBy(menu, button) {
  const [side, align] = menu.dataset.menu.split(" ");
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const fits = side !== "top" && at.bottom + 4 + height < innerHeight;
  place(menu, align === "end" ? at.right - width : at.left, fits ? at.bottom + 4 : at.top - height - 4);
}

/** Open a context menu at a point; focus goes back to `from` when it closes. */
export function openMenuAt(menu, x, y, from) {
  opener = from;
  openAt = menu;
  menu.showPopover();
  place(menu, x, y);
  itemsOf(menu)[0]?.focus();
}

/** Close the context menu, if one is open. */
export function closeMenu(giveBack = true) {
  if (!openAt) return;
  openAt.hidePopover();
  openAt = null;
  if (giveBack) opener?.focus();
}

on("click", "[popovertarget]", (event, button) => (opener = button), { capture: true });

document.addEventListener(
  "toggle",
  ({ target: menu, newState }) => {
    if (!menu.dataset?.menu) return;
    opener?.setAttribute("aria-expanded", String(newState === "open"));
    if (newState !== "open" || !opener) return;
    placeBy(menu, opener);
    itemsOf(menu)[0]?.focus();
  },
  { capture: true },
);

function typed(menu, items, event) {
  const letter = event.key.toUpperCase();
  const key = event.shiftKey ? `Shift+${letter}` : letter;
  const named = items.find((item) => item.dataset.menuKey?.toUpperCase() === key.toUpperCase());
  if (named) return named.click();
  const after = items.indexOf(document.activeElement) + 1;
  const turned = [...items.slice(after), ...items.slice(0, after)];
  return turned.find((item) => item.textContent.trim().toUpperCase().startsWith(letter))?.focus();
}

on("keydown", "[role=menu]", (event, menu) => {
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items.at(to % items.length)?.focus();
  else if (event.key === "Tab" || (event.key === "Escape" && menu === openAt)) {
    if (menu === openAt) closeMenu();
    else menu.hidePopover();
  } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) typed(menu, items, event);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

on("click", "[role=menu] [role^=menuitem]", (event, item) => {
  const menu = item.closest("[role=menu]");
  if (menu === openAt) closeMenu(false);
  else if (item.closest("form") === null) menu.hidePopover();
});

document.addEventListener("pointerdown", ({ target }) => {
  if (openAt && !openAt.contains(target)) closeMenu(false);
});
document.addEventListener("scroll", (event) => openAt && !openAt.contains(event.target) && closeMenu(false), { capture: true, passive: true });
