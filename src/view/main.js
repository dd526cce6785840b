import { readData } from "./data.js";
import { Graph } from "./network.js";
import { curveColour, matcher, rampColour, text } from "./numbers.js";
import { lowerBound } from "./pyramid.js";
import { spectrum } from "./spectrum.js";
import { Waves } from "./waves.js";
import { Loops } from "./xy.js";

const at = (id) => document.getElementById(id);
const info = readData();
const state = { plot: info.plots[0], chosen: new Set(), point: null, tab: null, playing: false };

const waves = new Waves(at("waves"), (x) => showReadout(x));
const spectra = new Waves(at("spectrum"), (x) => showReadout(x, spectra));
const loops = new Loops(at("xy-canvas"));
const graph = info.network ? new Graph(at("network-canvas"), info.network, showTip, pick) : null;

// Tabs

const tabs = [
  ["waves", "Waveforms"],
  ["xy", "XY"],
  ["spectrum", "Spectrum"],
  ...(graph ? [["network", "Network"]] : []),
];
for (const [id, label] of tabs) {
  const button = document.createElement("button");
  button.type = "button";
  button.role = "tab";
  button.id = `tab-${id}`;
  button.textContent = label;
  button.setAttribute("aria-controls", id);
  button.addEventListener("click", () => openTab(id));
  at("tabs").append(button);
}
at("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = tabs[(tabs.findIndex(([id]) => id === state.tab) + step + tabs.length) % tabs.length][0];
  openTab(next);
  at(`tab-${next}`).focus();
  event.stopPropagation();
});

function openTab(id) {
  state.tab = id;
  for (const [each] of tabs) {
    at(each).hidden = each !== id;
    const button = at(`tab-${each}`);
    button.setAttribute("aria-selected", String(each === id));
    button.tabIndex = each === id ? 0 : -1;
  }
  at("readout").replaceChildren();
  if (id !== "network") stop();
  update();
}

// Vectors

const accessorOf = (name) => /^([^()]+)\([^()]*\)$/.exec(name)?.[1] ?? name;
const listed = () => {
  const fits = matcher(at("filter").value);
  return state.plot.vectors.map((vector, i) => [vector.name, i]).filter(([name, i]) => isCurve(i) && fits(name));
};
const isCurve = (i) => i !== state.plot.scaleIndex && !state.plot.pointValues.includes(i);

function choosePlot(number) {
  state.plot = info.plots[number];
  state.point = null;
  state.chosen = new Set();
  const { plot } = state;
  for (let i = 0; i < plot.vectors.length && state.chosen.size < (plot.vectors.length <= 16 ? 12 : 6); ++i) if (isCurve(i)) state.chosen.add(i);
  at("points-box").hidden = plot.points.length < 2;
  at("all-points").checked = true;
  at("point").max = String(plot.points.length - 1);
  at("point").value = "0";
  const select = at("xy-x");
  select.replaceChildren();
  plot.vectors.slice(0, 2000).forEach((vector, i) => {
    if (!vector.complex) select.append(new Option(vector.name, String(i)));
  });
  const inputs = plot.vectors.findIndex(({ name }, i) => isCurve(i) && name.startsWith("v("));
  if (inputs >= 0) select.value = String(inputs);
  if (graph) {
    state.quantities = graph.quantities(plot);
    at("colour").replaceChildren(...state.quantities.map(({ name, unit }, i) => new Option(unit ? `${name} / ${unit}` : name, String(i))));
    const states = state.quantities.findIndex(({ name, unit }) => unit === "" && !name.startsWith("wo"));
    at("colour").value = String(Math.max(0, states));
    at("time").max = String(plot.rows - 1);
    at("time").value = "0";
  }
  listVectors();
  update();
}

function listVectors() {
  const most = 500, found = listed(), box = at("vectors");
  box.replaceChildren(
    ...found.slice(0, most).map(([name, i]) => {
      const label = document.createElement("label"), check = document.createElement("input"), swatch = document.createElement("span");
      check.type = "checkbox";
      check.checked = state.chosen.has(i);
      check.addEventListener("change", () => {
        if (check.checked) state.chosen.add(i);
        else state.chosen.delete(i);
        update();
      });
      swatch.className = "swatch";
      swatch.dataset.vector = String(i);
      label.title = name;
      label.append(check, swatch, name);
      return label;
    }),
  );
  if (found.length > most) {
    const more = document.createElement("p");
    more.textContent = `… and ${found.length - most} more: filter`;
    box.append(more);
  }
}

