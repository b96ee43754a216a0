// Pyodide as JupyterLab's kernel loads it, once in each worker. `early.mjs` calls this first.

import { loadPyodide as load } from "$pyodide";

// Matplotlib keeps its list of fonts here, which takes a second to make. The browser keeps the folder.
const FOLDER = "/home/pyodide/.matplotlib";
const synchronize = (FS, fromBrowser) => new Promise((resolve) => FS.syncfs(fromBrowser, resolve));

let python;

const start = async (options) => {
  const pyodide = await load(options), { FS } = pyodide;
  FS.mkdirTree(FOLDER);
  FS.mount(FS.filesystems.IDBFS, {}, FOLDER);
  await synchronize(FS, true);
  return pyodide;
};

export const loadPyodide = async ({ indexURL, stdout, stderr, ...options }) => {
  const pyodide = await (python ??= start(options));
  if (stdout) pyodide.setStdout({ batched: stdout });
  if (stderr) pyodide.setStderr({ batched: stderr });
  return pyodide;
};

export const keepFonts = ({ FS }) => synchronize(FS, false);
