// The network of the playground: lines for weights and a picture on each neuron, drawn on a canvas.
// Over it lie a button for each neuron and a path for each weight, which take pointer and keyboard.
import { box, fill, format, h, makeCanvas, paintPixels, pushButton } from "./dom.js";

const TILE_CELLS = 20; // across and up on a neuron's picture
const MARGIN = [48, 14]; // left and right of the neurons
const TILES = [24, 96]; // sides of the smallest and the largest neuron
const GAP = [7, 22]; // between two neurons, one below the other
const INLINE = 112; // from layer to layer, where "− hidden 1 +" fits into one line
const DRAG = 60; // pixels for a weight's change by 1

export function makeNetwork(view) {
  const canvas = makeCanvas({ "aria-hidden": "true" });
  const paths = h("svg", { class: "nn-paths", "aria-hidden": "true" });
  const buttons = h("div", { class: "nn-neurons", role: "group", "aria-label": view.texts.network });
  const tip = h("div", { class: "nn-tip", hidden: true });
  const inspector = h("div", { class: "nn-inspector", hidden: true });
  const board = box("board", canvas.element, paths, buttons, tip);
  const tiles = document.createElement("canvas");
  const net = { element: board, inspector, sizes: [], chosen: null, shown: null, weights: null };
  let places = [], tile = 34, width = 0, height = 0, edges = [], fields = [], frame = null;

  const offsets = () => { // where each layer's W and b begin in `weights`
    let at = 0;
    return net.sizes.slice(1).map((n, k) => {
      const layer = { W: at, b: at + net.sizes[k] * n };
      at = layer.b + n;
      return layer;
    });
  };
  const nameOf = (k, i, text = view.texts.neuron_name) => {
    if (k === 0) return net.inputs[i];
    if (k < net.sizes.length - 1) return fill(text, { i: i + 1, k: k + 1 });
    return net.sizes.at(-1) > 1 ? fill(view.texts.class_name, { i }) : view.texts.output_name;
  };
  const at = (layer, row, column) => {
    const { W, b } = offsets()[layer];
    return row < 0 ? b + column : W + row * net.sizes[layer + 1] + column;
  };
  const look = (neuron) => view.call("look", { neuron }, true);
  const setWeight = (layer, row, column, value) => {
    if (!Number.isFinite(value)) return;
    net.weights[at(layer, row, column)] = value;
    view.call("set_weight", { layer, row, column, value: Number(value.toPrecision(4)) }, true);
  };

  // -- places --------------------------------------------------------------------------------------

  net.measure = () => { width = board.clientWidth || 300; };
  net.layout = (sizes, inputs) => {
    Object.assign(net, { sizes, inputs });
    const rows = Math.max(...sizes), columns = sizes.length;
    const room = width < 420 ? 190 : width < 800 ? 320 : 400; // as long as all neurons fit into it
    const [left, right] = MARGIN, [least, most] = TILES;
    tile = Math.max(least, Math.min(most, (width - left - right) / columns / 2.4, room / rows - GAP[0]));
    const pitch = Math.max(tile + GAP[0], Math.min(tile + GAP[1], room / rows));
    const x = (k) => left + tile / 2 + (k * (width - left - right - tile)) / (columns - 1);
    const header = x(1) - x(0) < INLINE ? 64 : 40;
    height = header + Math.max(room, rows * pitch);
    places = sizes.map((n, k) => Array.from({ length: n }, (_, i) =>
      [x(k), (header + height) / 2 + pitch * (i - (n - 1) / 2)]));
    board.style.height = `${height}px`;
    for (const [name, value] of [["width", width], ["height", height]]) paths.setAttribute(name, value);
    placeButtons();
    placeEdges();
    if (net.chosen && !places[net.chosen[0]]?.[net.chosen[1]]) net.chosen = null;
    showInspector();
  };

  function placeButtons() {
    const spacing = (places[1][0][0] - places[0][0][0]);
    const heads = net.sizes.slice(1, -1).map((n, k) => {
      const change = (by) => () => view.call("neurons", { layer: k, by });
      const button = (sign, by, text, disabled) =>
        pushButton("small", sign, change(by), { title: fill(text, { k: k + 1 }), disabled });
      const name = h("span", {}, spacing > 70 ? fill(view.texts.hidden, { k: k + 1 }) : String(k + 1));
      const signs = [button("−", -1, view.texts.remove_neuron, n <= 1), button("+", 1, view.texts.add_neuron, n >= 8)];
      const inline = spacing >= INLINE, wide = inline ? INLINE : Math.min(spacing - 2, 64);
      return h("div", { class: `nn-head${inline ? " nn-inline" : ""}`, style: `left:${places[k + 1][0][0] - wide / 2}px;width:${wide}px` },
        ...(inline ? [signs[0], name, signs[1]] : [...signs, name]));
    });
    const ends = [[0, view.texts.input], [places.length - 1, view.texts.output]].map(([k, text]) => {
      const left = Math.max(0, Math.min(width - 64, places[k][0][0] - 32));
      const style = `left:${left}px;width:64px;top:${spacing < INLINE ? 28 : 4}px`;
      return h("div", { class: "nn-head nn-end", style }, h("span", {}, text));
    });
    const neurons = places.flatMap((spots, k) => spots.map(([x, y], i) => {
      const button = h("button", { type: "button", class: "nn-neuron", "aria-label": nameOf(k, i), tabindex: k || i ? -1 : 0,
        "data-at": `${k},${i}`, style: `left:${x - tile / 2}px;top:${y - tile / 2}px;width:${tile}px;height:${tile}px` });
      button.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") look([k, i]); });
      button.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") look(net.chosen); });
      button.addEventListener("click", () => net.inspect([k, i]));
      button.addEventListener("keydown", (event) => walk(event, k, i));
      return button;
    }));
    const focused = buttons.contains(document.activeElement) && document.activeElement.ariaLabel;
    buttons.replaceChildren(...heads, ...ends, ...neurons);
    if (focused) [...buttons.querySelectorAll("button")].find(({ ariaLabel }) => ariaLabel === focused)?.focus();
  }

  // Arrow keys go from neuron to neuron.
  function walk(event, k, i) {
    const [dk, di] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (dk === undefined) return;
    event.preventDefault();
    const layer = Math.max(0, Math.min(places.length - 1, k + dk));
    const neuron = Math.max(0, Math.min(places[layer].length - 1, i + di));
    const next = buttons.querySelector(`[data-at="${layer},${neuron}"]`);
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    look([layer, neuron]);
  }

  // -- weights -------------------------------------------------------------------------------------

  function placeEdges() {
    edges = [];
    for (let k = 1; k < places.length; k++) {
      places[k - 1].forEach(([x, y], i) => places[k].forEach(([u, v], j) => {
        const [a, b] = [x + tile / 2, u - tile / 2], bend = (b - a) / 2;
        const d = `M${a} ${y}C${a + bend} ${y} ${b - bend} ${v} ${b} ${v}`;
        edges.push({ layer: k - 1, row: i, column: j, path: new Path2D(d), d, index: at(k - 1, i, j), middle: [(a + b) / 2, (y + v) / 2] });
      }));
    }
    paths.replaceChildren(...edges.map((edge) => {
      const path = h("path", { d: edge.d });
      path.addEventListener("pointerenter", () => hint(edge));
      path.addEventListener("pointerleave", () => { if (!dragging) hint(null); });
      path.addEventListener("pointerdown", (event) => grab(event, edge, path));
      path.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // no scrolling
      return path;
    }));
  }

  let hinted = null, dragging = false;
  function hint(edge) {
    hinted = edge;
    tip.hidden = !edge;
    if (edge) {
      tip.textContent = `${nameOf(edge.layer, edge.row)} → ${nameOf(edge.layer + 1, edge.column)}: ${format(net.weights[edge.index])}`;
      const half = tip.offsetWidth / 2, left = Math.max(half, Math.min(width - half, edge.middle[0]));
      Object.assign(tip.style, { left: `${left}px`, top: `${edge.middle[1] - 14}px` });
    }
    if (frame) paint();
  }

  // A drag up or down changes a weight; a click opens its field.
  function grab(event, edge, path) {
    const [y, value] = [event.clientY, net.weights[edge.index]];
    let moved = false;
    path.setPointerCapture(event.pointerId);
    event.preventDefault();
    dragging = true;
    hint(edge);
    const move = (now) => {
      if (!moved && Math.abs(now.clientY - y) < 3) return;
      moved = true;
      setWeight(edge.layer, edge.row, edge.column, value + (y - now.clientY) / DRAG);
      hint(edge);
    };
    const end = () => {
      dragging = false;
      path.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) path.removeEventListener(name, end);
      if (!moved) net.inspect([edge.layer + 1, edge.column], edge.row);
      hint(null);
    };
    path.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) path.addEventListener(name, end);
  }

  // The fields of a neuron's bias and of the weights into it; `row` gets the focus.
  net.inspect = (neuron, row) => {
    const same = neuron && net.chosen && String(neuron) === String(net.chosen) && row === undefined;
    net.chosen = same ? null : neuron;
    look(net.chosen);
    showInspector();
    fields.find(({ from }) => from === row)?.input.focus();
  };

  function showInspector() {
    const [k, i] = net.chosen ?? [];
    inspector.hidden = !net.chosen;
    fields = [];
    if (!net.chosen) return;
    const into = k ? [-1, ...Array(net.sizes[k - 1]).keys()] : [];
    fields = into.map((from) => {
      const input = h("input", { type: "number", step: 0.1 });
      input.addEventListener("change", () => setWeight(k - 1, from, i, Number(input.value)));
      const name = from < 0 ? view.texts.bias : fill(view.texts.from, { name: nameOf(k - 1, from, view.texts.neuron_short) });
      return { input, index: at(k - 1, from, i), label: h("label", {}, h("span", {}, name), input), from };
    });
    inspector.replaceChildren(h("b", {}, nameOf(k, i)), ...fields.map(({ label }) => label),
      pushButton("button", view.texts.close, () => net.inspect(null)));
    if (net.weights?.length > fields.at(-1)?.index) showFields();
  }

  function showFields() {
    for (const { input, index } of fields) {
      if (document.activeElement !== input) input.value = net.weights[index].toFixed(3);
    }
  }

  // -- drawing -------------------------------------------------------------------------------------

  net.draw = (content, weights, pixels) => {
    Object.assign(net, { weights });
    frame = { walk: content.walk, shown: content.shown };
    const palette = view.colours.palette;
    paintPixels(tiles, TILE_CELLS, pixels.length, (k) => palette[pixels[k]]);
    if (!inspector.hidden) showFields();
    paint();
  };

  function paint() {
    const c = canvas.size(width, height), colours = view.colours;
    const weights = net.weights, slopes = frame.walk?.slopes;
    for (const { path, index, layer, row, column } of edges) {
      const value = weights[index], on = hinted && hinted.index === index;
      if (on) Object.assign(c, { strokeStyle: colours.accent, lineWidth: 10, globalAlpha: 0.35 }), c.setLineDash([]), c.stroke(path);
      c.globalAlpha = Math.min(1, 0.35 + Math.abs(value));
      c.strokeStyle = value < 0 ? colours.negative : colours.positive;
      c.lineWidth = Math.min(8, 0.7 + 0.9 * Math.abs(value));
      c.setLineDash(value < 0 ? [5, 3] : []);
      c.stroke(path);
      const slope = slopes?.[layer]?.[row]?.[column];
      if (slope) drawSlope(c, path, slope);
    }
    c.setLineDash([]);
    c.globalAlpha = 1;
    drawNeurons(c, colours);
  }

  // ∂J/∂W of one sample: a second, hatched line over the weight's.
  function drawSlope(c, path, slope) {
    c.strokeStyle = slope < 0 ? view.colours.negative : view.colours.positive;
    c.lineWidth = 3 + 9 * Math.min(1, Math.abs(slope) / frame.walk.largest);
    c.setLineDash([1.5, 4]);
    c.globalAlpha = 0.9;
    c.stroke(path);
  }

  function drawNeurons(c, colours) {
    const biases = offsets(), lines = [];
    let number = 0;
    places.forEach((spots, k) => spots.forEach(([x, y], i) => {
      const [left, top] = [x - tile / 2, y - tile / 2];
      c.save();
      c.beginPath();
      c.roundRect(left, top, tile, tile, 5);
      c.clip();
      c.drawImage(tiles, 0, TILE_CELLS * number++, TILE_CELLS, TILE_CELLS, left, top, tile, tile);
      c.restore();
      const shown = frame.shown && frame.shown[0] === k && frame.shown[1] === i;
      c.strokeStyle = shown ? colours.accent : colours.faint;
      c.lineWidth = shown ? 3 : 1;
      c.stroke();
      if (k) drawBias(c, colours, left, top + tile, net.weights[biases[k - 1].b + i]);
      else drawText(c, net.inputs[i], left - 5, y + 4, "right");
      const written = frame.walk?.nodes[`${k},${i}`] ?? [];
      written.forEach((line, n) => lines.push([line, x, top + tile - 4 - 12 * (written.length - 1 - n)]));
    }));
    for (const [line, x, y] of lines) drawText(c, line, x, y, "center", 11);
  }

  // A bias is a dot at the neuron's corner: round and blue, or square and orange.
  function drawBias(c, colours, x, y, bias) {
    c.globalAlpha = Math.min(1, 0.2 + Math.abs(bias));
    c.fillStyle = bias < 0 ? colours.negative : colours.positive;
    c.beginPath();
    c.roundRect(x - 4, y - 5, 9, 9, bias < 0 ? 1 : 5);
    c.fill();
    c.globalAlpha = 1;
  }

  function drawText(c, text, x, y, align, size = 12) {
    const { ink, paper } = view.colours;
    Object.assign(c, { textAlign: align, font: `${size}px ${view.font}`, lineWidth: 3, lineJoin: "round" });
    Object.assign(c, { strokeStyle: paper, fillStyle: ink });
    c.strokeText(text, x, y);
    c.fillText(text, x, y);
  }
  return net;
}
