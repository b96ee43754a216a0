// The pad of the digit reader: draws strokes at once, and sends all of them to Python. With the
// keyboard, arrows move the pen, Space puts it down or lifts it.
import { figures } from "./base.js";
import { makeCanvas, readColours } from "./dom.js";

const PAD = 32, STRIDE = 2; // units across, and moved by an arrow key
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

figures.digit_pad = (view) => {
  const rest = figures.svg(view);
  const canvas = makeCanvas({ class: "nn-pad", tabindex: 0, role: "application", "aria-label": view.texts.pad_name });
  const pen = { strokes: [], thickness: 3, x: PAD / 2, y: 4, down: false, shown: false, pointer: null };
  rest.root.querySelector(".nn-panels").before(canvas.element);
  const side = () => Math.min(rest.root.clientWidth || 260, 260);
  const paint = () => paintPad(canvas.size(side(), side()), pen, side() / PAD, view.colours);
  const send = () => { view.call("strokes", { strokes: pen.strokes }, true); paint(); };
  const place = ({ offsetX, offsetY }) => [offsetX, offsetY].map((at) => Math.round((1000 * at * PAD) / side()) / 1000);
  const add = (events) => { pen.strokes.at(-1).push(...events.map(place)); send(); };

  canvas.element.addEventListener("pointerdown", (event) => {
    if (event.button || pen.pointer !== null) return;
    Object.assign(pen, { pointer: event.pointerId, shown: false, down: false });
    canvas.element.setPointerCapture(event.pointerId);
    pen.strokes.push([]);
    add([event]);
  });
  canvas.element.addEventListener("pointermove", (event) => {
    if (pen.pointer !== event.pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    add(events.length ? events : [event]);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.element.addEventListener(end, () => { pen.pointer = null; });
  for (const name of ["focus", "blur"]) canvas.element.addEventListener(name, () => {
    pen.shown = name === "focus" && canvas.element.matches(":focus-visible");
    pen.down &&= pen.shown;
    paint();
  });
  canvas.element.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      pen.down = !pen.down;
      if (pen.down) pen.strokes.push([[pen.x, pen.y]]);
    } else if (KEYS[event.key]) {
      const [dx, dy] = KEYS[event.key], inside = (at) => Math.max(1, Math.min(PAD - 1, at));
      Object.assign(pen, { x: inside(pen.x + STRIDE * dx), y: inside(pen.y + STRIDE * dy), shown: true });
      if (pen.down) pen.strokes.at(-1).push([pen.x, pen.y]);
    } else return;
    event.preventDefault();
    send();
  });
  const draw = (content, buffers) => {
    rest.draw(content, buffers);
    view.colours = readColours(view.root);
    if (content.strokes && pen.pointer === null) Object.assign(pen, { strokes: content.strokes, down: false });
    pen.thickness = content.thickness;
    paint();
  };
  return { root: rest.root, draw };
};

function paintPad(c, pen, scale, colours) {
  c.scale(scale, scale);
  Object.assign(c, { strokeStyle: colours.grid, lineWidth: 0.15 });
  for (let k = 4; k < PAD; k += 4) for (const [x, y, u, v] of [[k, 0, k, PAD], [0, k, PAD, k]]) {
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(u, v);
    c.stroke();
  }
  Object.assign(c, { strokeStyle: colours.ink, lineWidth: pen.thickness, lineCap: "round", lineJoin: "round" });
  for (const stroke of pen.strokes) {
    c.beginPath();
    stroke.forEach(([x, y]) => c.lineTo(x, y));
    if (stroke.length === 1) c.lineTo(stroke[0][0] + 0.01, stroke[0][1]);
    c.stroke();
  }
  if (!pen.shown) return;
  c.beginPath();
  c.arc(pen.x, pen.y, 1.2, 0, 7);
  Object.assign(c, { strokeStyle: colours.accent, fillStyle: pen.down ? colours.accent : "transparent", lineWidth: 0.5 });
  c.fill();
  c.stroke();
}
