// Shows the playground without a notebook. The view (view.js) is the one that notebooks show; it
// expects a model as anywidget passes it, and here the model talks to a worker that runs Python.

import { download } from "../run/download.js";
import { followTheme } from "../run/theme.js";
import view from "./view.js";

const page = JSON.parse(document.getElementById("page").textContent);
const at = (id) => document.getElementById(id);
const say = (text) => { at("status").textContent = text; };
const notify = (text) => { at("notice").textContent = text; at("notice").hidden = !text; };
const absolute = (url) => new URL(url, location.href).href;

// The worker ---------------------------------------------------------------------------------------

const worker = new Worker("worker.js", { type: "module" });
const waiting = {};
worker.onmessage = ({ data: [kind, ...values] }) => {
  if (kind === "failed") notify(`Python stopped: ${values[0]}. Reload the page to start again.`);
  else if (kind === "answer") model.receive(...values);
  else waiting[kind]?.(values[0]);
};
const ask = (kind, value, answer) => new Promise((resolve) => {
  waiting[answer] = resolve;
  worker.postMessage([kind, value]);
});

// The address --------------------------------------------------------------------------------------

let opening = true; // an address that somebody typed is not overwritten by an answer that was on its way
let written; // what this page put into the address last

// The model ----------------------------------------------------------------------------------------

const model = {
  listeners: new Map(),
  get: (name) => page.traits[name],
  set: (name, value) => { page.traits[name] = value; },
  save_changes: () => {},
  on(name, listener) { this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]); },
  off(name, listener) {
    this.listeners.set(name, (this.listeners.get(name) ?? []).filter((other) => other !== listener));
  },
  send: (request) => worker.postMessage(["request", request]),
  receive(content, buffers) {
    const { query } = content;
    if (!opening && query !== undefined && query !== written) {
      written = query;
      history.replaceState(null, "", query ? `#${query}` : location.pathname + location.search);
    }
    const views = buffers.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    for (const listener of this.listeners.get("msg:custom") ?? []) listener(content, views);
  },
};

// The page -----------------------------------------------------------------------------------------

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let close = () => {};
const open = async () => {
  opening = true;
  close?.();
  at("view").replaceChildren();
  notify(await ask("open", { query: location.hash.slice(1), playing: !still }, "opened"));
  [opening, written] = [false, undefined];
  close = await view.render({ model, el: at("view") });
};

const start = async () => {
  let python = false;
  const { pyodide, packages } = page;
  const loaded = download("playground", page.downloads, absolute(page.base), (done, all) => {
    at("bar").value = done / all;
    if (!python) say(`Loading Python: ${(done / 1e6).toFixed(0)} of ${(all / 1e6).toFixed(0)} MB`);
  });
  loaded.then(() => python || say("Starting Python …"));
  await ask("start", {
    pyodideUrl: new URL(pyodide, absolute(page.base)).href,
    lockFileURL: absolute(`${page.base}pyodide-lock.json`),
    packages: { names: packages, wheel: absolute(page.base + page.wheel) },
    host: absolute("host.py"),
  }, "started");
  python = true;
  await open();
  at("poster").remove();
  at("view").hidden = false;
  at("bar").hidden = true;
  say("");
};

followTheme((dark) => { document.body.dataset.jpThemeLight = String(!dark); }); // as JupyterLab says it
addEventListener("hashchange", open);
at("link").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied.");
  } catch { // the browser does not allow it
    say("Copy the address of this page: it is the link.");
  }
  setTimeout(() => say(""), 4000);
});
start();
