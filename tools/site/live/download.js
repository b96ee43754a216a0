// Downloads what Python needs before it asks for it, and tells how far that is. Python then finds the
// files in the browser's cache.

// files: [[url, bytes or null], …], relative to base. progress(done, all) in bytes. On a later visit
// the browser has them, and reading them here would only hold up Python, so nothing is done.
export const download = async (name, files, base, progress) => {
  const key = `nnlib-${name}-loaded`, list = JSON.stringify(files);
  if (localStorage.getItem(key) === list) return;
  const sizes = files.map(([, size]) => size ?? 0);
  const loaded = sizes.map(() => 0);
  const queue = files.map(([url], index) => [new URL(url, base), index]);
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [url, index] = next;
      const response = await fetch(url, { priority: "low" });
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      sizes[index] ||= Number(response.headers.get("content-length") ?? 0);
      const reader = response.body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        loaded[index] += part.value.length;
        sizes[index] = Math.max(sizes[index], loaded[index]);
        progress(sum(loaded), sum(sizes));
      }
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  localStorage.setItem(key, list);
};
