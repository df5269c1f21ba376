// The form of a rule: only the conditions that fit, and one empty step at the end.
// Reads: [data-rule] around; [data-rule-trigger], a select; [data-when="done silence"]
//        shown for these triggers; [data-rule-step] rows with a select [data-rule-what].
import { on, whenLoaded } from "./dom.js";

function showConditions(form) {
  const trigger = form.querySelector("[data-rule-trigger]").value;
  for (const part of form.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(trigger);
  }
}

/** Show the steps in use, those that were shown already, and one more. */
function showSteps(form) {
  const rows = [...form.querySelectorAll("[data-rule-step]")];
  const used = rows.map((row) => Boolean(row.querySelector("[data-rule-what]").value));
  const next = used.lastIndexOf(true) + 1;
  if (rows[next]) rows[next].hidden = false;
}

const show = (form) => {
  showConditions(form);
  showSteps(form);
};

on("change", "[data-rule-trigger]", (event, select) => showConditions(select.form));
on("change", "[data-rule-what]", (event, select) => showSteps(select.form));
whenLoaded((root) => {
  for (const form of document.querySelectorAll("[data-rule]")) if (root.contains(form) || form.contains(root)) show(form);
});
