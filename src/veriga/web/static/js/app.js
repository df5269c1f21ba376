// Loads every behaviour, and the few that need no file of their own:
// [data-copy=text] copies, [data-dialog=id] opens a dialog, [data-print] prints, [data-theme-form] switches
// the theme at once, [data-counts=url] fills [data-nav-count=code] after the page. What is
// for when there is no signal comes last and does not delay the page: offline.js.
import { byId, on, say } from "./dom.js";
import "./alike.js";
import "./board.js";
import "./bulk.js";
import "./calendar.js";
import "./cells.js";
import "./form.js";
import "./give-up.js";
import "./keys.js";
import "./lanes.js";
import "./linking.js";
import "./mention.js";
import "./menu.js";
import "./notices.js";
import "./overview.js";
import "./palette.js";
import "./people.js";
import "./picker.js";
import "./poll.js";
import "./process-map.js";
import "./quote-lines.js";
import "./record-form.js";
import "./refresh.js";
import { send } from "./request.js";
import "./rows.js";
import "./rules.js";
import "./strip.js";
import "./targets.js";
import "./tip.js";
import "./toast.js";
import "./upload.js";
import "./window.js";

on("click", "[data-copy]", async (event, element) => {
  await navigator.clipboard?.writeText(element.dataset.copy);
  say("toast", { text: `${byId("toasts").dataset.copied} ${element.dataset.copy}` });
});

on("click", "[data-print]", () => print());

on("click", "[data-dialog]", (event, element) => byId(element.dataset.dialog)?.showModal());

on("submit", "[data-theme-form]", async (event, form) => {
  event.preventDefault();
  const theme = event.submitter.value;
  document.documentElement.dataset.theme = theme;
  for (const item of form.querySelectorAll("[role=menuitemradio]")) {
    item.ariaChecked = String(item.value === theme);
  }
  await send(form.action, { method: "POST", body: new URLSearchParams({ theme }) });
  delete form.dataset.busy;
});

/** Put the saved views of the menu below everything else, where nothing moves for them. */
function fillViews(views) {
  const list = byId("side-views");
  list.hidden = byId("side-views-label").hidden = !views.length;
  const pattern = list.querySelector("template").content.firstElementChild;
  for (const old of list.querySelectorAll("li")) old.remove();
  for (const { name, address } of views) {
    const made = pattern.cloneNode(true);
    made.querySelector("a").href = address;
    made.querySelector(".side-text").textContent = name;
    list.append(made);
  }
}

// The filters of a list change without a new page: files and views follow its address.
on("click", "[data-export], [data-columns]", (event, link) => {
  const query = new URLSearchParams(location.search);
  query.delete("cursor");
  link.search = `?${query}`;
}, { capture: true });

on("click", "[data-of-list]", (event, link) => {
  const query = new URLSearchParams(location.search);
  query.set("page", link.dataset.ofList);
  query.delete("cursor");
  link.search = `?${query}`;
}, { capture: true });

async function fillCounts(side) {
  const answer = await send(side.dataset.counts, { quiet: true, headers: { Accept: "application/json" } });
  if (!answer) return;
  const { views, ...counts } = JSON.parse(answer.text);
  fillViews(views);
  for (const [code, { number, late }] of Object.entries(counts)) {
    const place = document.querySelector(`[data-nav-count="${code}"]`);
    if (!place) continue;
    place.textContent = number > 99 ? "99+" : number || "";
    place.classList.toggle("is-late", Boolean(late));
  }
}
const side = byId("side");
if (side) {
  fillCounts(side);
  for (const name of ["veriga:saved", "veriga:changed"]) document.addEventListener(name, () => fillCounts(side));
}

const startOffline = () => import("./offline.js");
const isKept = document.documentElement.dataset.keptAt || document.querySelector("[data-offline-page]");
if (isKept) startOffline();
else if (navigator.serviceWorker) {
  const soon = () => (window.requestIdleCallback ?? setTimeout)(startOffline);
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon);
}
