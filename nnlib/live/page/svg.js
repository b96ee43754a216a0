// Views whose picture is SVG text from Python, one <svg> for each panel: the explorers. What has
// data-drag="name" follows the pointer, or the arrow keys when it has the focus (Shift: further);
// what has data-tap="name" is a button. A handle keeps its distance to the pointer that grabs it.
import { figures } from "./base.js";
import { h } from "./dom.js";

const ARROW = 4, SHIFT_ARROW = 20; // units that an arrow key moves a handle

figures.svg = (view) => {
  const box = h("div", { class: "nn-panels" });
  const hint = h("div", { class: "nn-note" }, view.texts.hint ?? "");
  const bar = h("div", { class: "nn-bar" }, ...view.bar.children, ...view.section(""));
  const root = h("div", { class: "nn-figure" }, bar, hint, box);
  bar.hidden = !bar.children.length;
  hint.hidden = !view.texts.hint;
  listenToHandles(view, box);
  const draw = ({ panels }) => {
    if (panels === undefined) return;
    while (box.children.length > panels.length) box.lastChild.remove();
    panels.forEach((svg, k) => {
      const made = document.createElement("template");
      made.innerHTML = svg;
      if (box.children[k]) updateShape(box.children[k], made.content.firstChild);
      else box.append(made.content.firstChild);
    });
  };
  return { root, draw };
};

// Make an element like another one in place, so that it keeps focus and pointer. An empty group with
// data-fixed stands for the one that is there.
function updateShape(old, made) {
  const { fixed } = made.dataset;
  if (fixed !== undefined && fixed === old.dataset.fixed && !made.firstChild) return;
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const [before, after] = [old, made].map(({ children }) => [...children].map(({ tagName }) => tagName).join());
  const same = before === after;
  if (!same) replaceShapes(old, made);
  else if (old.children.length) for (let k = 0; k < old.children.length; k++) updateShape(old.children[k], made.children[k]);
  else if (old.textContent !== made.textContent) old.textContent = made.textContent;
}

function replaceShapes(old, made) {
  for (const empty of made.querySelectorAll("[data-fixed]:empty")) {
    const there = old.querySelector(`[data-fixed="${empty.dataset.fixed}"]`);
    if (there) empty.replaceWith(there);
  }
  old.replaceChildren(...made.childNodes);
}

function listenToHandles(view, box) {
  let held = null, grips = 0;
  const grip = () => `${view.id} ${grips++}`;
  const place = (event, svg) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const centre = (element) => element.dataset.at?.split(" ").map(Number);
  const drag = (event) => {
    const { x, y } = place(event, held.svg);
    view.call("drag", { name: held.name, x: x - held.dx, y: y - held.dy, grip: held.grip }, true);
  };
  box.addEventListener("pointerdown", (event) => {
    const element = event.target.closest("[data-drag]");
    if (!element || held || event.button) return;
    const svg = element.closest("svg"), { x, y } = place(event, svg), at = centre(element) ?? [x, y];
    held = { name: element.dataset.drag, svg, dx: x - at[0], dy: y - at[1], grip: grip(), pointer: event.pointerId };
    box.setPointerCapture(event.pointerId);
    if (element.tabIndex >= 0) element.focus({ preventScroll: true });
    event.preventDefault();
    drag(event);
  });
  // A finger on a handle doesn't scroll the page. (Browsers disagree on touch-action in SVG.)
  box.addEventListener("touchstart", (event) => {
    if (event.target.closest("[data-drag][tabindex]")) event.preventDefault();
  }, { passive: false });
  box.addEventListener("pointermove", (event) => { if (held?.pointer === event.pointerId) drag(event); });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, (event) => {
    if (held?.pointer === event.pointerId) held = null;
  });
  box.addEventListener("click", (event) => {
    const name = event.target.closest("[data-tap]")?.dataset.tap;
    if (name !== undefined) view.call("tap", { name });
  });
  box.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    const { drag: name, tap } = event.target.dataset ?? {};
    if (tap !== undefined && (event.key === "Enter" || event.key === " ")) view.call("tap", { name: tap });
    else if (name !== undefined && dx !== undefined) {
      const size = event.shiftKey ? SHIFT_ARROW : ARROW, [x, y] = centre(event.target);
      view.call("drag", { name, x: x + size * dx, y: y + size * dy, grip: grip() });
    } else return;
    event.preventDefault();
  });
}
