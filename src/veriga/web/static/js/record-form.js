// The form of a record. The likeliest activity to continue is asked for again when the
// company, the product or a contact changes; Enter in the company field or Alt+Enter
// anywhere accepts it, and nothing is linked without that key or a click.
// Reads: form[data-record-form][data-continue-url], #continues, #company-contacts,
//        [data-accept] beside [data-offered]; [data-contacts-url] over #contact-choices.
import { byId, fill, later, on } from "./dom.js";
import { send } from "./request.js";

const FORM = "form[data-record-form]";
const ASKS = ["company", "product", "contacts"];
const SENT = ["company", "product", "contacts", "follows", "what", "type", "title"];
let asking;

/** Put the fresh content of `id` into its place. */
function put(page, id) {
  const place = byId(id);
  const fresh = page.getElementById(id);
  if (place && fresh) fill(place, fresh.innerHTML);
}

async function ask(form, changed) {
  if (!byId("continues")) return;
  asking?.abort();
  asking = new AbortController();
  const values = new FormData(form);
  const query = new URLSearchParams();
  if (form.dataset.kind) query.set("kind", form.dataset.kind);
  for (const name of SENT) {
    if (name === "follows" && changed === "company") continue;
    for (const value of values.getAll(name)) if (value) query.append(name, value);
  }
  const answer = await send(`${form.dataset.continueUrl}?${query}`, { quiet: true, signal: asking.signal });
  if (!answer) return;
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  put(page, "continues");
  // Only another company has other contacts: a tick must not lose the focus.
  if (changed === "company") put(page, "company-contacts");
}

on("change", FORM, (event, form) => {
  if (ASKS.includes(event.target.name)) ask(form, event.target.name);
});

/** Ask for the contacts of the company that a text finds; the ticked ones stay. */
async function findContacts(search) {
  const values = new FormData(search.form);
  const query = new URLSearchParams();
  for (const name of ["company", "contacts", "contact_q"]) {
    for (const value of values.getAll(name)) if (value) query.append(name, value);
  }
  const answer = await send(`${search.dataset.contactsUrl}?${query}`, { quiet: true });
  if (!answer) return;
  put(new DOMParser().parseFromString(answer.text, "text/html"), "contact-choices");
}
const findContactsSoon = later(findContacts, 200);

on("input", "[data-contacts-url]", (event, search) => findContactsSoon(search));

/** Choose the offered activity; tell whether there was one to choose. */
function accept(form) {
  const radio = form.querySelector("[data-offered]");
  if (!radio || radio.checked) return false;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  const title = form.elements.title;
  (title && !title.value ? title : radio).focus();
  return true;
}

on("click", "[data-accept]", (event, button) => {
  event.preventDefault();
  accept(button.closest("form"));
});
on("keydown", FORM, (event, form) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const company = event.target.matches("[name=company_text]") && form.elements.company.value;
  if (event.altKey || company) {
    event.preventDefault();
    if (!accept(form) && company) form.elements.title?.focus();
  }
});

// A single key leads into the field for a new entry.
on("click", "textarea[data-key]", (event, field) => field.focus());
