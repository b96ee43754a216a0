// Puts bytecode into the wheels and the standard library in a folder, by the Python that will run it:
// node bytecode.mjs PYODIDE FOLDER
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodideFolder, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`));
const pyodide = await loadPyodide();
pyodide.mountNodeFS("/site", folder);
pyodide.runPython(readFileSync(new URL("bytecode.py", import.meta.url), "utf-8"));
