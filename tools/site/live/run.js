// The page around a live notebook: it loads Python ahead of the kernel and shows how far that is,
// restarts the kernel, gives back the published text, and announces a newer one.

import { download } from "./download.js";
import { followTheme } from "./theme.js";

const page = JSON.parse(document.getElementById("page").textContent);
const at = (id) => document.getElementById(id);
const frame = at("lab");
const STAMP = "nnlib"; // in the notebook's metadata: which published version it came from
const SLOW = 8; // seconds that a cell runs before the page explains how to stop it

const until = async (condition) => {
  for (;;) {
    const value = condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

// The status line --------------------------------------------------------------------------------

let pythonStarted = false;
const say = (text) => { if (at("status").textContent !== text) at("status").textContent = text; };

const notify = (text, ...buttons) => {
  const notice = at("notice");
  notice.querySelector("p").textContent = text;
  notice.querySelector("div").replaceChildren(...buttons.map(([label, action]) => {
    const button = document.createElement("button");
    button.textContent = label;
    button.addEventListener("click", () => { notice.hidden = true; action(); });
    return button;
  }));
  notice.hidden = false;
};

// The download -----------------------------------------------------------------------------------

const loadAhead = async () => {
  await download("notebook", page.downloads, new URL(page.pyodide, location.href), (done, all) => {
    at("bar").value = done / all;
    if (!pythonStarted) say(`Loading Python: ${(done / 1e6).toFixed(0)} of ${(all / 1e6).toFixed(0)} MB`);
  });
  if (!pythonStarted) say("Starting Python …");
};

// JupyterLab's first kernel gets the Python that `early` has, a worker that began before JupyterLab was there.
const lendWorker = (window, early) => {
  const { Worker } = window;
  window.Worker = class extends Worker {
    constructor(url, options) {
      if (!early || !String(url).includes("comlink.worker")) return super(url, options);
      const worker = early;
      early = null;
      return worker;
    }
  };
};

// JupyterLite's service worker carries the learner's files to Python. Where it isn't at work before a
// kernel starts, the kernel has none: answers and progress would be lost. (JupyterLite also signs it
// off and on again on the second visit, unless it finds the version that was there before.)
const startServiceWorker = async () => {
  if (!navigator.serviceWorker) return;
  const url = new URL(`${page.lite}service-worker.js?enableCache=false`, location.href).href;
  localStorage.setItem(`${url}-version`, page.liteVersion);
  const registration = await navigator.serviceWorker.register(url);
  const late = performance.now() + 5000;
  await until(() => registration.active || performance.now() > late);
};

// One notebook -----------------------------------------------------------------------------------

// Gives the published text back; what was there is kept in the file `copy`.
const reset = async (app, panel, copy) => {
  const { context } = panel;
  const response = await fetch(`${page.lite}files/${context.path}`, { cache: "no-cache" });
  const published = await response.json();
  const content = context.model.toJSON();
  await app.serviceManager.contents.save(copy, { type: "notebook", format: "json", content });
  context.model.fromJSON(published);
  await context.save();
  await panel.sessionContext.restartKernel();
};

const copyName = (path) => {
  const now = new Date();
  const stamp = now.toISOString().slice(0, 10) + "_" + now.toTimeString().slice(0, 8).replaceAll(":", "-");
  return path.replace(/\.ipynb$/, `_yours_${stamp}.ipynb`);
};

const announceNewer = (app, panel) => {
  const { context } = panel;
  const { digest } = page;
  const stamp = context.model.getMetadata(STAMP)?.published;
  if (stamp === digest) return;
  notify(
    "There is a newer version of this notebook. You see your own copy, with what you wrote.",
    ["Open the new version, keep mine beside it", () => reset(app, panel, copyName(context.path))],
    ["Stay with mine", () => {
      context.model.setMetadata(STAMP, { published: digest });
      context.save();
    }],
  );
};

// A link to another notebook opens that notebook's live page, any other local link its reading page.
const followLinks = (panel) => {
  const files = new URL(`${page.lite}files/`, location.href).href; // where JupyterLab thinks they are
  frame.contentDocument.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link?.href.startsWith(files) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const [, path, heading] = link.href.slice(files.length).match(/^([^#]*)(.*)$/);
    const address = path.replace(/\.(ipynb|md)$/, ".html");
    if (!(path in page.titles)) {
      window.open(`../${address}${heading}`);
      return;
    }
    if (panel.context.model.dirty) await panel.context.save();
    location.href = address;
  }, true);
};

const watchKernel = (panel) => {
  const { sessionContext } = panel;
  let timer = 0, since = 0;
  const tick = () => {
    const seconds = Math.round((Date.now() - since) / 1000);
    say(seconds < SLOW
      ? "Running …"
      : `Running for ${seconds} s. A cell can’t be interrupted here; Restart Python stops it.`);
  };
  const update = () => {
    const status = sessionContext.kernelDisplayStatus;
    clearInterval(timer);
    if (status === "idle") {
      pythonStarted = true;
      at("bar").hidden = true;
      say("Python is ready. Shift + Enter runs a cell.");
    } else if (status === "busy" && pythonStarted) {
      since = Date.now();
      timer = setInterval(tick, 1000);
    } else if (pythonStarted) {
      say("Starting Python …");
    }
    at("restart").disabled = !pythonStarted;
  };
  sessionContext.statusChanged.connect(update);
  update();
  panel.disposed.connect(() => clearInterval(timer));
};

// Everything together ----------------------------------------------------------------------------

const setTheme = (app, dark) => {
  if (frame.contentDocument?.body.dataset.jpThemeLight === String(!dark)) return;
  const theme = dark ? "JupyterLab Dark" : "JupyterLab Light";
  app?.commands.execute("apputils:change-theme", { theme });
};

// JupyterLab shows no alt texts; ours are in the folded description that follows a figure.
const addAltTexts = () => {
  const { document, MutationObserver } = frame.contentWindow;
  const update = () => document.querySelectorAll(".jp-RenderedImage img:not([alt])").forEach((image) => {
    const next = image.closest(".jp-OutputArea-child")?.nextElementSibling;
    const details = next?.querySelector("details");
    if (!details) return;
    const summary = details.querySelector("summary").textContent;
    image.alt = details.textContent.replace(summary, "").trim();
  });
  new MutationObserver(update).observe(document.body, { childList: true, subtree: true });
  update();
};

const attend = (app, panel) => {
  watchKernel(panel);
  followLinks(panel);
  addAltTexts();
  announceNewer(app, panel);
  at("restart").addEventListener("click", () => panel.sessionContext.restartKernel());
  at("reset").disabled = false;
  at("reset").addEventListener("click", () => {
    at("copy").textContent = copyName(panel.context.path);
    at("confirm").showModal();
  });
  at("confirm").addEventListener("close", () => {
    if (at("confirm").returnValue === "reset") reset(app, panel, at("copy").textContent);
  });
};

const start = async () => {
  let app = null;
  followTheme((dark) => setTheme(app, dark));
  loadAhead().catch((error) => notify(`Python could not be loaded (${error.message}). Reload the page to try again.`));
  await startServiceWorker().catch(console.warn); // a browser without it can run the notebook, too
  const early = new Worker(`${page.pyodide}early.mjs`, { type: "module" });
  frame.src = `${page.lite}notebooks/index.html?path=${page.path}`;
  await until(() => frame.contentDocument?.querySelector("script"));
  lendWorker(frame.contentWindow, early);
  app = await until(() => frame.contentWindow?.jupyterapp);
  await app.restored;
  setTheme(app, document.documentElement.dataset.theme === "dark");
  const panel = await until(() => app.shell.currentWidget?.context && app.shell.currentWidget);
  await panel.context.ready;
  await panel.revealed;
  at("loading").classList.add("done");
  attend(app, panel);
};

start();
