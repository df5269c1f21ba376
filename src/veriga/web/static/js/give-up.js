// One click gives a chain up, for a reason from a menu.
// Reads: [data-give-up=address] on a link; #give-up, the menu, with [data-reason].
import { byId, on } from "./dom.js";
import { closeMenu, openMenuAt } from "./menu.js";
import { send } from "./request.js";

let address = "";

on("click", "[data-give-up]", (event, link) => {
  const menu = byId("give-up");
  if (!menu) return;
  event.preventDefault();
  event.stopPropagation();
  address = link.dataset.giveUp;
  const at = link.getBoundingClientRect();
  openMenuAt(menu, at.right - 200, at.bottom + 4, link);
}, { capture: true });

on("click", "#give-up [data-reason]", async (event, item) => {
  closeMenu();
  await send(address, { method: "POST", body: new URLSearchParams({ reason: item.dataset.reason }) });
});
