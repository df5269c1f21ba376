// After a change the lists of the page are read again; rows change in their places.
// Reads: [data-refresh] on a container with an id: the page's address is fetched and
//        the element of that id (or the whole answer) replaces the content.
import { fill, later } from "./dom.js";
import { send } from "./request.js";
import { glow } from "./rows.js";
import { addressOfPage } from "./window.js";

/** Put new rows into a table body in place; rows loaded beyond them stay. */
function mergeRows(body, fresh) {
  const rows = [...fresh.querySelectorAll(":scope > .row")];
  const last = rows.findLast((row) => body.querySelector(`#${CSS.escape(row.id)}`));
  if (!last) return false;
  const ids = new Set(rows.map((row) => row.id));
  let place = body.firstElementChild;
  for (const row of rows) {
    const old = body.querySelector(`:scope > #${CSS.escape(row.id)}`);
    if (old?.querySelector("form[data-cell]")) continue; // somebody types in it
    while (place?.matches(".row") && place !== old && !ids.has(place.id)) {
      const gone = place;
      place = place.nextElementSibling;
      gone.remove();
    }
    if (old === place) place = place?.nextElementSibling;
    const isFocused = old?.contains(document.activeElement);
    if (old) {
      row.ariaSelected = old.ariaSelected;
      row.tabIndex = old.tabIndex;
      old.remove();
    }
    body.insertBefore(row, place);
    if (isFocused) row.focus({ preventScroll: true }); // the keyboard stays where it was
    if (row.id === last.id) break;
  }
  window.htmx?.process(body);
  body.dispatchEvent(new CustomEvent("veriga:loaded", { bubbles: true }));
  return true;
}

async function refresh(box) {
  const answer = await send(addressOfPage(), { quiet: true, headers: { "HX-Target": `${box.tagName.toLowerCase()}#${box.id}` } });
  if (!answer || !box.isConnected) return;
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  const fresh = page.getElementById(box.id) ?? page.body;
  const body = box.querySelector("[data-rows] tbody");
  const bodies = fresh.querySelectorAll("[data-rows] tbody");
  if (!(body && bodies.length === 1 && mergeRows(body, bodies[0]))) fill(box, fresh.innerHTML);
}

const refreshAll = later(async (id) => {
  await Promise.all([...document.querySelectorAll("#app [data-refresh]")].map(refresh));
  if (id) glow(id);
  const selected = document.querySelector('#main .row[aria-selected="true"][data-aside]');
  const aside = document.getElementById("aside");
  if (!selected || !aside) return;
  const answer = await send(selected.dataset.aside, { quiet: true });
  if (answer) fill(aside, answer.text);
}, 40);

for (const name of ["veriga:saved", "veriga:changed"]) {
  document.addEventListener(name, ({ detail }) => refreshAll(detail.row ?? `row-${detail.reference}`));
}
