// Python in a worker that `run.js` starts while JupyterLab is still loading. JupyterLab takes it for
// its own, whose script it runs as well, and finds Python ready.

import "$worker";
import { keepFonts, loadPyodide } from "./python.mjs";

const HOME = "/drive"; // where JupyterLab will mount the learner's files, and IPython begins

const lockFileURL = new URL("pyodide-lock.json", import.meta.url).href;
loadPyodide({ lockFileURL, packages: $packages }).then((pyodide) => {
  pyodide.FS.mkdirTree(HOME);
  pyodide.FS.chdir(HOME);
  pyodide.runPython("import $modules");
  keepFonts(pyodide);
});
