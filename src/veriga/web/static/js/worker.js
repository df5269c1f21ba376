// The service worker: keeps assets and the pages that the server allows, and notes until
// they are sent. No page loads this file: web/offline.py puts KNOWN before it (addresses,
// the version of the assets) and serves it as /worker.js.
//
// Caches: `assets`, and `kept <owner>.<epoch> <kind>` for each user and kind of page.
// IndexedDB `veriga`: `about` (whose device it is, the words it says) and `notes`.
// It alone reads and writes them; pages ask it by messages: offline.js.
const ASSETS = "assets";
const KEPT = "kept ";
const MOST = { company: 30, chain: 30, record: 30, calendar: 7, desk: 2, form: 1, lists: 1 };
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const NOTES_MS = 30 * 24 * 60 * 60 * 1000; // as long as the server knows a note's key
const FRESH_MS = 6 * 60 * 60 * 1000;
const TODAY = 8; // records of today that are fetched unopened
const PATIENCE_MS = 4_000;
const SEND_MS = 10_000;
const AT = "X-Veriga-At";

// --- IndexedDB ---------------------------------------------------------------------

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("veriga", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("about");
      asked.result.createObjectStore("notes", { keyPath: "key" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function stored(name, mode, act) {
  const transaction = (await database()).transaction(name, mode);
  const asked = act(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

const read = (key) => stored("about", "readonly", (store) => store.get(key));
const write = (key, value) => stored("about", "readwrite", (store) => store.put(value, key));
const allNotes = () => stored("notes", "readonly", (store) => store.getAll());
const putNote = (note) => stored("notes", "readwrite", (store) => store.put(note));
const dropNote = (key) => stored("notes", "readwrite", (store) => store.delete(key));
const noteOf = (key) => stored("notes", "readonly", (store) => store.get(key));

const ownerOf = (mark) => (mark ?? "").split(".")[0];

async function ownNotes() {
  const owner = ownerOf(await read("mark"));
  const notes = owner ? (await allNotes()).filter((note) => note.owner === owner) : [];
  return notes.sort((one, other) => one.at - other.at);
}

// --- Whose pages they are ------------------------------------------------------------

/** Delete the kept pages, all or those that do not bear this mark. */
async function dropPages(but = null) {
  for (const name of await caches.keys()) {
    if (name.startsWith(KEPT) && (but === null || !name.startsWith(`${KEPT}${but} `))) await caches.delete(name);
  }
}

let marking = Promise.resolve();

/** Know from now on whose device it is; what another one kept goes. */
function setMark(mark) {
  marking = marking.then(async () => {
    if ((await read("mark")) === mark) return;
    await dropPages(mark);
    await write("mark", mark);
    await write("since", Date.now());
    await write("fresh", 0);
  });
  return marking;
}

/** Be nobody's device first, so that no answer under way is kept after pages went. */
async function leave() {
  await write("since", Date.now());
  await write("mark", "");
  await dropPages();
}

/** Nobody is signed in: pages go; notes wait for their owner, unseen. */
async function forget() {
  await leave();
  await tellPages();
}

/** Somebody signs out, or wants nothing kept: all that is theirs goes, notes too. */
async function forgetAll() {
  const owner = ownerOf(await read("mark"));
  await leave();
  const notes = await allNotes();
  for (const note of notes) if (owner && note.owner === owner) await dropNote(note.key);
  await stored("about", "readwrite", (store) => store.clear());
  await write("since", Date.now());
  await tellPages();
}

// --- Pages ---------------------------------------------------------------------------

const keyOf = (url, isWindow) => `${url.pathname}${url.search}${isWindow ? `${url.search ? "&" : "?"}as=window` : ""}`;

async function findKept(key) {
  const mark = await read("mark");
  if (!mark) return null;
  for (const name of await caches.keys()) {
    if (!name.startsWith(`${KEPT}${mark} `)) continue;
    const found = await caches.match(key, { cacheName: name });
    if (!found) continue;
    if (Date.now() - Number(found.headers.get(AT)) < WEEK_MS) return found;
    await (await caches.open(name)).delete(key);
  }
  return null;
}

/** Put an answer in the place of its kind, where the oldest makes room. */
async function put(mark, kind, key, text, type) {
  const cache = await caches.open(`${KEPT}${mark} ${kind}`);
  await cache.delete(key);
  await cache.put(key, new Response(text, { headers: { "Content-Type": type, [AT]: Date.now() } }));
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - (MOST[kind] ?? 10)))) await cache.delete(old);
}

/** Keep an answer if the server allows it; what it no longer allows goes. */
async function keep(key, response, asked) {
  const [kind, mark] = (response.headers.get("X-Veriga-Keep") ?? "").split(" ");
  if (!mark) {
    // A page that is no longer there, or now holds what must not be kept.
    const old = response.status < 500 ? await findKept(key) : null;
    if (old) for (const name of await caches.keys()) if (name.startsWith(KEPT)) await (await caches.open(name)).delete(key);
    return;
  }
  // An answer that was under way while somebody else signed in is nobody's.
  if (mark !== (await read("mark")) && asked < ((await read("since")) ?? 0)) return;
  await setMark(mark);
  await put(mark, kind, key, await response.text(), response.headers.get("Content-Type"));
  // Whose device it is may have changed while it was written.
  const present = await read("mark");
  if (present !== mark) await dropPages(present || null);
}

const after = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));

