// The page's side of a live view: asks Python for pictures, and shows them with controls and words.
// The protocol is the table in nnlib/live/widget.py.
import { makeControl } from "./controls.js";
import { h, keepKeys, reveal, write } from "./dom.js";

const SLOW_LINE = 30; // milliseconds to an answer; above it play has two requests under way, else one
const MAX_REQUESTS = 3; // under way at once, with one for a change
const FRAME = 1000 / 60; // milliseconds between two pictures
const PATIENCE = 2000; // milliseconds without an answer until the page says so
const LOST = 15000; // milliseconds after which a request counts as lost
const HOLD = 400; // milliseconds until a held button repeats
const REDUCED = matchMedia("(prefers-reduced-motion: reduce)").matches;

export const figures = {}; // {kind: view => figure with draw(content, buffers)}; each module adds one

export class View {
  constructor(model, el) {
    Object.assign(this, { model, texts: model.get("texts"), id: Math.random().toString(36).slice(2) });
    this.set = {}; // controls to send
    this.do = []; // calls to send
    this.waiting = new Map(); // number of a request → when it was sent
    this.number = this.askedAt = this.playedAt = this.nextAt = this.lag = 0;
    this.ready = this.playing = false;
    this.visible = true;
    this.root = h("div", { class: `nn-live nn-${model.get("kind")}` });
    keepKeys(this.root);
    this.build();
    el.append(this.root);
    this.listen();
    this.ask();
  }

  build() {
    this.controls = new Map(this.model.get("controls").map(([name, spec]) =>
      [name, makeControl(this, name, spec)]));
    this.alert = h("div", { class: "nn-alert", role: "alert", hidden: true });
    this.notice = h("div", { class: "nn-notice", role: "status", hidden: true });
    this.still = h("img", { class: "nn-still", alt: this.model.get("words"), hidden: true });
    this.words = h("div", { class: "nn-words" });
    this.spoken = h("div", { class: "nn-spoken", role: "status" });
    this.bar = h("div", { class: "nn-bar" }, ...this.model.get("buttons").map((name) => this.button(name)));
    this.figure = figures[this.model.get("kind")](this);
    this.root.append(this.notice, this.still, this.alert, this.figure.root, this.words, this.spoken);
  }

  // A button that calls on_NAME; a held Step repeats.
  button(name) {
    const text = this.texts[name] ?? name;
    const button = h("button", { type: "button", class: `nn-button nn-${name}`, title: this.texts[`${name}_hint`] ?? text }, text);
    let timer = 0, held = false;
    const release = () => { clearInterval(timer); clearTimeout(timer); };
    if (name === "step") {
      button.addEventListener("pointerdown", () => {
        held = false;
        timer = setTimeout(() => { held = true; timer = setInterval(() => this.idle && this.call(name), 50); }, HOLD);
      });
      for (const end of ["pointerup", "pointercancel", "pointerleave", "blur"]) button.addEventListener(end, release);
    }
    button.addEventListener("click", () => { release(); if (!held) this.call(name); held = false; });
    if (name === "play") this.playButton = button;
    return button;
  }

  // The controls of a section, as elements.
  section(name) {
    return [...this.controls.values()].filter((control) => control.section === name).map((control) => control.element);
  }

