// The notes that wait to be sent: their number in the bar, and the list that it opens.
// Reads: [data-outbox-count], .outbox-button, #outbox-list, #outbox-note (a template);
//        a form that was opened from the list is filled in from its note.
import { ask, sentences } from "./ask.js";
import { byId, on, say, whenLoaded } from "./dom.js";

const isEnglish = document.documentElement.lang === "en";

/** Return an instant as the pages write it; of today only the hour. */
export function moment(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const clock = `${at.getHours()}${isEnglish ? ":" : "."}${String(at.getMinutes()).padStart(2, "0")}`;
  if (at.toDateString() === new Date().toDateString()) return clock;
  return `${at.toLocaleDateString(isEnglish ? "en-GB" : "sl-SI")} ${clock}`;
}

let waiting = [];
let editing = null;

const valuesOf = (note) => new URLSearchParams(note.body);

const textOf = (note) => [valuesOf(note).get("title"), valuesOf(note).get("text")].filter(Boolean).join("\n");

function stateOf(note) {
  const { waits, waitsForYou, refused } = sentences();
  if (note.state === "refused") return refused.replace("{}", note.reason);
  return note.state === "sign-in" ? waitsForYou : waits;
}

function row(note) {
  const made = byId("outbox-note").content.firstElementChild.cloneNode(true);
  const values = valuesOf(note);
  const part = (name) => made.querySelector(`[data-part=${name}]`);
  part("company").textContent = values.get("company_text") || values.get("made_on") || sentences().newCompany;
  part("when").textContent = moment(`${values.get("day")}T${values.get("hour") || "00:00"}`);
  part("text").textContent = textOf(note);
  part("state").textContent = stateOf(note);
  part("state").classList.toggle("is-late", note.state === "refused");
  made.dataset.note = note.key;
  return made;
}

/** Show the notes of this user: the number in the bar, and the list. */
export function showNotes(notes) {
  waiting = notes ?? [];
  for (const count of document.querySelectorAll("[data-outbox-count]")) count.textContent = waiting.length || "";
  for (const button of document.querySelectorAll(".outbox-button")) button.hidden = !waiting.length;
  const list = byId("outbox-list");
  const held = list.contains(document.activeElement);
  list.replaceChildren(...waiting.map(row));
  if (!waiting.length) {
    const none = document.createElement("li");
    none.className = "muted";
    none.textContent = sentences().none;
    if (byId("outbox").open) list.append(none);
  }
  if (held) (list.querySelector("a") ?? byId("outbox").querySelector("form button")).focus();
}

const noteOf = (element) => waiting.find(({ key }) => key === element.closest("[data-note]")?.dataset.note);

on("click", "[data-outbox-send]", () => ask("send"));
on("click", "[data-part=copy]", async (event, button) => {
  const text = textOf(noteOf(button));
  await navigator.clipboard?.writeText(text);
  say("toast", { text: `${byId("toasts").dataset.copied} ${text}` });
});
on("click", "[data-part=discard]", (event, button) => {
  const note = noteOf(button);
  const dialog = byId("question");
  byId("question-text").textContent = sentences().discardQuestion;
  byId("question-yes").textContent = sentences().discard;
  byId("outbox").close();
  dialog.returnValue = "no";
  dialog.addEventListener(
    "close",
    async () => {
      if (dialog.returnValue === "yes") await ask("discard", { key: note.key });
      showNotes(await ask("notes"));
      byId("outbox").showModal();
    },
    { once: true },
  );
  dialog.showModal();
});
// Before the window opens the form: it is filled in once it is there.
on("click", "[data-part=open]", (event, link) => {
  editing = noteOf(link);
  byId("outbox").close();
}, { capture: true });

/** Put what was noted into its form; the key goes with it, so it is not saved twice. */
function fillForm(form, note) {
  const values = valuesOf(note);
  const all = { ...Object.fromEntries(values), note_key: note.key };
  for (const [name, value] of Object.entries(all)) {
    const fields = [...form.elements].filter((field) => field.name === name);
    for (const field of fields) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type !== "checkbox") field.value = value;
    }
  }
  form.dataset.dirty = "draft";
  // The contacts of the company, and among them those that were ticked.
  form.elements.company?.dispatchEvent(new Event("change", { bubbles: true }));
  document.addEventListener("veriga:loaded", function tick(event) {
    if (event.target.id !== "company-contacts") return;
    document.removeEventListener("veriga:loaded", tick);
    for (const box of form.querySelectorAll("[name=contacts]")) box.checked = values.getAll("contacts").includes(box.value);
  });
}

whenLoaded((root) => {
  const form = root.querySelector?.(".record.is-quick form");
  if (!form || !editing) return;
  const note = editing;
  editing = null;
  fillForm(form, note);
});
