// Files for a record or a company: chosen, dropped, pasted or taken by the camera.
// Each is sent by itself, with its progress; a broken line is tried again, and the
// server knows the upload by its key, so that nothing is stored twice.
// Reads: [data-attach=url] the section, with data-most-bytes and its sentences;
//        [data-attach-input] a file input; [data-uploads] the list of what is on its way.
import { byId, on, say } from "./dom.js";
import { dispatchTriggers, sentenceOf } from "./request.js";

const WAITS_MS = [1000, 2000, 4000, 8000, 15000, 30000];
const queue = [];
let isBusy = false;

document.documentElement.classList.add("has-script");

const sectionOf = (address) => document.querySelector(`[data-attach="${CSS.escape(address)}"]`);
const visibleSection = () => {
  const root = byId("window")?.open ? byId("window") : document;
  return root.querySelector("[data-attach]");
};

function make(tag, cls, text) {
  const element = document.createElement(tag);
  if (cls) element.className = cls;
  if (text) element.textContent = text;
  return element;
}

function button(text, act) {
  const made = make("button", "button is-quiet is-small", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** Show one upload in the list; it has a name, a note and either progress or buttons. */
function draw(upload) {
  const { row, file, words } = upload;
  row.replaceChildren(make("span", "file-name clip", file.name));
  if (upload.problem) {
    row.className = "file is-failed";
    row.append(make("span", "file-note", upload.problem));
    if (upload.mayRetry) row.append(button(words.again, () => retry(upload)));
    row.append(button(words.cancel, () => drop(upload)));
    return;
  }
  row.className = "file";
  upload.bar = make("progress");
  upload.bar.max = 1;
  upload.bar.value = 0;
  upload.bar.ariaLabel = file.name;
  upload.note = make("span", "file-note", "0 %");
  row.append(upload.bar, upload.note, button(words.cancel, () => drop(upload)));
}

function drop(upload) {
  upload.gone = true;
  upload.request?.abort();
  upload.row.remove();
}

function retry(upload) {
  upload.problem = "";
  upload.tries = 0;
  draw(upload);
  queue.push(upload);
  next();
}

function fail(upload, problem, mayRetry = false) {
  upload.problem = problem;
  upload.mayRetry = mayRetry;
  draw(upload);
}

/** Resolve once the line may be there again: after a wait, or when the browser says so. */
function lineAgain(upload) {
  return new Promise((resolve) => {
    const wait = setTimeout(resolve, WAITS_MS[upload.tries] ?? 30000);
    addEventListener("online", () => { clearTimeout(wait); resolve(); }, { once: true });
  });
}

/** Send one file once; resolve to its request, whatever came of it. */
function post(upload) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open("POST", upload.address);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Accept", "text/html");
    request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      upload.bar.value = total ? loaded / total : 0;
      upload.note.textContent = `${Math.round(upload.bar.value * 100)} %`;
    });
    request.addEventListener("loadend", () => resolve(request));
    const body = new FormData();
    body.append("key", upload.key);
    body.append("file", upload.file, upload.file.name);
    request.send(body);
  });
}

function put(upload, request) {
  dispatchTriggers(request.getResponseHeader("HX-Trigger"));
  upload.row.remove();
  const section = sectionOf(upload.address);
  if (!section) {
    // Its window is closed by now.
    say("toast", { text: upload.words.done });
    return;
  }
  const rows = [...section.querySelectorAll("[data-uploads] > *")];
  const fresh = new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".attachments");
  section.replaceWith(fresh);
  fresh.querySelector("[data-uploads]").append(...rows);
  window.htmx?.process(fresh);
  fresh.dispatchEvent(new CustomEvent("veriga:loaded", { bubbles: true }));
}

async function run(upload) {
  while (!upload.gone) {
    const request = await post(upload);
    if (upload.gone) return;
    if (request.status === 200) return put(upload, request);
    if (request.status && request.status !== 502 && request.status !== 503 && request.status !== 504) {
      return fail(upload, sentenceOf(request.status, request.responseText));
    }
    if (upload.tries >= WAITS_MS.length) return fail(upload, byId("toasts").dataset.noAnswer, true);
    upload.note.textContent = upload.words.waiting;
    await lineAgain(upload);
    upload.tries += 1;
  }
}

async function next() {
  if (isBusy) return;
  isBusy = true;
  for (let upload = queue.shift(); upload; upload = queue.shift()) {
    if (!upload.gone) await run(upload);
  }
  isBusy = false;
}

/** Send `files` to the record whose section this is. */
function take(section, files) {
  const { attach, mostBytes, tooLarge, again, cancel, waiting, stored } = section.dataset;
  for (const file of files) {
    const upload = { file, address: attach, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, tries: 0, row: make("li"), words: { again, cancel, waiting, done: stored.replace("…", file.name) } };
    section.querySelector("[data-uploads]").append(upload.row);
    if (file.size > Number(mostBytes)) fail(upload, tooLarge);
    else {
      draw(upload);
      queue.push(upload);
    }
  }
  next();
}

on("change", "[data-attach-input]", (event, input) => {
  take(input.closest("[data-attach]"), [...input.files]);
  input.value = "";
});

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
for (const type of ["dragenter", "dragover"]) {
  document.addEventListener(type, (event) => {
    const section = hasFiles(event) && visibleSection();
    if (!section) return;
    event.preventDefault();
    section.classList.add("is-target");
  });
}
for (const type of ["dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    if (type === "dragleave" && event.relatedTarget) return;
    const section = visibleSection();
    section?.classList.remove("is-target");
    if (type !== "drop" || !section || !hasFiles(event)) return;
    event.preventDefault();
    take(section, [...event.dataTransfer.files]);
  });
}

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  const section = files.length ? visibleSection() : null;
  if (!section) return;
  event.preventDefault();
  take(section, files);
});

addEventListener("beforeunload", (event) => {
  if (isBusy) event.preventDefault();
});
