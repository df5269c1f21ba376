// The form of a company: companies that may be the one being typed, asked for while
// somebody types what a company has alone.
// Reads: [data-alike-url] in the form, into which the answer goes.
import { fill, later, on } from "./dom.js";
import { send } from "./request.js";

const FIELDS = ["name", "tax_number", "registration_number", "phone", "email", "website", "country"];
let asking;

const ask = later(async (form) => {
  const place = form.querySelector("[data-alike-url]");
  if (!place) return;
  const address = new URL(place.dataset.alikeUrl, location.href);
  for (const name of FIELDS) {
    const value = form.elements[name]?.value.trim();
    if (value) address.searchParams.set(name, value);
  }
  asking?.abort();
  asking = new AbortController();
  const answer = await send(address, { quiet: true, signal: asking.signal });
  if (answer) fill(place, answer.text.trim());
}, 300);

on("input", "form:has([data-alike-url])", (event, form) => {
  if (FIELDS.includes(event.target.name)) ask(form);
});
