// The pipeline board: a card is dragged to another stage, moved by Alt and an arrow, or
// by its menu; arrows alone walk through the cards.
// Reads: [data-board], [data-stage] on a column, [data-move=address] on a card,
//        [data-move-menu] on its button; #move-sale, the menu, with [data-stage-choice].
import { byId, on } from "./dom.js";
import { closeMenu, openMenuAt } from "./menu.js";
import { send } from "./request.js";

let dragged = null;
let chosen = null;

const cardOf = (element) => element.closest("[data-move]");
const columnOf = (element) => element.closest("[data-board] [data-stage]");
const columns = () => [...document.querySelectorAll("[data-board] [data-stage]")];
const linksIn = (column) => [...column.querySelectorAll(".card-link")];

/** Mark the stage; the list is read again, and the card that had the focus has it still. */
async function move(card, stage, keepFocus) {
  const id = card.dataset.card;
  const answer = await send(card.dataset.move, { method: "POST", body: new URLSearchParams({ stage }) });
  if (!answer || !keepFocus) return Boolean(answer);
  const board = byId("list");
  const found = () => board.querySelector(`[data-card="${CSS.escape(id)}"] .card-link`);
  const watch = new MutationObserver(() => {
    watch.disconnect();
    (found() ?? board.querySelector("[data-board]"))?.focus();
  });
  watch.observe(board, { childList: true, subtree: true });
  return true;
}

on("dragstart", "[data-move]", (event, card) => {
  dragged = card;
  card.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.querySelector(".card-link").href);
});

on("dragend", "[data-move]", (event, card) => {
  card.classList.remove("is-dragged");
  for (const column of columns()) column.classList.remove("is-target");
  dragged = null;
});

on("dragover", "[data-board] [data-stage]", (event, column) => {
  if (!dragged || column.dataset.stage === "-") return;
  event.preventDefault();
  for (const one of columns()) one.classList.toggle("is-target", one === column);
});

on("drop", "[data-board] [data-stage]", (event, column) => {
  if (!dragged) return;
  event.preventDefault();
  const card = dragged;
  if (columnOf(card) === column || column.dataset.stage === "-") return;
  const [place, next] = [card.parentElement, card.nextElementSibling];
  column.querySelector(".cards").prepend(card);
  move(card, column.dataset.stage, false).then((isDone) => isDone || place.insertBefore(card, next));
});

on("click", "[data-move-menu]", (event, button) => {
  const menu = byId("move-sale");
  if (!menu) return;
  event.preventDefault();
  event.stopPropagation();
  chosen = cardOf(button);
  const at = button.getBoundingClientRect();
  openMenuAt(menu, at.right - 200, at.bottom + 4, button);
}, { capture: true });

on("click", "#move-sale [data-stage-choice]", (event, item) => {
  closeMenu();
  if (chosen) move(chosen, item.dataset.stageChoice, true);
});

on("keydown", "[data-board] .card-link", (event, link) => {
  const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.ctrlKey || event.metaKey || (!side && !step)) return;
  const column = columnOf(link);
  const all = columns();
  if (event.altKey) {
    const target = side && all[all.indexOf(column) + side];
    if (!target || target.dataset.stage === "-") return;
    event.preventDefault();
    move(cardOf(link), target.dataset.stage, true);
    return;
  }
  event.preventDefault();
  const links = linksIn(column);
  const place = links.indexOf(link);
  if (step) {
    links[place + step]?.focus();
    return;
  }
  for (let at = all.indexOf(column) + side; all[at]; at += side) {
    const others = linksIn(all[at]);
    if (others.length) {
      others[Math.min(place, others.length - 1)].focus();
      return;
    }
  }
});
