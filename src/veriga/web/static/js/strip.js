// The chain strip: hovering and focus tell (tip.js), a mouse click selects the row of
// the point if it is on the page, a double-click, Enter or a tap opens the record.
// Reads: .strip a[data-reference][data-tip] with the record's address.
import { byId, isTouch, on } from "./dom.js";
import { selectRow } from "./rows.js";
import { openWindow } from "./window.js";

const POINT = ".strip a[data-reference]";
const addressOf = (point) => point.href.baseVal ?? point.href;

on("click", POINT, (event, point) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (event.detail === 0 || isTouch(event)) openWindow(addressOf(point), point);
  else {
    const row = byId(`row-${point.dataset.reference}`);
    if (row) selectRow(row, false);
  }
});
on("dblclick", POINT, (event, point) => {
  if (!isTouch(event)) openWindow(addressOf(point), point);
});
