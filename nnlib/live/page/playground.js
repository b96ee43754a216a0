// The playground: data on the left, the network in the middle, the result on the right.
import { figures } from "./base.js";
import { makeCurve, makeSweep } from "./charts.js";
import { box, fill, format, h, makeCanvas, paintPixels, pushButton, readColours, refill, reveal, write } from "./dom.js";
import { makeNetwork } from "./network.js";

const PLANE_CELLS = 60; // of the large picture, across and up
const THUMBNAIL = 40; // side of a data set's picture
const SPACING = 0.35; // between two points drawn in one stroke
const SHAPES = ["square", "circle", "triangle", "diamond", "cross", "square", "circle", "triangle"];

function drawSample(c, x, y, size, shape, colour, rim, hollow) {
  c.beginPath();
  if (shape === "circle") c.arc(x, y, size, 0, 7);
  else if (shape === "square") c.rect(x - 0.88 * size, y - 0.88 * size, 1.76 * size, 1.76 * size);
  else {
    const corners = shape === "triangle" ? [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]]
      : shape === "diamond" ? [[0, -1.3], [1.2, 0], [0, 1.3], [-1.2, 0]]
        : [[-1.1, -0.5], [-0.5, -1.1], [1.1, 0.5], [0.5, 1.1]];
    corners.forEach(([dx, dy], k) => (k ? c.lineTo(x + size * dx, y + size * dy) : c.moveTo(x + size * dx, y + size * dy)));
    c.closePath();
  }
  Object.assign(c, { strokeStyle: hollow ? colour : rim, fillStyle: hollow ? rim : colour, lineWidth: hollow ? 1.6 : 1.2 });
  c.fill();
  c.stroke();
}

const numbers = (values) => values.map((value) => value ?? NaN); // JSON has no NaN