// Curves

const isDark = () => document.documentElement.dataset.theme === "dark";

function curvesOf({ plot, chosen }) {
  const points = plot.points.map((point, k) => ({ ...point, k })).filter(({ k }) => state.point === null || k === state.point);
  const curves = [];
  for (const i of [...chosen].sort((a, b) => a - b)) {
    const { name } = plot.vectors[i], unit = plot.unit(i);
    for (const { begin, end, label, k } of points)
      curves.push({
        vector: i, name: label ? `${name} ${label}` : name, accessor: accessorOf(name), unit, panel: unit || accessorOf(name),
        scale: plot.scale, values: plot.values(i), begin, end, k, key: `${info.plots.indexOf(plot)} ${i}`,
      });
  }
  for (const panel of new Set(curves.map((curve) => curve.panel))) {
    const family = curves.filter((curve) => curve.panel === panel);
    family.forEach((curve, i) => (curve.colour = curveColour(i, family.length, isDark())));
  }
  return curves;
}

function update() {
  const { plot } = state;
  at("chosen").textContent = `(${state.chosen.size} of ${plot.vectors.length})`;
  const curves = curvesOf(state);
  for (const swatch of at("vectors").querySelectorAll(".swatch")) {
    const curve = curves.find(({ vector }) => vector === Number(swatch.dataset.vector));
    swatch.style.background = curve ? curve.colour : "transparent";
  }
  at("point-label").textContent = state.point === null ? `${plot.points.length} points` : plot.points[state.point].label;
  const axis = { name: plot.scaleName, unit: plot.scaleUnit, log: plot.logScale, key: plot.name };
  if (state.tab === "waves") {
    waves.show(curves, axis);
    legend(curves);
  }
  if (state.tab === "xy") showLoops(curves);
  if (state.tab === "spectrum") showSpectra(curves);
  if (state.tab === "network") showNetwork();
}

function showLoops(curves) {
  const { plot } = state, across = Number(at("xy-x").value);
  const drawn = curves.filter(({ vector }) => vector !== across);
  const units = [...new Set(drawn.map(({ panel }) => panel))];
  // One panel has one unit: that of the first vector beside the one across, a current if there is one.
  const unit = units.find((each) => each === "A") ?? units[0];
  const shown = drawn.filter(({ panel }) => panel === unit);
  const names = [...new Set(shown.map(({ vector }) => plot.vectors[vector].name))];
  loops.show(
    shown.map((curve) => ({ ...curve, x: plot.columns[across], y: curve.values })),
    { name: plot.vectors[across]?.name ?? "", unit: plot.vectors[across]?.unit ?? "" },
    { name: names.length === 1 ? names[0] : (shown[0]?.accessor ?? ""), unit: shown[0]?.unit ?? "" },
  );
  legend(shown);
}

function showSpectra(curves) {
  if (state.plot.scaleUnit !== "s") return message(at("spectrum"), "Spectra are those of curves over time.");
  const [from, to] = waves.range && waves.rangeOf === state.plot.name ? waves.range : [-Infinity, Infinity];
  const found = [];
  for (const curve of curves) {
    const result = spectrum(curve.scale, curve.values, curve.begin, curve.end, from, to);
    if (result) found.push({ ...curve, unit: "dB", panel: "dB", accessor: "amplitude", scale: result.frequencies, values: result.decibels, begin: 0, end: result.frequencies.length, key: `${curve.key} ${curve.k} ${from} ${to}` });
  }
  spectra.show(found, { name: "frequency", unit: "Hz", log: true, key: `spectrum ${from} ${to}` });
}

function message(host, words) {
  const note = document.createElement("p");
  note.className = "empty";
  note.textContent = words;
  host.replaceChildren(note);
}

// Readings

