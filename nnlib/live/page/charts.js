// The playground's curves, drawn on canvases: cost over the epochs, and cost over learning rates.
import { fill, format, makeCanvas } from "./dom.js";

const LEFT = 46, RIGHT = 10, TOP = 8, BOTTOM = 20;

function drawLine(c, points, { colour, width = 2, dash = [] }) {
  c.beginPath();
  let open = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(y)) { open = false; continue; }
    if (open) c.lineTo(x, y); else c.moveTo(x, y);
    open = true;
  }
  Object.assign(c, { strokeStyle: colour, lineWidth: width, lineJoin: "round" });
  c.setLineDash(dash);
  c.stroke();
  c.setLineDash([]);
}

function drawUpright(c, x, height, colour) {
  drawLine(c, [[x, TOP], [x, height - BOTTOM]], { colour, width: 1.3, dash: [2, 2] });
}

function drawAxes(c, view, width, height, highest, marks) {
  const colours = view.colours;
  c.beginPath();
  c.moveTo(LEFT, TOP);
  c.lineTo(LEFT, height - BOTTOM);
  c.lineTo(width - RIGHT, height - BOTTOM);
  Object.assign(c, { strokeStyle: colours.grid, lineWidth: 1, fillStyle: colours.ink, font: `11px ${view.font}`, textAlign: "right" });
  c.stroke();
  c.fillText(format(highest), LEFT - 4, TOP + 9);
  c.fillText("0", LEFT - 4, height - BOTTOM);
  for (const [x, text, align] of marks) {
    c.textAlign = align ?? "center";
    c.fillText(text, x, height - BOTTOM + 14);
  }
}

const finite = (values) => values.filter(Number.isFinite);

// Cost over the epochs. `past`: the index of the moment that is shown, or null.
export function makeCurve(view) {
  const canvas = makeCanvas({ role: "img", "aria-label": view.texts.cost });
  const chart = { element: canvas.element, points: [], kept: [], marks: [] };
  let last = 1, w = 260, height = 108;
  chart.measure = () => {
    w = canvas.element.parentElement?.clientWidth || 260;
    height = w < 800 ? 108 : 160;
  };
  chart.epochAt = (x) => Math.max(0, ((x - LEFT) / (w - LEFT - RIGHT)) * last);
  chart.draw = (tip, past) => {
    const c = canvas.size(w, height), colours = view.colours;
    const points = past === null && tip[0] > (chart.points.at(-1)?.[0] ?? -1) ? [...chart.points, tip] : chart.points;
    last = Math.max(points.at(-1)?.[0] ?? 1, chart.kept.at(-1)?.[0] ?? 1, 1);
    const all = [points, chart.kept].flatMap((line) => line.flatMap(([, cost, test]) => [cost, test]));
    const first = Math.max(...finite((points[0] ?? []).slice(1)), ...finite((chart.kept[0] ?? []).slice(1)), 1e-9);
    const highest = Math.min(Math.max(...finite(all), 1e-9), 4 * first);
    const x = (epoch) => LEFT + ((w - LEFT - RIGHT) * epoch) / last;
    const y = (cost) => height - BOTTOM - (height - TOP - BOTTOM) * Math.min(cost / highest, 1.05);
    drawAxes(c, view, w, height, highest, [[LEFT, "0", "left"], [w - RIGHT, `${view.texts.epoch} ${last.toLocaleString("en")}`, "right"]]);
    for (const [epoch] of chart.marks) drawUpright(c, x(epoch), height, colours.accent);
    drawLine(c, chart.kept.map(([epoch, cost]) => [x(epoch), y(cost)]), { colour: colours.faint, width: 3 });
    drawLine(c, points.map(([epoch, , test]) => [x(epoch), y(test)]), { colour: colours.ink, width: 1.4, dash: [4, 3] });
    drawLine(c, points.map(([epoch, cost]) => [x(epoch), y(cost)]), { colour: colours.ink, width: 2 });
    const [epoch, cost] = past === null ? points.at(-1) ?? [0, 0] : points[past] ?? [0, 0];
    c.beginPath();
    c.arc(x(epoch), y(cost), 4, 0, 7);
    c.fillStyle = past === null ? colours.ink : colours.accent;
    c.fill();
  };
  return chart;
}