// The large picture with the samples on it.
function makeResult(view, scene) {
  const t = view.texts;
  const pixels = h("canvas", { "aria-hidden": "true" }), dots = makeCanvas({ "aria-hidden": "true" });
  const legend = makeCanvas({ "aria-hidden": "true" });
  const title = h("b"), probe = h("div", { class: "nn-probe", "aria-live": "polite" });
  const plane = h("div", { class: "nn-plane", tabindex: 0, role: "group", "aria-label": t.surface_hint }, pixels, dots.element);
  const pens = h("div", { class: "nn-pens", role: "group", "aria-label": t.pen });
  const element = h("div", { class: "nn-result" }, h("div", { class: "nn-title" }, title, legend.element), plane, probe);
  const options = h("div", { class: "nn-options" }, h("div", { class: "nn-row" }, ...view.section("result")), pens);
  const result = { element, options };
  let side = 280, pen = "", pointer = null, last = null, surface = null, strength = null, content = {};

  const toPlane = ([x1, x2]) => {
    const [low, high] = scene.reach;
    return [((x1 - low) / (high - low)) * side, side - ((x2 - low) / (high - low)) * side];
  };
  const toData = (x, y) => {
    const [low, high] = scene.reach;
    return [low + (x / side) * (high - low), high - (y / side) * (high - low)];
  };

  result.showPens = () => {
    const { classes, grows } = scene; // a new class may join those of a drawing
    const values = classes
      ? Array.from({ length: classes + grows }, (_, i) => [String(i), fill(i < classes ? t.pen_class : t.pen_new, { i })])
      : [["0", fill(t.pen_value, { v: 0 })], ["1", fill(t.pen_value, { v: 1 })]];
    const choices = [["", t.pen_off], ...values, ["erase", t.pen_erase]];
    if (!choices.some(([value]) => value === pen)) pen = "";
    plane.classList.toggle("nn-drawing", pen !== "");
    refill(pens, h("span", {}, t.pen), ...choices.map(([value, text]) => h("button", {
      type: "button", class: "nn-chip", "aria-pressed": String(value === pen), onclick: () => {
        pen = value;
        result.showPens();
      } }, text)));
  };

  function act([x1, x2]) {
    if (pen === "") view.call("choose_sample", { x1, x2 });
    else if (pen === "erase") view.call("erase_point", { x1, x2 });
    else view.call("add_point", { x1, x2, y: Number(pen) });
  }
  const pointed = (event) => {
    const box = plane.getBoundingClientRect();
    return toData(event.clientX - box.left, event.clientY - box.top);
  };
  plane.addEventListener("pointerdown", (event) => {
    pointer = last = pointed(event);
    showProbe();
    if (pen === "") return;
    act(last);
    plane.setPointerCapture(event.pointerId);
  });
  plane.addEventListener("click", (event) => { if (pen === "") act(pointed(event)); }); // no finger that scrolls
  plane.addEventListener("pointermove", (event) => {
    pointer = pointed(event);
    showProbe();
    if (pen === "" || !event.buttons || !last || Math.hypot(pointer[0] - last[0], pointer[1] - last[1]) < SPACING) return;
    last = pointer;
    act(last);
  });
  plane.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") pointer = null; // what a finger has touched stays to be read
    showProbe();
  });
  plane.addEventListener("blur", () => { pointer = null; showProbe(); drawDots(); });
  plane.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
    const [low, high] = scene.reach, step = (high - low) / (event.shiftKey ? 12 : 48);
    if (dx !== undefined) {
      const [x1, x2] = pointer ?? [(low + high) / 2, (low + high) / 2];
      pointer = [x1 + dx * step, x2 + dy * step].map((v) => Math.max(low, Math.min(high, v)));
    } else if (event.key === "Enter" && pointer) act(pointer);
    else return;
    event.preventDefault();
    showProbe();
    drawDots();
  });

  // The value under the pointer, as exact as the picture's 256 levels.
  function showProbe() {
    if (!pointer || !surface) { write(probe, ""); return; }
    const [column, row] = toPlane(pointer).map((v) => Math.max(0, Math.min(PLANE_CELLS - 1, Math.floor((v / side) * PLANE_CELLS))));
    const k = row * PLANE_CELLS + column, [low, high] = content.limits;
    const number = format(strength ? strength[k] / 255 : low + (surface[k] / 255) * (high - low));
    const value = strength ? `${fill(t.class_name, { i: surface[k] })}, ${number}` : number;
    write(probe, fill(t.value_at, { x1: format(pointer[0]), x2: format(pointer[1]), value }));
  }

  function drawDots() {
    const c = dots.size(side, side), { X, labels } = scene;
    const size = Math.max(3, side / 75) * (labels.length < 30 ? 1.5 : 1);
    for (let k = 0; k < labels.length; k++) {
      const test = labels[k] >= 128, label = labels[k] % 128;
      const [x, y] = toPlane([X[2 * k], X[2 * k + 1]]);
      drawSample(c, x, y, size, SHAPES[label], view.colours.classes[label], "#fff", test);
    }
    const ring = (place, colour, radius) => {
      const [x, y] = toPlane(place);
      c.beginPath();
      c.arc(x, y, radius, 0, 7);
      Object.assign(c, { strokeStyle: colour, lineWidth: 3 });
      c.stroke();
    };
    if (content.walk) { ring(content.walk.place, "#fff", 10); ring(content.walk.place, view.colours.accent, 8); }
    if (pointer && document.activeElement === plane) ring(pointer, view.colours.ink, 5);
  }

  function drawLegend() {
    const classes = strength ? scene.classes : 0, width = classes ? 24 * classes : 110;
    const c = legend.size(width, 16);
    Object.assign(c, { font: `11px ${view.font}`, textAlign: "left" });
    for (let k = 0; k < classes; k++) {
      drawSample(c, 6 + 24 * k, 8, 4.5, SHAPES[k], view.colours.classes[k], "#fff", false);
      c.fillStyle = view.colours.ink;
      c.fillText(String(k), 13 + 24 * k, 12);
    }
    if (classes) return;
    for (let k = 0; k < 48; k++) {
      c.fillStyle = `rgb(${view.colours.palette[Math.floor(5.3 * k)]})`;
      c.fillRect(31 + k, 4, 1.2, 9);
    }
    c.fillStyle = view.colours.ink;
    c.fillText(format(content.limits[1]), 83, 12);
    c.textAlign = "right";
    c.fillText(format(content.limits[0]), 28, 12);
  }

  result.measure = () => {
    side = Math.max(180, Math.min(420, element.clientWidth || 280));
    plane.style.width = plane.style.height = `${side}px`;
  };

  result.draw = (now, parts, changed) => {
    content = now;
    ({ surface, strength = null } = parts);
    const colours = view.colours, palette = colours.palette;
    const mixed = (k) => colours.tint(surface[k], strength[k] / 255), plain = (k) => palette[surface[k]];
    paintPixels(pixels, PLANE_CELLS, surface.length, strength ? mixed : plain);
    pixels.classList.toggle("nn-sharp", now.sharp);
    if (changed) { drawDots(); drawLegend(); }
  };

  result.describe = () => {
    write(title, content.title);
    showProbe();
  };
  return result;
}

