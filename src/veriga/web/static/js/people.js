// The colleagues of a form: found by name as one types, each with a time of their own.
// Reads: [data-narrows=id of a list of check boxes]; [data-own-times=id of a template]
// on that list, of which a copy follows each name that is chosen.
import { byId, on } from "./dom.js";

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Show the names that hold what is typed, and those that are chosen. */
function narrow(field) {
  const wanted = folded(field.value.trim());
  for (const label of byId(field.dataset.narrows).querySelectorAll("label.check")) {
    const fits = label.querySelector(":checked") || folded(label.textContent).includes(wanted);
    label.hidden = !fits;
  }
}

/** Put the fields of a time of their own behind a name that was just chosen. */
function addTime(list, box) {
  const label = box.closest("label");
  if (!box.checked || label.nextElementSibling?.matches("details")) return;
  const copy = byId(list.dataset.ownTimes).content.cloneNode(true);
  for (const element of copy.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replaceAll("__pk__", box.value);
    }
    for (const text of element.childNodes) {
      if (text.nodeType !== Node.TEXT_NODE) continue;
      text.data = text.data.replaceAll("__name__", label.textContent.trim());
    }
  }
  label.after(copy);
}

on("input", "[data-narrows]", (event, field) => narrow(field));

// Enter chooses the first that fits rather than saving the whole form.
on("keydown", "[data-narrows]", (event, field) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const list = byId(field.dataset.narrows);
  const first = list.querySelector("label.check:not([hidden]) > input:not(:checked)");
  if (!first || !field.value.trim()) return;
  first.click();
  field.value = "";
  narrow(field);
});

on("change", "[data-own-times] input[type=checkbox]", (event, box) => {
  addTime(box.closest("[data-own-times]"), box);
});
