// Speaks to the service worker, which keeps pages and notes (worker.js).
import { byId } from "./dom.js";

/** Return what the page says about it, and the addresses it needs. */
export const sentences = () => byId("offline").dataset;

async function worker() {
  if (!(await navigator.serviceWorker.getRegistration("/"))) return null;
  return (await navigator.serviceWorker.ready).active;
}

/** Ask the worker; return its answer, null if there is no worker. */
export async function ask(what, more = {}) {
  const active = await worker();
  if (!active) return null;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  active.postMessage({ ask: what, ...more }, [port2]);
  return answer;
}

/** Call `act` with what the worker tells all pages: {notes, sent}. */
export const hear = (act) => navigator.serviceWorker?.addEventListener("message", ({ data }) => act(data));