const escaped = (text) => String(text ?? "").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt()};`);

/** Say in the page itself from when it is; the script of the page tells it. */
function dated(html, at, why) {
  const told = `data-kept-at="${new Date(Number(at)).toISOString()}" data-kept-why="${why}"`;
  return /<html /.test(html) ? html.replace("<html ", `<html ${told} `) : html.replace('<article class="record', `<article ${told} class="record`);
}

/** A window's content on its own page: the kept desk around it. */
async function framed(piece) {
  const desk = await findKept(KNOWN.desk);
  if (!desk) return null;
  const html = (await desk.text()).replace(/<aside class="aside"[\s\S]*?<\/aside>/, "").replace("app has-aside", "app");
  return html.replace(/(<main [^>]*>)[\s\S]*(<\/main>)/, (all, start, end) => `${start}${piece}${end}`);
}

/** The form of a note without a signal: now, a key of its own, the asked company. */
async function filled(html, url) {
  const pad = (number) => String(number).padStart(2, "0");
  const now = new Date();
  const day = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
  const set = (name, value) => {
    html = html.replace(new RegExp(`(name="${name}"[^>]*? value=")[^"]*"`), (all, start) => `${start}${escaped(value)}"`);
  };
  set("note_key", crypto.randomUUID());
  set("day", day);
  set("hour", `${pad(now.getHours())}:${pad(now.getMinutes() - (now.getMinutes() % 5))}`);
  const what = url.searchParams.get("what");
  if (what && html.includes(`value="${escaped(what)}"`)) {
    html = html.replace(/(name="what" value="[^"]*") checked/, "$1").replace(`name="what" value="${escaped(what)}"`, (all) => `${all} checked`);
  }
  const [id, name] = (await companies()).find(([one]) => String(one) === url.searchParams.get("company")) ?? [];
  if (id) {
    set("company", id);
    set("company_text", name);
    const [people, continued] = [await contactsOf(id), await continuesOf()];
    html = html.replace(/<fieldset class="people" id="company-contacts">[\s\S]*?<\/fieldset>/, () => people);
    html = html.replace(/<fieldset class="continues" id="continues">[\s\S]*?<\/fieldset>/, () => continued);
  }
  return html;
}

/** Return what is kept of a page, however it was opened then and is asked for now. */
async function keptPage(url, isWindow, why) {
  const isForm = url.pathname === KNOWN.quick;
  const clean = isForm ? new URL(KNOWN.quick, url) : url;
  const whole = await findKept(keyOf(clean, false));
  const piece = await findKept(keyOf(clean, true));
  const found = (isWindow ? piece ?? whole : whole) ?? piece;
  if (!found) return null;
  const at = found.headers.get(AT);
  let html = await found.text();
  if (isForm) html = await filled(html, url);
  if (found === piece && !isWindow) html = await framed(html);
  return html && new Response(dated(html, at, why), { headers: { "Content-Type": "text/html; charset=utf-8", [AT]: at } });
}

async function noSignal(isWindow) {
  if (isWindow) return Response.error();
  const language = (await read("language")) ?? "sl";
  return (await caches.match(KNOWN.pages[language])) ?? Response.error();
}

/** The network first; what is kept if it does not answer, or not soon. */
async function page(event, url, isWindow) {
  const asked = Date.now();
  const key = keyOf(url, isWindow);
  const answer = fetch(event.request).then(
    (response) => {
      if (response.ok || response.status === 404) event.waitUntil(keep(key, response.clone(), asked));
      if (url.pathname === KNOWN.signIn && response.ok) event.waitUntil(forget());
      if (response.redirected && new URL(response.url).pathname === KNOWN.signIn) event.waitUntil(forget());
      return response;
    },
    () => null,
  );
  event.waitUntil(answer);
  const soon = await Promise.race([answer, after(PATIENCE_MS, "late")]);
  if (soon === "late") return (await keptPage(url, isWindow, "slow")) ?? (await answer) ?? noSignal(isWindow);
  return soon ?? (await keptPage(url, isWindow, "none")) ?? noSignal(isWindow);
}

// --- What the form asks for without a signal ------------------------------------------

async function companies() {
  const kept = await findKept(KNOWN.companies);
  return kept ? (await kept.json()).companies : [];
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

const html = (text) => new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });

