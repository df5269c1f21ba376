// Find or run anything: Ctrl+K, or a click on [data-palette-open].
// Reads: #palette[data-url]; options are links, or [data-press=KEY] which presses a
//        single-key command of the page, or [data-click=SELECTOR] which clicks an
//        element of the page, shown or not.
import { byId, fill, later, moveActive, on, setActive } from "./dom.js";
import { pressKey } from "./keys.js";
import { send } from "./request.js";

const palette = byId("palette");
const input = byId("palette-input");
const list = byId("palette-list");
let asking;

async function find() {
  asking?.abort();
  asking = new AbortController();
  const answer = await send(`${palette.dataset.url}?q=${encodeURIComponent(input.value.trim())}`, { signal: asking.signal });
  if (!answer) return;
  fill(list, answer.text);
  list.scrollTop = 0;
  setActive(list, input, list.querySelector("[role=option]"));
}
const findSoon = later(find, 90);

function open() {
  if (palette.open) return;
  palette.showModal();
  input.select();
  find();
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  on("click", "[data-palette-open]", (event) => {
    event.preventDefault();
    open();
  });
  input.addEventListener("input", findSoon);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      moveActive(list, input, step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      list.querySelector("[aria-selected=true]")?.click();
    }
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.ariaSelected !== "true") setActive(list, input, option);
  });
  on("click", "#palette-list [role=option]", (event, option) => {
    palette.close();
    const { press, click } = option.dataset;
    const element = click && document.querySelector(click);
    if (!press && !element) return;
    event.preventDefault();
    if (press) pressKey(press);
    else element.click();
  }, { capture: true });
  palette.addEventListener("click", (event) => event.target === palette && palette.close());
}
