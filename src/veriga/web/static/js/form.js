// Forms: unsaved text is known and kept, Ctrl+Enter saves, one click sends once.
// Reads: form[data-form]; [data-save] its main button; hx-confirm with
//        [data-confirm] = the verb on the button of the question.
// Drafts live in sessionStorage under the address the form posts to.
import { byId, later, on, say, whenLoaded } from "./dom.js";

const keyOf = (form) => `draft:${form.getAttribute("action") || location.pathname}`;
const kept = (element) => element.name && !/^(hidden|file|password|submit)$/.test(element.type) && element.name !== "csrfmiddlewaretoken";
const keepable = (element) => kept(element) || element.matches("[data-picker-value], [data-picker-new]");

function valuesOf(form) {
  const pairs = [...form.elements].filter(keepable);
  return pairs.map((e) => [e.name, e.type === "checkbox" || e.type === "radio" ? e.checked : e.value, e.value]);
}

function keep(form) {
  if (form.isConnected && form.dataset.dirty) sessionStorage.setItem(keyOf(form), JSON.stringify(valuesOf(form)));
}
const keepSoon = later(keep, 250);

function restore(form) {
  const text = sessionStorage.getItem(keyOf(form));
  if (!text || form.querySelector("[aria-invalid=true], .form-errors")) return;
  for (const [name, value, own] of JSON.parse(text)) {
    const element = [...form.elements].find((e) => e.name === name && (typeof value !== "boolean" || e.value === own));
    if (!element) continue;
    if (typeof value === "boolean") element.checked = value;
    else element.value = value;
  }
  form.dataset.dirty = "draft";
  say("toast", { text: byId("toasts").dataset.restored });
}

/** Tell whether `root` holds a form with unsaved text. */
export const isDirty = (root) => Boolean(root.querySelector("form[data-form][data-dirty]"));

/** Write the drafts of `root` down now. */
export const keepDrafts = (root) => root.querySelectorAll("form[data-form]").forEach(keep);

/** Forget what was typed in `form`. */
export function dropDraft(form) {
  delete form.dataset.dirty;
  sessionStorage.removeItem(keyOf(form));
}

for (const type of ["input", "change"]) {
  on(type, "form[data-form]", (event, form) => {
    if (!event.target.name && !event.isTrusted) return;
    form.dataset.dirty = "yes";
    keepSoon(form);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-form]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save]"));
});

// Before htmx hears of it: a form that is on its way is not sent again.
on(
  "submit",
  "form",
  (event, form) => {
    if (form.dataset.busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.method === "dialog" || form.method === "get") return;
    form.dataset.busy = "yes";
    if (!form.matches("[hx-post]")) dropDraft(form);
  },
  { capture: true },
);
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const form = ctx.request.form ?? ctx.sourceElement?.closest?.("form");
  if (!form) return;
  delete form.dataset.busy;
  if (form.matches("[data-form]") && ctx.response?.status < 400 && ctx.request.method !== "GET") dropDraft(form);
});
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const form = ctx.request?.form;
  if (form?.matches("[data-form]") && ctx.response?.status < 400 && ctx.request.method !== "GET") dropDraft(form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach((form) => delete form.dataset.busy));
let isLeaving = false;
document.addEventListener("veriga:leaving", () => {
  isLeaving = true;
  keepDrafts(document);
});
addEventListener("beforeunload", (event) => {
  keepDrafts(document);
  if (!isLeaving && document.querySelector("form[data-dirty=yes]:not([data-busy])")) event.preventDefault();
});

whenLoaded((root) => {
  for (const form of root.querySelectorAll("form[data-form]:not([data-ready])")) {
    form.dataset.ready = "";
    if (form.querySelector("[aria-invalid=true], .form-errors")) form.dataset.dirty = "yes";
    restore(form);
  }
  root.querySelector("form [aria-invalid=true], .form-errors")?.focus();
});

document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  const dialog = byId("question");
  const yes = byId("question-yes");
  event.preventDefault();
  byId("question-text").textContent = ctx.confirm;
  yes.textContent = ctx.sourceElement.dataset.confirm || yes.dataset.verb;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => (dialog.returnValue === "yes" ? issueRequest() : dropRequest()), { once: true });
  dialog.showModal();
  yes.focus();
});