// The data sets as pictures to choose from.
function makeThumbnails(view, box) {
  return (thumbnails) => box.replaceChildren(...thumbnails.map(([name, label, points]) => {
    const canvas = makeCanvas({ "aria-hidden": "true" });
    const button = pushButton("thumb", canvas.element, () => view.change("data", name), { title: label, "data-name": name });
    button.append(h("span", {}, label));
    const c = canvas.size(THUMBNAIL, THUMBNAIL);
    for (const [x, y, label] of points) {
      c.fillStyle = view.colours.classes[label];
      c.fillRect((x * THUMBNAIL) / 100 - 1.2, THUMBNAIL * (1 - y / 100) - 1.2, 2.6, 2.6);
    }
    return button;
  }));
}

figures.playground = (view) => {
  const t = view.texts;
  const scene = { reach: [-6, 6], classes: 2, grows: false, X: new Float32Array(), labels: new Uint8Array(), sizes: [] };
  view.colours = readColours(document.body);
  const net = makeNetwork(view), result = makeResult(view, scene), curve = makeCurve(view), sweep = makeSweep(view);
  const thumbs = h("div", { class: "nn-thumbs", role: "group", "aria-label": view.controls.get("data").spec.label });
  const showThumbnails = makeThumbnails(view, thumbs);
  const chips = h("div", { class: "nn-chips", role: "group" });
  const depth = h("div", { class: "nn-depth" });
  const epoch = h("output", { class: "nn-epoch" }), note = box("note");
  const trained = h("span", { class: "nn-solid" }), tested = h("span", { class: "nn-dashed" });
  const before = h("span", { class: "nn-kept", hidden: true });
  const undo = view.button("undo"), lesson = h("div", { class: "nn-lesson", hidden: true });
  const history = h("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": t.history, title: t.history, class: "nn-history" });
  const back = h("div", { class: "nn-row", hidden: true },
    pushButton("button", t.now, () => view.call("look_back", { index: null })),
    pushButton("button", t.rewind, () => view.call("rewind")));
  const keep = pushButton("button", t.keep, () => view.call(curve.kept.length ? "forget" : "keep"), { title: t.keep_hint });
  const walk = h("div", { class: "nn-walk", hidden: true });
  const line = h("input", { type: "text", class: "nn-line", title: t.line_hint, "aria-label": t.line, spellcheck: "false" });
  const presets = h("select", { title: t.presets_hint, "aria-label": t.presets });
  const sweepBox = h("details", { class: "nn-sweep" }, h("summary", { title: t.sweep_hint }, t.sweep));
  const sweepEpoch = h("input", { type: "range", min: 1, max: 500, value: 500, "aria-label": t.sweep_epoch, title: t.sweep_epoch });
  const facts = h("div", { class: "nn-facts" });
  sweepBox.append(sweep.element, h("label", { class: "nn-control" }, h("span", {}, t.sweep_epoch), sweepEpoch), facts);

  const lookAt = (index) => view.call("look_back", { index: index >= Number(history.max) ? null : index }, true);
  history.addEventListener("input", () => lookAt(Number(history.value)));
  const scrub = (event) => {
    const wanted = curve.epochAt(event.offsetX);
    const index = curve.points.findIndex(([e]) => e >= wanted);
    lookAt(index < 0 ? Number(history.max) : index);
  };
  curve.element.addEventListener("pointerdown", (event) => { curve.element.setPointerCapture(event.pointerId); scrub(event); });
  curve.element.addEventListener("pointermove", (event) => { if (event.buttons) scrub(event); });
  line.addEventListener("change", () => view.call("line", { text: line.value }));
  presets.addEventListener("change", () => {
    net.inspect(null);
    view.call("preset", { index: presets.value && Number(presets.value) });
  });
  sweepBox.addEventListener("toggle", () => view.call("sweep", { on: sweepBox.open, epoch: Number(sweepEpoch.value) }));
  sweepEpoch.addEventListener("input", () => view.call("sweep", { on: true, epoch: Number(sweepEpoch.value) }, true));

  const column = (name, ...children) => h("div", { class: `nn-column nn-${name}-column` }, ...children);
  const root = h("div", { class: "nn-figure" },
    box("run", ...view.bar.children, undo, box("counter", h("span", {}, t.epoch), epoch), ...view.section("run")),
    box("settings nn-training", ...view.section("training")),
    h("label", { class: "nn-control nn-presets" }, h("span", {}, t.presets), presets), lesson, note,
    h("div", { class: "nn-main" },
      column("data", thumbs, ...view.section("data")),
      column("network", h("div", { class: "nn-row" }, chips, depth), net.element),
      column("curve", box("costs", h("b", {}, t.cost), trained, tested, before, keep), curve.element, history, back),
      column("result", result.element, walk, net.inspector, result.options)),
    sweepBox,
    h("details", {}, h("summary", {}, t.more), box("settings", ...view.section("more")),
      h("label", { class: "nn-control nn-wide" }, h("span", {}, t.line), line)));

  const hidden = view.controls.get("hidden"), data = view.controls.get("data"), features = view.controls.get("features");
  features.render = () => {
    refill(chips, ...scene.features.map(([name, label]) => {
      const on = features.value.includes(name);
      const others = features.value.filter((other) => other !== name);
      const toggle = () => view.change("features", on ? others : [...others, name]);
      return pushButton("chip", label, toggle, { title: features.spec.tooltip, "aria-pressed": String(on) });
    }));
  };
  data.render = () => {
    for (const button of thumbs.children) button.setAttribute("aria-pressed", String(button.dataset.name === data.value));
  };
  hidden.render = () => {
    const count = hidden.value.length;
    const change = (value, sign, title, disabled) =>
      pushButton("small", sign, () => view.change("hidden", value), { title, disabled });
    refill(depth, h("span", {}, `${hidden.spec.label}: ${count}`),
      change(hidden.value.slice(0, -1), "−", t.remove_layer, count === 0),
      change([...hidden.value, hidden.value.at(-1) ?? 4], "+", t.add_layer, count === 6));
  };

  const measure = () => { for (const part of [curve, result, net]) part.measure(); };
  let seen = {}, latest = null, sampled = "";
  const showScene = (content, parts) => {
    const { classes, grows } = scene;
    if (content.scene) Object.assign(scene, content.scene);
    if (parts.samples) Object.assign(scene, { X: parts.samples, labels: parts.labels });
    if (content.thumbnails) {
      showThumbnails(content.thumbnails);
      presets.replaceChildren(h("option", { value: "" }, "…"), ...content.presets.map((name, k) => h("option", { value: k }, name)));
      for (const control of [data, features]) if (control.value !== undefined) control.render();
    }
    if (!latest) measure();
    if (content.scene) net.layout(scene.sizes, scene.inputs);
    if (!latest || scene.classes !== classes || scene.grows !== grows) result.showPens();
  };
  const showNumbers = (content) => {
    write(epoch, content.tip[0].toLocaleString("en"));
    const [cost, test] = content.tip.slice(1).map(format);
    const [right, rightTest] = content.accuracy;
    const percent = (value) => (value === null ? "" : ` (${value.toFixed(0)} %)`);
    write(trained, `${t.training} ${cost}${percent(right)}`);
    write(tested, `${t.test} ${test}${percent(rightTest)}`);
  };
  const showRest = (content) => {
    write(note, content.note);
    if (undo.disabled === content.can_undo) undo.disabled = !content.can_undo;
    if (document.activeElement !== line && line.value !== content.line) line.value = content.line;
    reveal(lesson, content.lesson);
    const chosen = String(content.lesson?.[2] ?? "");
    if (presets.value !== chosen) presets.value = chosen;
    if (content.lesson) lesson.replaceChildren(h("span", {}, content.lesson[0]), h("b", {}, content.lesson[1]));
    write(keep, curve.kept.length ? t.forget : t.keep);
    reveal(before, curve.kept.length);
    write(before, `${t.kept} ${format(curve.kept.at(-1)?.[1])}`);
    reveal(walk, content.walk);
    if (!content.walk) return;
    if (walk.dataset.words === content.walk.words) return;
    walk.dataset.words = content.walk.words;
    const step = (by, title, sign) => pushButton("small", sign, () => view.call("walk", { by }), { title });
    const close = () => view.call("choose_sample", { x1: null, x2: null });
    refill(walk, step(-1, t.backward_step, "◀"), step(1, t.forward_step, "▶"),
      h("span", { role: "status" }, content.walk.words), pushButton("button", t.close, close));
  };
  const drawHistory = (content) => {
    if (content.history) {
      curve.points.length = content.history.from;
      curve.points.push(...content.history.points.map(numbers));
    }
    if (content.marks) curve.marks = content.marks;
    if (content.kept) curve.kept = content.kept.map(numbers);
    curve.draw(numbers(content.tip), content.past);
  };
  const showHistory = (content) => {
    history.max = curve.points.length;
    if (document.activeElement !== history || content.past === null) history.value = content.past ?? curve.points.length;
    history.setAttribute("aria-valuetext", `${t.epoch} ${content.tip[0]}`);
    reveal(back, content.past !== null);
  };
  const draw = (content, buffers) => {
    view.font = "system-ui, sans-serif";
    const parts = { ...seen };
    content.parts?.forEach((name, k) => {
      const { buffer, byteOffset, byteLength } = buffers[k];
      const copy = buffer.slice(byteOffset, byteOffset + byteLength);
      parts[name] = name === "weights" || name === "samples" ? new Float32Array(copy) : new Uint8Array(copy);
    });
    if (content.parts?.includes("surface") && !content.parts.includes("strength")) delete parts.strength;
    seen = parts;
    showScene(content, parts);
    latest = content;
    net.draw(content, parts.weights, parts.tiles);
    const key = JSON.stringify([content.walk?.place, content.limits, scene.classes, Boolean(parts.strength)]);
    result.draw(content, parts, content.scene || content.parts.includes("samples") || key !== sampled);
    sampled = key;
    drawHistory(content);
    // Texts come last: a canvas that writes after a change of the page has all of it laid out first.
    result.describe();
    showNumbers(content);
    showHistory(content);
    showRest(content);
    if (content.sweep) { sweep.draw(content.sweep, view.controls.get("learning_rate").value); facts.textContent = content.sweep.facts; }
  };
  let width = 0;
  const redraw = () => {
    width = root.clientWidth;
    view.colours = readColours(view.root);
    if (!latest || !scene.sizes.length) return;
    measure();
    draw({ ...latest, parts: [], scene: {}, history: undefined }, []);
  };
  // Another height alone moves nothing, and a line that is dragged must stay the same element.
  const resized = new ResizeObserver(() => { if (root.clientWidth !== width) redraw(); }), themed = new MutationObserver(redraw);
  setTimeout(() => { resized.observe(root); });
  themed.observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light", "data-jp-theme-name"] });
  return { root, draw, close: () => { resized.disconnect(); themed.disconnect(); } };
};
