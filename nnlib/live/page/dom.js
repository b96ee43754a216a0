// Small helpers for elements, numbers, colours and canvases.

const FOCUSABLE = ["button", "select", "input", "summary"];

// Keep the keys typed at an element from the notebook's shortcuts, some of which delete cells. The
// notebook looks for this attribute from the focused element upwards, until a shortcut matches.
export const keepKeys = (element) => element.setAttribute("data-lm-suppress-shortcuts", "true");

const given = (value) => value !== null && value !== undefined;

// Make an element: `h("button", {class: "big", onclick: f}, "text", child, …)`.
export function h(tag, attributes = {}, ...children) {
  const svg = ["svg", "path", "rect", "g"].includes(tag);
  const space = `http://www.w3.org/${svg ? "2000/svg" : "1999/xhtml"}`;
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && given(value)) element.setAttribute(name, value);
  }
  if (FOCUSABLE.includes(tag) || "tabindex" in attributes) keepKeys(element);
  element.append(...children.filter(given));
  return element;
}

// A box of the class nn-NAME, and a button of one; a small button's sign is spoken as its title.
export const box = (name, ...children) => h("div", { class: `nn-${name}` }, ...children);
export function pushButton(kind, text, onclick, { title, ...rest } = {}) {
  const spoken = kind === "small" ? title : undefined;
  return h("button", { type: "button", class: `nn-${kind}`, title, "aria-label": spoken, onclick, ...rest }, text);
}

// Three significant digits with a true minus sign, as nnlib.formatting writes them.
export function format(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = size >= 999.5 && size < 1e6 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}

// Fill {name} in a text.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Change a text or show an element only if that is new: even an equal text is laid out again.
export function write(element, text) { if (element.textContent !== text) element.textContent = text; }
export function reveal(element, shown) { if (element.hidden === Boolean(shown)) element.hidden = !shown; }

// Replace an element's children; the focus stays at its place among them.
export function refill(element, ...children) {
  const at = [...element.children].indexOf(document.activeElement);
  element.replaceChildren(...children);
  element.children[at]?.focus();
}

// The colours of classes 0, 1, 2, …; each class has a shape too.
const CLASS_COLOURS = ["negative", "positive", "class2", "class3", "class4", "class5", "class6", "class7"];
const COLOURS = ["ink", "faint", "paper", "grid", "accent", "zero", ...CLASS_COLOURS];

const toRgb = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

// The theme's colours from CSS, with `palette` (256 × rgb, from negative to positive) and `classes`.
export function readColours(root) {
  const style = getComputedStyle(root);
  const colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--nn-${name}`).trim()]));
  const [low, zero, high] = ["negative", "zero", "positive"].map((name) => toRgb(colours[name]));
  const strength = Number(style.getPropertyValue("--nn-strength"));
  colours.palette = Array.from({ length: 256 }, (_, k) => {
    const share = (k - 127.5) / 127.5;
    const end = share < 0 ? low : high;
    return zero.map((part, c) => part + Math.abs(share) * strength * (end[c] - part));
  });
  colours.classes = CLASS_COLOURS.map((name) => colours[name]);
  colours.tint = (k, share) => {
    const end = toRgb(colours.classes[k]);
    return zero.map((part, c) => part + share * strength * (end[c] - part));
  };
  return colours;
}

// A canvas whose drawing is sharp on every screen; `size(width, height)` returns its context.
export function makeCanvas(attributes = {}) {
  const element = h("canvas", attributes);
  const size = (width, height) => {
    const ratio = window.devicePixelRatio || 1;
    const [w, t] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== w || element.height !== t) {
      Object.assign(element, { width: w, height: t });
      Object.assign(element.style, { width: `${width}px`, height: `${height}px` });
    }
    const context = element.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  };
  return { element, size };
}

// Draw values (bytes) as pixels on a canvas of that many columns; `colour(k)` gives [r, g, b].
export function paintPixels(canvas, columns, count, colour) {
  const rows = count / columns;
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows), { data } = image;
  for (let k = 0; k < count; k++) {
    const rgb = colour(k);
    for (let c = 0; c < 3; c++) data[4 * k + c] = rgb[c];
    data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
