// The lines of a quote: add and remove, a product's price and unit, totals as one types.
// Reads: [data-quote-lines] around; [data-line] rows with inputs [data-column], a place
//        [data-net]; [data-add-line], [data-remove-line], [data-total]; the datalist
//        #products with [data-id], [data-unit], [data-price].
// The server works the totals out again: these are only to look at.
import { byId, on, whenLoaded } from "./dom.js";

const BOX = "[data-quote-lines]";
const language = () => (document.documentElement.lang.startsWith("en") ? "en-GB" : "sl-SI");
const field = (line, column) => line.querySelector(`[data-column="${column}"]`);

/** Return the number somebody typed, as the server reads it; 0 for nothing. */
function read(text) {
  const clean = text.replace(/[\s']/g, "");
  const comma = clean.lastIndexOf(",");
  const point = clean.lastIndexOf(".");
  const isEnglish = language().startsWith("en");
  const groups = isEnglish ? /^[1-9]\d{0,2}(,\d{3})+$/ : /^[1-9]\d{0,2}(\.\d{3})+$/;
  let plain = clean.replace(",", ".");
  if (comma >= 0 && point >= 0) plain = comma > point ? clean.replaceAll(".", "").replace(",", ".") : clean.replaceAll(",", "");
  else if (groups.test(clean)) plain = clean.replace(/[.,]/g, "");
  return Number(plain) || 0;
}

const show = (value) => value.toLocaleString(language(), { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: "always" });

function addUp(box) {
  let total = 0;
  for (const line of box.querySelectorAll("[data-line]")) {
    const price = field(line, "unit_price").value.trim();
    const exact = read(field(line, "quantity").value || "1") * read(price) * (1 - read(field(line, "discount_percent").value) / 100);
    const net = Math.round(exact * 100) / 100;
    line.querySelector("[data-net]").textContent = price ? show(net) : "";
    if (price) total += net;
  }
  box.querySelector("[data-total]").textContent = show(total);
}

function addLine(box) {
  const lines = box.querySelectorAll("[data-line]");
  const last = lines[lines.length - 1];
  const line = last.cloneNode(true);
  const number = 1 + Math.max(...[...lines].map((one) => Number(field(one, "text").name.split("-")[1])));
  for (const input of line.querySelectorAll("[data-column]")) {
    input.name = `lines-${number}-${input.dataset.column}`;
    input.value = { quantity: "1", vat_rate: input.value }[input.dataset.column] ?? "";
    input.removeAttribute("aria-invalid");
  }
  line.querySelectorAll(".field-error").forEach((error) => error.remove());
  last.after(line);
  addUp(box);
  return line;
}

/** Fill price and unit of the product whose name was chosen. */
function takeProduct(line) {
  const text = field(line, "text").value.trim();
  const product = [...byId("products").options].find((option) => option.value === text);
  if (!text) field(line, "product").value = "";
  if (!product) return;
  field(line, "product").value = product.dataset.id;
  if (!field(line, "unit").value) field(line, "unit").value = product.dataset.unit;
  if (!field(line, "unit_price").value && Number(product.dataset.price)) {
    field(line, "unit_price").value = show(Number(product.dataset.price)).replace(/\s/g, "");
  }
}

on("input", BOX, (event, box) => {
  const line = event.target.closest("[data-line]");
  if (line && event.target.dataset.column === "text") takeProduct(line);
  addUp(box);
});
on("click", "[data-add-line]", (event, button) => field(addLine(button.closest(BOX)), "text").focus());
on("click", "[data-remove-line]", (event, button) => {
  const box = button.closest(BOX);
  const line = button.closest("[data-line]");
  if (box.querySelectorAll("[data-line]").length === 1) addLine(box);
  line.remove();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  field(box.querySelector("[data-line]"), "text").focus();
});
whenLoaded((root) => root.querySelectorAll(BOX).forEach(addUp));
