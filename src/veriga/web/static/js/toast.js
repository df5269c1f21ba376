// Toasts: what happened, with Undo. They stay 10 s; pointer or focus holds them.
// Reads: event `toast` {text, undo_url, undo_label, tone} (HX-Trigger of a response) or
//        {text, href, seen_url} of a notice, which is read once its link is followed,
//        [data-toast] that came with the page, [data-undo-url]; key Z undoes the last.
import { byId, isTyping, say } from "./dom.js";
import { send } from "./request.js";

const STAY_MS = 10_000;
const region = byId("toasts");

async function undo(toast, address) {
  toast.remove();
  if (await send(address, { method: "POST" })) say("veriga:changed", { reload: true });
}

function button(cls, text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = cls;
  made.append(text);
  made.addEventListener("click", act);
  return made;
}

/** Add buttons and the clock to a toast. */
function arm(toast, undoAddress, undoLabel) {
  if (undoAddress) {
    const made = button("toast-button", undoLabel || region.dataset.undo, () => undo(toast, undoAddress));
    const key = document.createElement("kbd");
    key.textContent = "Z";
    made.append(key);
    toast.append(made);
  }
  const close = button("toast-close", "×", () => toast.remove());
  close.ariaLabel = region.dataset.close;
  toast.append(close);
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), STAY_MS));
  for (const hold of ["pointerenter", "focusin"]) toast.addEventListener(hold, () => clearTimeout(timer));
  for (const go of ["pointerleave", "focusout"]) toast.addEventListener(go, start);
  start();
}

document.addEventListener("toast", ({ detail }) => {
  const toast = document.createElement("div");
  toast.className = detail.tone === "error" ? "toast is-error" : "toast";
  const text = document.createElement(detail.href ? "a" : "span");
  text.className = "toast-text";
  text.textContent = detail.text ?? detail.value;
  if (detail.href) {
    text.href = detail.href;
    text.addEventListener("click", () => send(detail.seen_url, { method: "POST", quiet: true, keepalive: true }));
  }
  toast.append(text);
  arm(toast, detail.undo_url, detail.undo_label);
  region.append(toast);
  while (region.children.length > 3) region.firstElementChild.remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
  const buttons = region.querySelectorAll(".toast-button");
  buttons[buttons.length - 1]?.click();
});

for (const toast of region.querySelectorAll("[data-toast]")) arm(toast, toast.dataset.undoUrl);

// What was said just before the page changed.
const kept = sessionStorage.getItem("toast");
if (kept) {
  sessionStorage.removeItem("toast");
  say("toast", JSON.parse(kept));
}