const DASHES = [[4, 3], [1, 3], [10, 4]]; // of the neighbours' lines

// Cost over learning rates: the playground's own network and its neighbours with other hidden sizes.
export function makeSweep(view) {
  const canvas = makeCanvas({ role: "img", "aria-label": view.texts.sweep });
  const chart = { element: canvas.element };
  const height = 170;
  let rates = [1, 10];
  const width = () => Math.min(canvas.element.parentElement?.clientWidth || 400, 760);
  let names = 112; // room for the names of the lines
  const share = (rate) => Math.log10(rate / rates[0]) / Math.log10(rates.at(-1) / rates[0]);
  const x = (rate) => LEFT + (width() - LEFT - names) * share(rate);
  canvas.element.addEventListener("click", ({ offsetX }) => {
    const at = (offsetX - LEFT) / (width() - LEFT - names);
    const rate = rates[0] * (rates.at(-1) / rates[0]) ** at;
    if (at >= 0 && at <= 1) view.change("learning_rate", Number(rate.toPrecision(2)));
  });
  chart.draw = (sweep, now) => {
    rates = sweep.rates;
    const w = width(), c = canvas.size(w, height), colours = view.colours;
    const named = sweep.runs.map(([name]) => fill(view.texts.sweep_run, { name }));
    c.font = `11px ${view.font}`;
    names = 40 + Math.max(0, ...named.map((text) => c.measureText(text).width));
    const all = finite(sweep.runs.flatMap(([, costs]) => costs));
    const middle = [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 1;
    const highest = Math.max(Math.min(Math.max(...all, 1e-9), 2 * middle), 1e-9);
    const y = (cost) => height - BOTTOM - (height - TOP - BOTTOM) * Math.min((cost ?? Infinity) / highest, 1.05);
    const ticks = [];
    const factor = x(10 * rates[0]) - x(rates[0]) < 40 ? 100 : 10;
    for (let tick = rates[0]; tick <= 1.01 * rates.at(-1); tick *= factor) ticks.push([x(tick), format(tick)]);
    drawAxes(c, view, w, height, highest, [...ticks, [w, view.texts.sweep_rate, "right"]]);
    const ends = [];
    sweep.runs.forEach(([, costs, best], k) => {
      const style = k ? { colour: colours.faint, width: 1.3, dash: DASHES[k - 1] } : { colour: colours.ink, width: 2.6 };
      const points = costs.map((cost, n) => [x(rates[n]), cost === null ? NaN : y(cost)]);
      drawLine(c, points, style);
      ends.push([y(costs.findLast((cost) => cost !== null)), named[k], style]);
      if (k || costs[best] === null) return;
      c.beginPath();
      c.arc(x(rates[best]), y(costs[best]), 5, 0, 7);
      c.fillStyle = colours.accent;
      c.fill();
    });
    let at = TOP - 4;
    c.textAlign = "left";
    for (const [top, name, style] of ends.sort(([a], [b]) => a - b)) {
      at = Math.max(at + 13, Math.min(top + 4, height - BOTTOM - 13 * (ends.length - 1)));
      drawLine(c, [[w - names + 6, at - 4], [w - names + 30, at - 4]], style);
      c.fillStyle = style.colour;
      c.fillText(name, w - names + 35, at);
    }
    if (now >= rates[0] && now <= rates.at(-1)) drawUpright(c, x(now), height, colours.accent);
    canvas.element.setAttribute("aria-label", fill("{a}: {b}", { a: view.texts.sweep, b: sweep.facts }));
  };
  return chart;
}