async function found(url) {
  const q = fold(url.searchParams.get("q") ?? "");
  const all = (await companies()).map((one) => [one, ` ${fold(one[1])}`]);
  const fits = all.filter(([, name]) => name.includes(q)).sort((one, other) => other[1].includes(` ${q}`) - one[1].includes(` ${q}`));
  const options = fits.slice(0, 8).map(
    ([[id, name, town]]) => `<div role="option" data-value="${id}" data-text="${escaped(name)}"><span class="option-text">${escaped(name)}</span><span class="option-note">${escaped(town)}</span></div>`,
  );
  const { noCompany } = (await read("words")) ?? {};
  return html(options.join("") || `<p class="picker-empty">${escaped(noCompany)}</p>`);
}

async function contactsOf(id) {
  const { contacts: legend, noContacts } = (await read("words")) ?? {};
  const [, , , people = []] = (await companies()).find(([one]) => String(one) === String(id)) ?? [];
  const checks = people.map(
    ([pk, name, work]) => `<label class="check"><input type="checkbox" name="contacts" value="${pk}"><span>${escaped(name)} <span class="muted">${escaped(work)}</span></span></label>`,
  );
  const inside = checks.length ? `<div class="check-list">${checks.join("")}</div>` : `<p class="field-hint">${escaped(noContacts)}</p>`;
  return `<fieldset class="people" id="company-contacts"><legend class="field-label">${escaped(legend)}</legend><div id="contact-choices">${inside}</div></fieldset>`;
}

async function continuesOf() {
  const { continues, linkLater } = (await read("words")) ?? {};
  return `<fieldset class="continues" id="continues"><legend class="field-label">${escaped(continues)}</legend><p class="field-hint">${escaped(linkLater)}</p></fieldset>`;
}

async function likeliest(url) {
  return html(`${await continuesOf()}${await contactsOf(url.searchParams.get("company"))}`);
}

async function asked(request, answer) {
  return (await fetch(request).catch(() => null)) ?? answer();
}

// --- Notes ---------------------------------------------------------------------------