function showReadout(x, of = waves) {
  if (x === undefined || !of.curves) return;
  const { a, b } = of.marks, unit = of.axis.unit, both = a !== null && b !== null;
  const places = [["here", both ? null : x], ["A", a], ["B", b]].filter(([, place]) => place !== null);
  const table = document.createElement("table");
  const row = (cells, tag = "td") => {
    const line = table.insertRow();
    for (const cell of cells) {
      const element = document.createElement(tag);
      element.textContent = cell;
      line.append(element);
    }
    return line;
  };
  row(["", ...places.map(([name]) => name), ...(both ? ["B − A"] : [])], "th");
  row([of.axis.name, ...places.map(([, place]) => text(place, unit, 5)), ...(both ? [text(b - a, unit, 5)] : [])]);
  for (const curve of of.curves.slice(0, 24)) {
    const values = places.map(([, place]) => of.valueAt(curve, place));
    const line = row([curve.name, ...values.map((value) => text(value, curve.unit)), ...(both ? [text(values.at(-1) - values.at(-2), curve.unit)] : [])]);
    line.cells[0].style.color = curve.colour;
    line.cells[0].title = curve.name;
  }
  const note = document.createElement("p");
  note.textContent = both && unit === "s" && a !== b ? `1/(B − A) = ${text(1 / Math.abs(b - a), "Hz")}` : a === null ? "Click sets A, shift and click B." : "";
  at("readout").replaceChildren(table, note);
}

function legend(curves) {
  const list = document.createElement("div");
  list.className = "legend";
  for (const curve of curves.slice(0, 24)) {
    const line = document.createElement("div");
    line.textContent = curve.name;
    line.style.color = curve.colour;
    list.append(line);
  }
  at("readout").replaceChildren(list);
}

function showTip(words, x, y) {
  const tip = at("tip");
  tip.hidden = words === null;
  if (words === null) return;
  tip.textContent = words;
  tip.style.left = `${Math.min(x + 14, innerWidth - tip.offsetWidth - 6)}px`;
  tip.style.top = `${Math.min(y + 14, innerHeight - tip.offsetHeight - 6)}px`;
}

function pick(branch) {
  for (const [i, { name }] of state.plot.vectors.entries()) {
    const inside = /\(([^()]+)\)$/.exec(name)?.[1];
    if (inside === branch.name || (branch.source && inside === branch.source)) state.chosen.add(i);
  }
  listVectors();
  update();
}

// Network

function showNetwork() {
  const quantity = state.quantities[Number(at("colour").value)];
  if (graph.fitted === undefined) graph.fit();
  graph.colourBy(quantity, at("colour-log").checked);
  const [low, high] = graph.range();
  at("scale").hidden = !quantity;
  at("scale-low").textContent = text(low, quantity?.unit, 3);
  at("scale-high").textContent = text(high, quantity?.unit, 3);
  setRow(Number(at("time").value));
}

function setRow(row) {
  const { plot } = state;
  row = Math.min(Math.max(0, row), plot.rows - 1);
  at("time").value = String(row);
  const point = plot.points.length > 1 ? plot.points.find(({ begin, end }) => row >= begin && row < end)?.label : "";
  at("time-label").textContent = `${plot.scaleName} = ${text(plot.scale[row], plot.scaleUnit, 5)}${point ? `, ${point}` : ""}`;
  graph.setRow(row);
}

function stop() {
  state.playing = false;
  at("play").textContent = "▶";
  at("play").setAttribute("aria-label", "Play");
}

