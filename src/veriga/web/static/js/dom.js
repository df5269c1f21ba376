// Small helpers that every other module uses. Reads no attributes.

/** Call `act(event, element)` for events of this type on elements matching `selector`. */
export function on(type, selector, act, options) {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target.closest?.(selector);
      if (element) act(event, element);
    },
    options,
  );
}

/** Call `act(root)` for the page now, and for every piece that arrives later. */
export function whenLoaded(act) {
  act(document);
  document.addEventListener("htmx:after:settle", (event) => act(event.target));
  document.addEventListener("veriga:loaded", (event) => act(event.target));
}

/** Put HTML from the server into `element`; htmx and our modules get to know it. */
export function fill(element, html) {
  element.innerHTML = html;
  window.htmx?.process(element);
  element.dispatchEvent(new CustomEvent("veriga:loaded", { bubbles: true }));
}

export const byId = (id) => document.getElementById(id);

/** Send an event from `element` (or the document) with `detail`. */
export function say(name, detail = {}, element = document) {
  return element.dispatchEvent(
    new CustomEvent(name, { detail, bubbles: true, cancelable: true }),
  );
}

/** Tell whether keys belong to a field somebody is typing in. */
export const isTyping = (target) =>
  target?.isContentEditable ||
  target?.matches?.(
    "textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button])",
  );

export const isVisible = (element) =>
  !element.closest("[inert], [hidden]") && element.getClientRects().length > 0;

/** Tell whether a finger made this click. */
export const isTouch = (event) =>
  event.pointerType ? event.pointerType === "touch" : matchMedia("(pointer: coarse)").matches;

/** Return `act`, run once `ms` after its last call. */
export function later(act, ms) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...values), ms);
  };
}

/** Make the option at `step` from the active one active; return it. */
export function moveActive(list, input, step) {
  const options = [...list.querySelectorAll("[role=option]")];
  const now = options.findIndex((option) => option.ariaSelected === "true");
  const next = options[(now + step + options.length) % options.length];
  setActive(list, input, next);
  return next;
}

/** Mark `option` as the active one of a listbox that `input` controls. */
export function setActive(list, input, option) {
  for (const [index, one] of list.querySelectorAll("[role=option]").entries()) {
    one.id ||= `${list.id}-${index}`;
    one.ariaSelected = String(one === option);
  }
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}
