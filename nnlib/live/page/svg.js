// Views whose picture is SVG text from Python: the explorers. What has data-drag="name" can be dragged
// with the pointer, or with the arrow keys when it has the focus.
import { figures } from "./base.js";
import { h, keepKeys } from "./dom.js";

figures.svg = (view) => {
  const box = h("div", { class: "nn-picture" });
  const root = h("div", { class: "nn-figure" }, h("div", { class: "nn-bar" }, ...view.bar.children, ...view.section("")), box);
  let dragged = null;
  const place = (event) => {
    const svg = box.querySelector("svg");
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return { x, y };
  };
  box.addEventListener("pointerdown", (event) => {
    dragged = event.target.closest("[data-drag]")?.dataset.drag ?? null;
    if (dragged === null) return;
    box.setPointerCapture(event.pointerId);
    view.call("drag", { name: dragged, ...place(event) }, true);
    event.preventDefault();
  });
  box.addEventListener("pointermove", (event) => {
    if (dragged !== null) view.call("drag", { name: dragged, ...place(event) }, true);
  });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => { dragged = null; });
  box.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
    const name = event.target.dataset?.drag;
    if (dx === undefined || name === undefined) return;
    event.preventDefault();
    view.call("nudge", { name, dx, dy });
  });
  const draw = ({ svg }) => {
    if (svg === undefined) return;
    const focused = box.contains(document.activeElement) ? document.activeElement.dataset.drag : undefined;
    box.innerHTML = svg;
    box.querySelectorAll("[tabindex]").forEach(keepKeys);
    if (focused !== undefined) box.querySelector(`[data-drag="${focused}"]`)?.focus();
  };
  return { root, draw };
};
