// Poveži: the rows are radio buttons, so a click or an arrow chooses, Enter or a
// double-click links; choosing shows what would be joined (htmx on each radio button).
// Reads: form[data-link-form] with #link-rows and #link-preview, .link-item, #link-q.
import { byId, on, whenLoaded } from "./dom.js";

const FORM = "form[data-link-form]";
const choices = () => [...document.querySelectorAll("#link-rows input[type=radio]")];

function choose(radio, focus) {
  if (!radio) return;
  if (focus) radio.focus();
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

// The first row is the likeliest: it is chosen at once, so that Enter links; unless it
// is not likely enough, then the list only has the focus and Enter waits for a choice.
whenLoaded(() => {
  const form = document.querySelector(FORM);
  if (!form || form.querySelector("input[name=other]:checked")) return;
  const [first] = choices();
  if (!first) {
    byId("link-preview").replaceChildren();
    return;
  }
  const isNew = !("ready" in form.dataset);
  form.dataset.ready = "";
  const focus = isNew && !matchMedia("(pointer: coarse)").matches;
  if ("undecided" in first.dataset) {
    if (focus) first.focus();
    return;
  }
  // htmx listens to the rows only after this piece is in its place.
  if (document.readyState === "complete") setTimeout(() => choose(first, focus));
  else addEventListener("load", () => choose(first, focus), { once: true });
});

on("dblclick", `${FORM} .link-item`, (event, item) => {
  event.preventDefault();
  item.querySelector("input").checked = true;
  item.closest("form").requestSubmit();
});
on("keydown", `${FORM} input[type=radio]`, (event, radio) => {
  if (event.key !== "Enter" || event.ctrlKey) return;
  event.preventDefault();
  if (radio.checked) radio.form.requestSubmit();
});
on("keydown", "#link-q", (event) => {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  choose(choices()[0], true);
});
