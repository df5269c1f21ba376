// Changing a cell of a list in its place: F2 on a row, or the pencil in a cell. F2 again
// goes to the next cell, Enter saves, Escape leaves; what is refused stays, with the why.
// Reads: [data-change=reference] a command; #list .row with [data-href] and [data-reference], or
//        [data-id] of a company or contact, whose th[data-change-here=field] say what may change;
//        form[data-cell].
import { byId, fill, on, whenLoaded } from "./dom.js";
import { send } from "./request.js";

const FIELDS = { title: ".c-title", due: ".c-due", owner: ".c-owner", importance: ".c-importance" };
const mayEdit = () => byId("bulk"); // the bar of commands is there for who may record
const ROW = "#list [data-rows] .row:is([data-id], [data-aside]:not([data-aside='']))";
const rowOf = (target) => target.closest?.(ROW);
const inputOf = (form) => form.querySelector("[name=value]");
const typedIn = (form) => new FormData(form).getAll("value").join("\n");

/** Return the cells of a row that may be changed: [field, cell]. */
function cellsOf(row) {
  const isEvent = row.dataset.kind === "event"; // its end moves with it
  const own = row.dataset.id ? [] : Object.entries(FIELDS).filter(([field]) => !(field === "due" && isEvent));
  const heads = [...row.closest("table").querySelectorAll("th[data-change-here]")];
  const cells = [
    ...own.map(([field, selector]) => [field, row.querySelector(selector)]),
    ...heads.map((head) => [head.dataset.changeHere, row.cells[head.cellIndex]]),
  ];
  return cells.filter(([, cell]) => cell?.getClientRects().length);
}

function close(form, focus = true) {
  const cell = form.parentElement;
  const row = form.closest(".row");
  cell.classList.remove("is-open");
  cell.replaceChildren(...cell.kept);
  if (focus) row.focus({ preventScroll: true });
}

function put(cell, html) {
  fill(cell, html);
  const form = cell.querySelector("form[data-cell]");
  form.was ??= typedIn(form);
  const input = inputOf(form);
  input?.focus();
  if (["text", "tel", "email"].includes(input?.type)) input.select();
  return form;
}

/** Return the cell of a row that may be changed and is not being changed yet, or null. */
function cellOf(row, field) {
  const isOpen = !row || row.querySelector("form[data-cell]");
  return isOpen ? null : cellsOf(row).find(([name]) => name === field)?.[1];
}

async function open(row, field) {
  if (!cellOf(row, field)) return;
  // Which company a contact is shown at, and in which columns, is in the page's address.
  const answer = await send(`${row.dataset.href}cell/${field}/${row.dataset.id ? location.search : ""}`);
  if (!answer) return;
  const cell = cellOf(byId(row.id), field); // the list may have brought a fresh row meanwhile
  if (!cell) return;
  cell.kept = [...cell.childNodes];
  cell.classList.add("is-open");
  put(cell, answer.text);
}

async function save(form) {
  if (form.dataset.sending) return;
  const was = form.was;
  if (typedIn(form) === was && !form.querySelector(".cell-why")) return close(form);
  form.dataset.sending = "yes";
  const cell = form.parentElement;
  const answer = await send(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), refused: true });
  delete form.dataset.sending;
  delete form.dataset.busy;
  if (!answer) return;
  if (answer.response.ok) close(form);
  else put(cell, answer.text).was = was;
}

function next(form) {
  const row = form.closest(".row");
  const fields = cellsOf(row).map(([name]) => name);
  const after = fields[(fields.indexOf(form.dataset.cell) + 1) % fields.length];
  if (typedIn(form) !== form.was) return save(form);
  close(form);
  return open(row, after);
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-cell]");
  const row = rowOf(event.target);
  if (event.defaultPrevented || !row || !mayEdit()) return;
  if (event.key === "F2") {
    if (form) next(form);
    else open(row, cellsOf(row)[0]?.[0]);
  } else if (form && event.key === "Escape") close(form);
  else if (form && event.key === "Enter") save(form);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

on("submit", "form[data-cell]", (event, form) => {
  event.preventDefault();
  save(form);
});

// Left without a change, a cell closes; what was typed stays open.
on("focusout", "form[data-cell]", (event, form) => {
  if (form.contains(event.relatedTarget) || !form.isConnected || typedIn(form) !== form.was) return;
  if (!form.querySelector(".cell-why")) setTimeout(() => form.isConnected && !form.contains(document.activeElement) && close(form, false));
});

on("click", "[data-pencil]", (event, button) => open(button.closest(".row"), button.dataset.pencil));

on("click", "[data-change]", (event, item) => open(byId(`row-${item.dataset.change}`), "title"));

/** Put pencils into the selected row; a finger opens the record instead. */
function addPencils(row) {
  for (const old of document.querySelectorAll("#list [data-pencil]")) if (!row.contains(old)) old.remove();
  if (!mayEdit() || matchMedia("(pointer: coarse)").matches) return;
  for (const [field, cell] of cellsOf(row)) {
    if (cell.querySelector("[data-pencil], form")) continue;
    const pencil = byId("pencil").content.firstElementChild.cloneNode(true);
    pencil.dataset.pencil = field;
    cell.append(pencil);
  }
}
on("veriga:selected", "#list .row", (event, row) => rowOf(row) && addPencils(row));
whenLoaded(() => {
  const row = document.querySelector('#list .row[aria-selected="true"]');
  if (row && rowOf(row)) addPencils(row);
});
