// The strip of the relations page shows the chain of the selected row.
// Reads: #strip[data-strip] (address of the page; ?chain=REFERENCE draws that chain),
//        .strip a[data-reference].
// Hears: `veriga:selected` {reference}.
import { byId, fill, later } from "./dom.js";
import { send } from "./request.js";

const show = later(async (box, reference) => {
  if (!box.querySelector(`.strip a[data-reference="${CSS.escape(reference)}"]`)) {
    const address = `${box.dataset.strip}?chain=${encodeURIComponent(reference)}`;
    const answer = await send(address, { quiet: true, headers: { "HX-Target": "div#strip" } });
    if (!answer || !box.isConnected) return;
    fill(box, answer.text);
    return;
  }
  for (const point of box.querySelectorAll(".strip a[data-reference]")) {
    point.classList.toggle("is-current", point.dataset.reference === reference);
  }
}, 120);

document.addEventListener("veriga:selected", ({ detail: { reference } }) => {
  const box = byId("strip");
  if (box?.dataset.strip && reference) show(box, reference);
});
