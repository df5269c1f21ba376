// The grid of targets: the up and down arrows go from row to row, Alt+→ or the button of
// a row copies an amount to the months after it.
// Reads: [data-targets] the table, [data-copy-on] the button of a row.
import { on } from "./dom.js";

const cells = (row) => [...row.querySelectorAll("input")];

function copyOn(row, from) {
  const own = cells(row);
  const start = own.indexOf(from);
  for (const cell of own.slice(start + 1)) {
    cell.value = from.value;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

on("keydown", "[data-targets] input", (event, input) => {
  const row = input.closest("tr");
  if (event.altKey && event.key === "ArrowRight") {
    event.preventDefault();
    copyOn(row, input);
    return;
  }
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || event.altKey || event.ctrlKey) return;
  const rows = [...row.closest("[data-targets]").querySelectorAll("tr:has(input)")];
  const next = rows[rows.indexOf(row) + step];
  if (!next) return;
  event.preventDefault();
  cells(next)[cells(row).indexOf(input)].focus();
});

on("focusin", "[data-targets] input", (event, input) => {
  input.select();
  for (const other of cells(input.closest("tr"))) delete other.dataset.last;
  input.dataset.last = "";
});

on("click", "[data-copy-on]", (event, button) => {
  const row = button.closest("tr");
  const from = row.querySelector("input[data-last]") ?? cells(row).find((cell) => cell.value);
  if (!from) return;
  copyOn(row, from);
  from.focus();
});