  listen() {
    this.receive = (content, buffers) => {
      if (!content.changed) return this.show(content, buffers ?? []);
      this.more = true;
      this.schedule();
    };
    this.model.on("msg:custom", this.receive);
    this.model.on("comm_live_update", this.lose = () => this.say(this.texts.dead));
    this.wake = () => {
      this.playedAt = 0; // no time has passed while nobody looked
      this.schedule();
    };
    this.seen = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      this.wake();
    });
    document.addEventListener("visibilitychange", this.wake);
    this.seen.observe(this.root);
    this.watch = setInterval(() => this.check(), 500);
    this.root.addEventListener("keydown", (event) => {
      this.typing = true;
      event.stopPropagation();
    });
    this.pressed = () => { this.typing = false; };
    document.addEventListener("pointerdown", this.pressed, true);
    this.trail = []; // what had the focus, the last first
    this.root.addEventListener("focusin", ({ target }) => { this.trail = [target, ...this.trail].slice(0, 30); });
  }

  // Where the focused element has gone, the keyboard goes on from what had the focus before it.
  keepFocus() {
    const usable = (element) => element.isConnected && !element.disabled && element.getClientRects().length;
    const lost = document.activeElement === document.body || document.activeElement.disabled;
    if (this.typing && lost && document.hasFocus()) this.trail.find(usable)?.focus();
  }

  close() {
    this.model.off("msg:custom", this.receive);
    this.model.off("comm_live_update", this.lose);
    this.seen.disconnect();
    clearInterval(this.watch);
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.wake);
    document.removeEventListener("pointerdown", this.pressed, true);
    this.figure.close?.();
    this.closed = true;
  }

  // Ask for a change of a control (the newest counts), or for a call of on_NAME.
  change(name, value) { this.set[name] = value; this.schedule(); }
  call(name, values = {}, replace = false) {
    if (replace) this.do = this.do.filter(([other]) => other !== name);
    this.do.push([name, values]);
    this.schedule();
  }

  get pending() { return this.do.length > 0 || Object.keys(this.set).length > 0 || this.more; }
  get idle() { return !this.pending && this.waiting.size < MAX_REQUESTS; }

  // Ask as soon as that is due: at once for a change, else a frame after the last request. A timer
  // and not requestAnimationFrame, which would have the browser make frames that show nothing new.
  schedule() {
    clearTimeout(this.timer);
    const looking = this.visible && !document.hidden && this.root.isConnected && !this.closed;
    const room = this.pending ? MAX_REQUESTS : this.lag > SLOW_LINE ? MAX_REQUESTS - 1 : 1;
    if (!looking || this.waiting.size >= room || !(this.pending || this.playing)) return;
    const due = this.pending ? 0 : Math.max(this.nextAt, this.askedAt + FRAME) - performance.now();
    this.timer = setTimeout(() => this.ask(), Math.max(0, due));
  }

  ask(now = performance.now()) {
    const seconds = this.playing && this.playedAt ? (now - this.playedAt) / 1000 : 0;
    this.model.send({ view: this.id, number: ++this.number, seconds, full: !this.ready, reduced: REDUCED, set: this.set, do: this.do });
    this.waiting.set(this.number, performance.now());
    this.set = {};
    this.do = [];
    this.more = false;
    this.askedAt = Math.max(now - FRAME, Math.min(now, this.askedAt + FRAME)); // on the beat
    this.playedAt = this.playing ? now : 0;
    this.schedule();
  }

  show(content, buffers) {
    if (content.view === this.id) {
      const now = performance.now();
      this.lag += (now - (this.waiting.get(content.number) ?? now) - this.lag) / 8;
      this.waiting.delete(content.number);
      this.nextAt = performance.now() + (content.wait ?? 0);
      this.say("");
    }
    if (content.full) this.ready = true;
    if (!this.ready) return;
    this.figure.root.classList.add("nn-ready");
    reveal(this.still, false);
    reveal(this.figure.root, true);
    if (content.playing !== this.playing) this.showPlaying(content.playing);
    if (!content.error) this.figure.draw(content, buffers);
    this.more = content.more ?? false; // something is still being computed
    if (content.values) {
      for (const [name, value] of Object.entries(content.values)) this.controls.get(name)?.show(value);
      for (const [name, control] of this.controls) control.disable(content.disabled.includes(name));
    }
    write(this.alert, content.alert);
    reveal(this.alert, content.alert);
    if (content.words !== undefined) this.read(content.words);
    this.keepFocus();
    this.schedule();
  }

  showPlaying(playing) {
    this.playing = playing;
    this.playedAt = 0;
    this.root.classList.toggle("nn-is-playing", playing);
    if (!this.playButton) return;
    this.playButton.textContent = playing ? this.texts.pause : this.texts.play;
    this.playButton.setAttribute("aria-pressed", playing);
  }

  // The words under the picture; a screen reader hears them when it rests, and now and then.
  read(words) {
    write(this.words, words);
    const now = performance.now();
    if (words !== this.spoken.textContent && (!this.playing || now > (this.spokenAt ?? 0) + 8000)) {
      this.spokenAt = now;
      this.spoken.textContent = words;
    }
  }

  say(text) {
    write(this.notice, text);
    reveal(this.notice, text);
  }

  // Say so if there has been no answer for a while.
  check() {
    const now = performance.now();
    const since = Math.min(...this.waiting.values());
    if (now > since + LOST) this.waiting.clear();
    if (!(now > since + PATIENCE)) return;
    this.say(this.ready ? this.texts.busy : this.texts.dead);
    if (this.ready || !this.model.get("still")) return;
    this.still.src = `data:image/png;base64,${this.model.get("still")}`;
    reveal(this.still, true);
    reveal(this.figure.root, false);
  }
}

export function render({ model, el }) {
  el.classList.add("nn-host");
  const view = new View(model, el);
  return () => view.close();
}
