// The playground's Python, in a worker: a busy network never holds up the page.

let python;

const start = async ({ pyodideUrl, lockFileURL, packages, host }) => {
  const { loadPyodide } = await import(pyodideUrl);
  // nnlib by its address: the page needs none of the packages that only notebooks use.
  const pyodide = await loadPyodide({ lockFileURL, packages: packages.names });
  await pyodide.loadPackage(packages.wheel);
  pyodide.FS.writeFile("/home/pyodide/host.py", await (await fetch(host)).text());
  python = pyodide.pyimport("host");
};

const answer = (request) => {
  const pair = python.answer(JSON.stringify(request));
  const [content, buffers] = pair.toJs({ create_proxies: false });
  pair.destroy();
  return [JSON.parse(content), buffers.map((bytes) => bytes.slice())];
};

onmessage = async ({ data: [kind, value] }) => {
  try {
    if (kind === "start") {
      await start(value);
      postMessage(["started", null]);
    } else if (kind === "open") {
      postMessage(["opened", python.open_query(value.query, value.playing)]);
    } else {
      const [content, buffers] = answer(value);
      postMessage(["answer", content, buffers], buffers.map((bytes) => bytes.buffer));
    }
  } catch (error) {
    postMessage(["failed", String(error.message ?? error)]);
  }
};
