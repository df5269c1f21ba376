// The process map: begins at its first kind where it is wider than the page; pointing at
// a kind shows what leads to it and away; a drawing as PNG.
// Reads: [data-map] around [data-of=kind] boxes and [data-from][data-to] lines;
//        [data-png=address of the SVG][data-png-name] on a hidden button.
import { on, whenLoaded } from "./dom.js";

const MOST_PX = 16_000_000; // what every browser can draw

function show(box) {
  const map = box.closest("[data-map]");
  map.classList.add("is-pointed");
  for (const way of map.querySelectorAll("[data-from]")) {
    way.classList.toggle("is-near", way.dataset.from === box.dataset.of || way.dataset.to === box.dataset.of);
  }
}

const hide = (event, box) => box.closest("[data-map]").classList.remove("is-pointed");

for (const type of ["pointerover", "focusin"]) on(type, "[data-map] [data-of]", (event, box) => show(box));
for (const type of ["pointerout", "focusout"]) on(type, "[data-map] [data-of]", hide);

whenLoaded((root) => {
  for (const map of root.querySelectorAll?.("[data-map]") ?? []) {
    const box = map.parentElement;
    const first = map.querySelector("[data-of]").getBBox();
    box.scrollLeft = first.x + (first.width - box.clientWidth) / 2;
  }
  for (const button of root.querySelectorAll?.("[data-png]") ?? []) button.hidden = false;
});

on("click", "[data-png]", async (event, button) => {
  const image = new Image();
  image.src = button.dataset.png;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.min(2, Math.sqrt(MOST_PX / (width * height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(width * scale);
  canvas.height = Math.floor(height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = button.dataset.pngName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }, "image/png");
});
