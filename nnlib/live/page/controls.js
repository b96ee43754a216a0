// Controls of the kinds that widget.py lists, each with a name, a tooltip and full keyboard use.
import { h } from "./dom.js";

const digits = (value) => Number(Number(value).toPrecision(3));

// {element, section, show(value), disable(off)} for a control of Python.
export function makeControl(view, name, spec) {
  const make = { choice: makeChoice, slider: makeSlider, integer: makeInteger, switch: makeSwitch }[spec.kind];
  const send = (value) => view.change(name, value);
  const control = make ? make(spec, send) : { element: h("span"), show() {}, inputs: [] };
  control.section = spec.section ?? "";
  control.spec = spec;
  control.disable = (off) => control.inputs.forEach((input) => { input.disabled = off; });
  control.render = control.show; // a figure may set another
  control.show = (value) => { control.value = value; control.render(value); };
  return control;
}

function labelled(spec, kind, ...inputs) {
  return h("label", { class: `nn-control nn-${kind}`, title: spec.tooltip }, h("span", {}, spec.label), ...inputs);
}

function makeChoice(spec, send) {
  const options = (spec.choices ?? []).map(([, label], k) => h("option", { value: k }, label));
  const select = h("select", { onchange: () => send(spec.choices[select.value][0]) }, ...options);
  const show = (value) => {
    let k = spec.choices.findIndex(([choice]) => choice === value);
    if (k < 0) {
      k = spec.choices.push([value, String(value)]) - 1;
      select.append(h("option", { value: k }, String(value)));
    }
    select.value = k;
  };
  return { element: labelled(spec, "choice", select), show, inputs: [select] };
}

function makeSlider(spec, send) {
  const to = spec.logarithmic ? Math.log10 : (value) => value;
  const from = spec.logarithmic ? (stop) => 10 ** stop : (stop) => stop;
  const field = h("input", { type: "number", step: "any", "aria-label": spec.label });
  const range = h("input", { type: "range", min: to(spec.low), max: to(spec.high), step: spec.step, "aria-label": spec.label });
  let pressed = false;
  const drag = () => { const value = digits(from(Number(range.value))); field.value = value; send(value); };
  const step = (up) => {
    const size = spec.logarithmic ? 10 ** (Math.floor(Math.log10(Math.max(Number(field.value), 1e-9))) - 1) : spec.step;
    field.value = digits(Math.max(spec.low, Number(field.value) + (up ? size : -size)));
    field.dispatchEvent(new Event("change"));
  };
  range.addEventListener("input", drag);
  range.addEventListener("pointerdown", () => { pressed = true; });
  for (const end of ["pointerup", "pointercancel"]) range.addEventListener(end, () => { pressed = false; });
  field.addEventListener("change", () => { if (field.value !== "") send(Number(field.value)); });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    step(event.key === "ArrowUp");
  });
  const show = (value) => {
    if (document.activeElement !== field || Number(field.value) !== value) field.value = digits(value);
    if (!pressed) range.value = value > 0 || !spec.logarithmic ? to(value) : to(spec.low);
    range.setAttribute("aria-valuetext", String(digits(value)));
  };
  const element = h("div", { class: "nn-control nn-slider", title: spec.tooltip, role: "group", "aria-label": spec.label },
    h("span", { "aria-hidden": "true" }, spec.label), field, range);
  return { element, show, inputs: [field, range] };
}

function makeInteger(spec, send) {
  const field = h("input", { type: "number", min: spec.low, max: spec.high, step: spec.step ?? 1 });
  field.addEventListener("change", () => { if (field.value !== "") send(Math.round(Number(field.value))); });
  const show = (value) => { field.value = value; };
  return { element: labelled(spec, "integer", field), show, inputs: [field] };
}

function makeSwitch(spec, send) {
  const box = h("input", { type: "checkbox", onchange: () => send(box.checked) });
  const show = (value) => { box.checked = value; };
  return { element: labelled(spec, "switch", box), show, inputs: [box] };
}
