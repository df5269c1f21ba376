// A box with suggestions from the server (ARIA combobox).
// Reads: [data-picker=url] around: input[role=combobox], [data-picker-value] (the id),
//        [data-picker-new] (the name to be made), [role=listbox].
//        On the input: [data-with="company kind"] sends these fields of the form too.
//        On an option: [data-value], [data-text], [data-new], [data-fill-NAME].
// Sends: `veriga:picked` {value, text} from the box, `change` from the hidden field.
import { fill, later, moveActive, on, say, setActive } from "./dom.js";
import { send } from "./request.js";

const INPUT = "[data-picker] > [role=combobox]";
const part = (box, name) => box.querySelector(`[data-picker-${name}]`);
const inputOf = (box) => box.querySelector("[role=combobox]");
const listOf = (box) => box.querySelector("[role=listbox]");
const isOpen = (box) => !listOf(box).hidden;

function close(box) {
  listOf(box).hidden = true;
  inputOf(box).ariaExpanded = "false";
  inputOf(box).removeAttribute("aria-activedescendant");
}

function addressOf(box, text) {
  const input = inputOf(box);
  const address = new URL(box.dataset.picker, location.href);
  address.searchParams.set("q", text);
  for (const name of (input.dataset.with ?? "").split(" ").filter(Boolean)) {
    const field = input.form?.elements[name];
    if (field?.value) address.searchParams.set(name, field.value);
  }
  return address;
}

async function suggest(box, text) {
  box.asking?.abort();
  box.asking = new AbortController();
  const answer = await send(addressOf(box, text), { signal: box.asking.signal });
  if (!answer || !box.contains(document.activeElement)) return;
  const list = listOf(box);
  const input = inputOf(box);
  fill(list, answer.text);
  list.hidden = false;
  input.ariaExpanded = "true";
  setActive(list, input, text ? list.querySelector("[role=option]") : null);
}
const suggestSoon = later(suggest, 120);

function setValue(box, value, made) {
  const field = part(box, "value");
  const hasChanged = field.value !== value;
  field.value = value;
  if (part(box, "new")) part(box, "new").value = made;
  if (hasChanged || made) field.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(box, option) {
  const { value = "", text, new: made = "", ...rest } = option.dataset;
  const shown = text ?? (made || option.textContent.trim());
  inputOf(box).value = shown;
  for (const [name, filling] of Object.entries(rest)) {
    if (!name.startsWith("fill")) continue;
    const field = inputOf(box).form?.elements[name.slice(4).replace(/[A-Z]/g, (c, i) => (i ? "_" : "") + c.toLowerCase())];
    if (field && !field.value) field.value = filling;
  }
  close(box);
  setValue(box, value, made);
  say("veriga:picked", { value, text: shown, made }, box);
}

on("input", INPUT, (event, input) => {
  const box = input.parentElement;
  setValue(box, "", "");
  suggestSoon(box, input.value.trim());
});
on("click", INPUT, (event, input) => isOpen(input.parentElement) || suggest(input.parentElement, ""));
on("keydown", INPUT, (event, input) => {
  const box = input.parentElement;
  const list = listOf(box);
  const active = isOpen(box) && list.querySelector("[aria-selected=true]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen(box)) moveActive(list, input, event.key === "ArrowDown" ? 1 : active ? -1 : 0);
    else suggest(box, "");
  } else if (event.key === "Enter" && active && !event.ctrlKey) {
    event.preventDefault();
    choose(box, active);
  } else if (event.key === "Escape" && isOpen(box)) {
    event.preventDefault();
    event.stopPropagation();
    close(box);
  } else if (event.key === "Tab" && active && input.value.trim() && !part(box, "value").value) choose(box, active);
});
on("pointerdown", "[data-picker] [role=option]", (event, option) => {
  event.preventDefault();
  choose(option.closest("[data-picker]"), option);
});
on("focusout", "[data-picker]", (event, box) => {
  if (!box.contains(event.relatedTarget)) close(box);
});
