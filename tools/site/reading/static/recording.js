// Plays the recorded training run on the front page: a network and what it predicts in the plane.

const { points, frames } = JSON.parse(document.getElementById("recording-data").textContent);
const canvas = document.getElementById("recording");
const button = document.getElementById("recording-button");
const words = document.getElementById("recording-words");
const [WIDTH, HEIGHT] = [560, 330];
const GRID = 44; // pixels along an edge of a surface
const REACH = 1.35; // and the coordinate at that edge
const FRAMES_PER_SECOND = 20;
const PAUSE_AT_END = 2.5; // seconds
const POSITIVE = [11, 107, 176], NEGATIVE = [207, 100, 0];

const scale = Math.min(3, Math.max(1, devicePixelRatio));
canvas.width = WIDTH * scale;
canvas.height = HEIGHT * scale;
const context = canvas.getContext("2d");
context.scale(scale, scale);

const isDark = () => document.documentElement.dataset.theme === "dark";
const colour = (value, paper) => { // −1 … 1: orange, paper, blue
  const end = value < 0 ? NEGATIVE : POSITIVE;
  const share = Math.min(1, Math.abs(value)) * 0.82;
  return paper.map((part, k) => part + (end[k] - part) * share);
};

// The network's own arithmetic: tanh in the hidden layer, a sigmoid at the output. -----------------

const forward = (layers, x1, x2) => {
  const [[W1, b1], [W2, b2]] = layers;
  const hidden = b1.map((b, k) => Math.tanh(x1 * W1[0][k] + x2 * W1[1][k] + b));
  const z3 = hidden.reduce((sum, a, k) => sum + a * W2[k][0], b2[0]);
  return [x1 / REACH, x2 / REACH, ...hidden, 2 / (1 + Math.exp(-z3)) - 1];
};

const surfaces = (layers, paper) => { // one image for each node: 2 inputs, the hidden ones, the output
  const images = [];
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const [x1, x2] = [column, GRID - 1 - row].map((place) => REACH * (2 * place / (GRID - 1) - 1));
      forward(layers, x1, x2).forEach((value, node) => {
        images[node] ??= new ImageData(GRID, GRID);
        images[node].data.set([...colour(value, paper), 255], 4 * (row * GRID + column));
      });
    }
  }
  return images;
};

// The picture --------------------------------------------------------------------------------------

const small = document.createElement("canvas");
small.width = small.height = GRID;
const square = (image, x, y, side, line) => {
  small.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(small, x, y, side, side);
  context.strokeStyle = line;
  context.lineWidth = 1.2;
  context.strokeRect(x, y, side, side);
};

const SIDE = 52, OUTPUT = { x: 257, y: 27, side: 300 };
const INPUTS = [108, 194].map((y) => ({ x: 3, y }));
const HIDDEN = [27, 110, 192, 275].map((y) => ({ x: 124, y }));

const lines = (W, from, to) => W.forEach((row, i) => row.forEach((w, j) => {
  const [start, end] = [from[i], to[j]];
  context.beginPath();
  context.moveTo(start.x + SIDE, start.y + SIDE / 2);
  const middle = (start.x + SIDE + end.x) / 2;
  context.bezierCurveTo(middle, start.y + SIDE / 2, middle, end.y + SIDE / 2, end.x, end.y + SIDE / 2);
  context.setLineDash(w < 0 ? [6, 4] : []);
  context.strokeStyle = `rgb(${w < 0 ? NEGATIVE : POSITIVE})`;
  context.lineWidth = 0.6 + 2 * Math.min(3, Math.abs(w));
  context.globalAlpha = 0.8;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash([]);
}));

const draw = ({ layers }) => {
  const [paper, line, ink] = isDark()
    ? [[24, 30, 38], "#8694a5", "#cfd8e3"]
    : [[250, 250, 252], "#6b7280", "#222831"];
  context.clearRect(0, 0, WIDTH, HEIGHT);
  lines(layers[0][0], INPUTS, HIDDEN);
  lines(layers[1][0], HIDDEN, [{ x: OUTPUT.x, y: OUTPUT.y + OUTPUT.side / 2 - SIDE / 2 }]);
  const images = surfaces(layers, paper);
  INPUTS.forEach(({ x, y }, k) => square(images[k], x, y, SIDE, line));
  HIDDEN.forEach(({ x, y }, k) => square(images[2 + k], x, y, SIDE, line));
  square(images[6], OUTPUT.x, OUTPUT.y, OUTPUT.side, line);
  for (const [x1, x2, label] of points) {
    const at = (value) => (value / REACH + 1) / 2 * OUTPUT.side;
    context.beginPath();
    context.arc(OUTPUT.x + at(x1), OUTPUT.y + OUTPUT.side - at(x2), 3.1, 0, 7);
    context.fillStyle = `rgb(${label ? POSITIVE : NEGATIVE})`;
    context.fill();
    context.strokeStyle = isDark() ? "#10161d" : "#fff";
    context.lineWidth = 1;
    context.stroke();
  }
  context.fillStyle = ink;
  context.font = "14.5px system-ui, sans-serif";
  context.textAlign = "center";
  for (const [text, x] of [["inputs", 29], ["hidden neurons", 150], ["prediction", OUTPUT.x + OUTPUT.side / 2]]) {
    context.fillText(text, x, 15);
  }
};

// The clock ----------------------------------------------------------------------------------------

let place = 0, playing = false, timer = 0;
const show = () => {
  const { epoch, cost, accuracy } = frames[place];
  draw(frames[place]);
  words.textContent = `Epoch ${epoch} · cost ${cost.toFixed(2)} · ${accuracy} % right`;
};
const tick = () => {
  const last = place === frames.length - 1;
  place = last ? 0 : place + 1;
  show();
  const next = place === frames.length - 1 ? PAUSE_AT_END : 1 / FRAMES_PER_SECOND;
  timer = setTimeout(tick, 1000 * next);
};
const play = (on) => {
  playing = on;
  clearTimeout(timer);
  button.textContent = on ? "Pause" : "Play";
  if (on) tick();
};

button.addEventListener("click", () => play(!playing));
document.addEventListener("visibilitychange", () => { clearTimeout(timer); if (playing && !document.hidden) tick(); });
new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
  place = frames.length - 1; // the trained network, standing still
  show();
  play(false);
} else {
  show();
  play(true);
}