function play() {
  if (state.playing) return stop();
  state.playing = true;
  at("play").textContent = "⏸";
  at("play").setAttribute("aria-label", "Pause");
  // Rows crowd where much happens: played is time, ten seconds for all of it.
  const { plot } = state, points = plot.points, seconds = 10;
  let row = Number(at("time").value);
  if (row >= plot.rows - 1) row = 0;
  const point = points.find(({ begin, end }) => row >= begin && row < end) ?? points[0];
  const first = plot.scale[point.begin], last = plot.scale[point.end - 1];
  let time = plot.scale[row], before = performance.now();
  const frame = (now) => {
    if (!state.playing) return;
    time += ((last - first) * Math.min(now - before, 100)) / 1000 / seconds;
    before = now;
    const next = Math.min(point.end - 1, lowerBound(plot.scale, time, point.begin, point.end));
    setRow(next);
    if (next >= point.end - 1) return stop();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

// Keys

const keys = [
  ["1 2 3 4", "waveforms, XY, spectrum, network"],
  ["+ −", "zoom in, zoom out"],
  ["← →", "pan; in the network a row back or forth"],
  ["0", "the whole range"],
  ["drag, wheel", "zoom; double click: the whole range"],
  ["a b", "set cursor A or B where the pointer is (click, shift and click)"],
  ["Esc", "clear the cursors"],
  ["space", "play or pause the network"],
  ["/", "filter the vectors"],
  ["t", "light or dark"],
  ["?", "this list"],
];
for (const [key, words] of keys) {
  const term = document.createElement("dt"), description = document.createElement("dd");
  term.textContent = key;
  description.textContent = words;
  at("keys").append(term, description);
}

function actions() {
  const current = state.tab === "spectrum" ? spectra : waves;
  if (state.tab === "network")
    return {
      "+": () => graph.zoom(1.3), "-": () => graph.zoom(1 / 1.3), 0: () => graph.fit(), " ": play,
      ArrowLeft: () => setRow(Number(at("time").value) - 1), ArrowRight: () => setRow(Number(at("time").value) + 1),
    };
  if (state.tab === "xy")
    return {
      "+": () => loops.zoom(1 / 1.3), "-": () => loops.zoom(1.3), 0: () => loops.reset(),
      ArrowLeft: () => loops.pan(-0.1, 0), ArrowRight: () => loops.pan(0.1, 0), ArrowUp: () => loops.pan(0, 0.1), ArrowDown: () => loops.pan(0, -0.1),
    };
  if (!current.curves?.length) return {};
  return {
    "+": () => current.zoom(1 / 1.3), "-": () => current.zoom(1.3), 0: () => current.reset(),
    ArrowLeft: () => current.pan(-0.1), ArrowRight: () => current.pan(0.1),
    a: () => current.mark("a"), b: () => current.mark("b"), Escape: () => current.clearMarks(),
  };
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || at("help").open) return;
  const field = event.target.closest?.("input, select, button");
  if (field && (field.type === "search" || field.type === "range" || field.tagName === "SELECT" || event.key === " ")) return;
  const key = event.key === "=" ? "+" : event.key === "_" || event.key === "−" ? "-" : event.key;
  const everywhere = {
    "?": () => at("help").showModal(),
    t: () => changeTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
    "/": () => at("filter").focus(),
  };
  const tab = /^[1-4]$/.test(key) ? tabs[Number(key) - 1] : null;
  const action = tab ? () => openTab(tab[0]) : (actions()[key] ?? everywhere[key]);
  if (!action) return;
  event.preventDefault();
  action();
});

// Light and dark

function changeTheme(theme) {
  document.documentElement.dataset.theme = theme;
  if (state.tab) update();
  drawScale();
}
const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => changeTheme(dark.matches ? "dark" : "light"));

function drawScale() {
  const context = at("scale-canvas").getContext("2d"), { width, height } = context.canvas;
  for (let x = 0; x < width; ++x) {
    context.fillStyle = rampColour(x / (width - 1));
    context.fillRect(x, 0, 1, height);
  }
}

// Beginning

at("title").textContent = info.title || info.source;
at("source").textContent = info.title ? info.source : "";
document.title = `${info.title || info.source} – memspice`;
at("plot-choice").hidden = info.plots.length < 2;
info.plots.forEach((plot, i) => at("plot").append(new Option(plot.name, String(i))));
at("plot").addEventListener("change", () => choosePlot(Number(at("plot").value)));
at("filter").addEventListener("input", listVectors);
at("show-none").addEventListener("click", () => { state.chosen.clear(); listVectors(); update(); });
at("show-matching").addEventListener("click", () => { for (const [, i] of listed().slice(0, 400)) state.chosen.add(i); listVectors(); update(); });
at("all-points").addEventListener("change", () => { state.point = at("all-points").checked ? null : Number(at("point").value); update(); });
at("point").addEventListener("input", () => { at("all-points").checked = false; state.point = Number(at("point").value); update(); });
at("xy-x").addEventListener("change", update);
at("xy-reset").addEventListener("click", () => loops.reset());
at("theme").addEventListener("click", () => changeTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
at("help-button").addEventListener("click", () => at("help").showModal());
at("colour").addEventListener("change", update);
at("colour-log").addEventListener("change", update);
at("fit").addEventListener("click", () => graph.fit());
at("play").addEventListener("click", play);
at("time").addEventListener("input", () => { stop(); setRow(Number(at("time").value)); });

if (matchMedia("(max-width: 700px)").matches) at("vectors-box").open = false;
changeTheme(dark.matches ? "dark" : "light");
choosePlot(Math.max(0, info.plots.findIndex((plot) => plot.rows > 1)));
openTab(info.network && state.quantities?.length && info.network.names.length > 12 ? "network" : "waves");
// For tests: what is there, once it is.
globalThis.memspice = { info, state, waves, spectra, loops, graph, openTab };