/** Answer a form as the server would, so that its window closes. Headers are ASCII. */
function toNote(text) {
  const events = JSON.stringify({ "veriga:saved": { address: KNOWN.desk, text, close: true } });
  const ascii = events.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt().toString(16).padStart(4, "0")}`);
  return new Response(null, { status: 204, headers: { "HX-Trigger": ascii } });
}

/** What the list of waiting notes says of one; the fields are what was typed. */
async function noteFrom(body) {
  const values = new URLSearchParams(body);
  const key = values.get("note_key") || crypto.randomUUID();
  for (const name of ["note_key", "csrfmiddlewaretoken"]) values.delete(name);
  const old = await noteOf(key);
  return { key, owner: ownerOf(await read("mark")), body: `${values}`, at: old?.at ?? Date.now(), state: "waiting", reason: "", address: "" };
}

function post(note, token, headers) {
  const signal = AbortSignal.timeout(SEND_MS);
  const all = { ...headers, "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-CSRFToken": token, "Idempotency-Key": note.key };
  return fetch(KNOWN.quick, { method: "POST", body: note.body, headers: all, credentials: "same-origin", signal });
}

const isSignIn = (response) => response.redirected && new URL(response.url).pathname === KNOWN.signIn;

/** A form of quick entry is sent. It is kept first, and stays until the server has it. */
async function take(event) {
  const { request } = event;
  const note = await noteFrom(await request.clone().text());
  if (!note.owner) return fetch(request);
  await putNote(note);
  const headers = Object.fromEntries([...request.headers].filter(([name]) => /^(hx-|accept|x-veriga)/i.test(name)));
  let response = null;
  try {
    response = await post(note, request.headers.get("X-CSRFToken"), headers);
  } catch {
    // No signal, or no answer: what the server has, it will not take twice.
  }
  const isOut = response !== null && isSignIn(response);
  const isTooOld = response?.status === 403; // a token of a former session, or no right
  if (response && !isOut && !isTooOld && response.status < 500) {
    // Saved; or refused, and the form is still there with what is wrong.
    if (response.status !== 429) await dropNote(note.key);
    await tellPages();
    return response;
  }
  if (isOut) await putNote({ ...note, state: "sign-in" });
  if (isTooOld) await sendAll(); // with a new token, if somebody is signed in
  else await wake();
  await tellPages();
  return toNote(await fateOf(note.key));
}

/** Return what to say of a note that was to be sent; what is sent is told by itself. */
async function fateOf(key) {
  const note = await noteOf(key);
  const { kept, keptForSignIn } = (await read("words")) ?? {};
  if (!note) return "";
  if (note.state === "refused") return note.reason;
  return note.state === "sign-in" ? keptForSignIn : kept;
}

async function wake() {
  try {
    await self.registration.sync?.register("notes");
  } catch {
    // Not allowed here: the next open page sends them.
  }
}

let sending = null;
let again = false;

/** Send what waits, one after another; however many pages ask, it is done once. */
function sendAll() {
  // Whoever asks while an attempt is failing knows of a connection that it did not have.
  if (sending) again = true;
  sending ??= sendUntilDone().finally(() => (sending = null));
  return sending;
}

async function sendUntilDone() {
  do {
    again = false;
    if (await sendWaiting()) return true;
  } while (again);
  return false;
}

async function sendWaiting() {
  if (!(await ownNotesToSend()).length) return true;
  const here = await whoIsHere();
  if (!here) return false;
  for (const note of await ownNotesToSend()) {
    if (!(await sendOne(note, here.token))) break;
    await tellPages();
  }
  await tellPages();
  return !(await ownNotesToSend()).length;
}

const ownNotesToSend = async () => (await ownNotes()).filter((note) => note.state !== "refused");

/** Ask the server who is signed in; null if nobody is, or there is no answer. */
async function whoIsHere() {
  const response = await fetch(KNOWN.state, { cache: "no-store", signal: AbortSignal.timeout(SEND_MS) }).catch(() => null);
  if (!response) return null;
  if (isSignIn(response)) {
    for (const note of await ownNotesToSend()) await putNote({ ...note, state: "sign-in" });
    await dropPages();
    await tellPages();
    return null;
  }
  if (!response.ok) return null;
  const here = await response.json();
  if (here.mark) await setMark(here.mark);
  return here.mark ? here : null;
}

/** Send one note; tell whether the next one may follow. */
async function sendOne(note, token) {
  if (Date.now() - note.at > NOTES_MS) {
    // The server no longer knows its key: only a person can say whether it is there.
    const { tooOld } = (await read("words")) ?? {};
    await putNote({ ...note, state: "refused", reason: tooOld });
    return true;
  }
  const response = await post(note, token, { Accept: "application/json", "X-Veriga-Note": "1" }).catch(() => null);
  if (!response || isSignIn(response) || response.status >= 500 || response.status === 429) return false;
  const isOurs = /json/.test(response.headers.get("Content-Type") ?? "");
  if (!isOurs) return false; // the token was too old: the next try brings a new one
  const said = await response.json();
  if (response.ok) {
    await dropNote(note.key);
    await tellPages({ sent: said });
  } else await putNote({ ...note, state: "refused", reason: said.text });
  return true;
}

async function tellPages(more = {}) {
  const notes = await ownNotes();
  for (const client of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    client.postMessage({ notes, ...more });
  }
}

// --- What pages ask for ----------------------------------------------------------------

/** Fetch a page that was not opened; return its text, "" if it may not be kept. */
async function fetchPage(place, isWindow = false) {
  const url = new URL(place, self.location.href);
  const asked = Date.now();
  const response = await fetch(url, { headers: isWindow ? { "X-Veriga-Window": "1" } : {} }).catch(() => null);
  if (!response?.ok || isSignIn(response)) return "";
  await keep(keyOf(url, isWindow), response.clone(), asked);
  return response.text();
}

/** Fetch what a device should have at once; a page that is opened is kept by itself. */
async function stockUp() {
  if (Date.now() - ((await read("fresh")) ?? 0) < FRESH_MS) return;
  const mark = await read("mark");
  if (!mark) return;
  await write("fresh", Date.now());
  await dropOld();
  await fetchPage(KNOWN.desk);
  await fetchPage(KNOWN.quick, true);
  const today = await fetchPage(`${KNOWN.calendar}?view=day`);
  // Where somebody goes today: the record and the company's card.
  const wanted = new Set();
  for (const [, place] of today.matchAll(/href="(\/activities\/[A-Z0-9-]+\/)"/g)) if (wanted.size < TODAY) wanted.add(place);
  for (const place of [...wanted]) {
    const company = (await fetchPage(place)).match(/href="(\/companies\/\d+\/)"/)?.[1];
    if (company && !wanted.has(company)) await fetchPage(company);
    wanted.add(company);
  }
  const opened = [];
  for (const request of await (await caches.open(`${KEPT}${mark} company`)).keys()) {
    opened.push(new URL(request.url).pathname.match(/\d+/)?.[0]);
  }
  const list = await fetch(`${KNOWN.companies}?opened=${opened.filter(Boolean)}`).catch(() => null);
  if (list?.ok && !isSignIn(list) && (await read("mark")) === mark) {
    await put(mark, "lists", KNOWN.companies, await list.text(), "application/json");
  }
}

/** Return which pages are kept, newest first: [{address, kind, at, title}]. */
async function keptPages() {
  const mark = await read("mark");
  const pages = [];
  for (const name of mark ? await caches.keys() : []) {
    if (!name.startsWith(`${KEPT}${mark} `) || name.endsWith(" lists")) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      const text = await response.text();
      const title = text.match(/<title>([^<]*?)( · Veriga)?<\/title>/)?.[1] ?? text.match(/data-title="([^"]*)"/)?.[1] ?? "";
      const url = new URL(request.url);
      url.searchParams.delete("as");
      pages.push({ address: url.pathname + url.search, kind: name.split(" ").at(-1), at: Number(response.headers.get(AT)), title });
    }
  }
  return pages.sort((one, other) => other.at - one.at);
}

const ANSWERS = {
  /** A page is open: whose it is, and what the worker says in its language. */
  async hello({ mark, words, language }) {
    await write("words", words);
    await write("language", language);
    if (mark) await setMark(mark);
    return ownNotes();
  },
  stockUp,
  notes: ownNotes,
  pages: keptPages,
  async send() {
    for (const note of await ownNotes()) if (note.state === "sign-in") await putNote({ ...note, state: "waiting" });
    return sendAll();
  },
  async again({ key }) {
    const note = await noteOf(key);
    if (note) await putNote({ ...note, state: "waiting", reason: "" });
    return sendAll();
  },
  async discard({ key }) {
    await dropNote(key);
    await tellPages();
  },
  forget,
  forgetAll,
};

self.addEventListener("message", (event) => {
  const answer = ANSWERS[event.data?.ask];
  if (!answer) return;
  event.waitUntil(
    answer(event.data).then(
      (value) => event.ports[0]?.postMessage(value ?? null),
      () => event.ports[0]?.postMessage(null),
    ),
  );
});

self.addEventListener("sync", (event) => {
  if (event.tag === "notes") {
    event.waitUntil(sendAll().then((isDone) => (isDone ? null : Promise.reject(new Error("notes wait")))));
  }
});

// --- Life ----------------------------------------------------------------------------

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(ASSETS);
      const have = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
      await cache.addAll(KNOWN.assets.filter((address) => !have.has(address)));
      // Nobody's page: fetched without saying who asks.
      for (const address of Object.values(KNOWN.pages)) {
        await cache.put(address, await fetch(address, { credentials: "omit", cache: "no-store" }));
      }
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      await self.clients.claim();
      await dropOld();
    })(),
  );
});

/** Drop what is older than a week; assets of former versions once no kept page has them. */
async function dropOld() {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const { headers } = await cache.match(request);
      const at = Number(headers.get(AT)) || Date.parse(headers.get("Date") ?? "") || Date.now();
      const path = new URL(request.url).pathname;
      const isNeeded = name === ASSETS && (KNOWN.assets.includes(path) || Object.values(KNOWN.pages).includes(path));
      if (!isNeeded && Date.now() - at > WEEK_MS) await cache.delete(request);
    }
  }
}

async function asset(request) {
  const kept = await caches.match(request, { cacheName: ASSETS, ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(ASSETS)).put(request, response.clone());
  return response;
}

async function signOut(request) {
  await forgetAll();
  return fetch(request).catch(() => noSignal(false));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const isWindow = request.headers.has("X-Veriga-Window");
  if (request.method === "POST") {
    if (url.pathname === KNOWN.quick && request.mode !== "navigate") event.respondWith(take(event));
    else if (url.pathname === KNOWN.signOut) event.respondWith(signOut(request));
  } else if (request.method !== "GET") return;
  else if (url.pathname.startsWith(KNOWN.static)) event.respondWith(asset(request));
  else if (request.mode === "navigate" || isWindow) event.respondWith(page(event, url, isWindow));
  else if (url.pathname === KNOWN.find) event.respondWith(asked(request, () => found(url)));
  else if (url.pathname === KNOWN.likeliest) event.respondWith(asked(request, () => likeliest(url)));
});
