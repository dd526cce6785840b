// Curves over the scale: a panel a unit, all of them zoomed and pointed at together.
import uPlot from "uplot";
import { Pyramid, columnPlaces, columnValues, interpolate } from "./pyramid.js";
import { axisTitle, prefixOf, text } from "./numbers.js";

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// What has several accessors.
const panelNames = { dB: "magnitude", V: "v", A: "i", W: "p" };

export class Waves {
  /** `host` gets the panels; `onCursor(x)` hears where the pointer is, in the scale's unit. */
  constructor(host, onCursor) {
    this.host = host;
    this.onCursor = onCursor;
    this.panels = [];
    this.pyramids = new Map();
    this.marks = { a: null, b: null };
    this.key = `memspice-${Math.random()}`;
    new ResizeObserver(() => this.resize()).observe(host);
    host.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  /** `curves`: {name, unit, scale, values, begin, end, key}; they say what is drawn, `axis` what they are drawn over. */
  show(curves, axis) {
    this.curves = curves;
    this.axis = axis;
    const [low, high] = this.whole();
    const kept = this.range && this.rangeOf === axis.key && this.range[0] < high && this.range[1] > low;
    if (!kept) this.range = [low, high];
    this.rangeOf = axis.key;
    this.build();
  }

  whole() {
    let low = Infinity, high = -Infinity;
    for (const { scale, begin, end } of this.curves) {
      if (end <= begin) continue;
      low = Math.min(low, scale[begin]);
      high = Math.max(high, scale[end - 1]);
    }
    return low < high ? [low, high] : Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  }

  pyramid(curve) {
    if (!this.pyramids.has(curve.key)) this.pyramids.set(curve.key, new Pyramid(curve.values));
    return this.pyramids.get(curve.key);
  }

  build() {
    for (const { plot } of this.panels) plot.destroy();
    this.panels = [];
    this.host.replaceChildren();
    if (this.curves.length === 0) {
      const empty = document.createElement("p");
      empty.className = "empty";
      empty.textContent = "Choose vectors in the list.";
      this.host.append(empty);
      return;
    }
    const units = [...new Set(this.curves.map((curve) => curve.panel))];
    for (const unit of units) {
      const curves = this.curves.filter((curve) => curve.panel === unit);
      this.panels.push(this.makePanel(curves, units.length, unit === units.at(-1)));
    }
    this.refill();
  }

  size(count) {
    const width = Math.max(200, this.host.clientWidth - 20);
    const height = Math.max(150, Math.floor((this.host.clientHeight - 16) / count) - 4);
    return { width, height };
  }

  makePanel(curves, count, last) {
    const names = [...new Set(curves.map((curve) => curve.accessor))];
    const unit = curves[0].unit;
    let largest = 0;
    for (const curve of curves) {
      const [low, high] = this.pyramid(curve).range(curve.begin, curve.end);
      for (const value of [low, high]) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    }
    const axisLook = { stroke: css("--text"), grid: { stroke: css("--grid"), width: 1 }, ticks: { stroke: css("--line"), width: 1 }, font: "11px system-ui", labelFont: "12px system-ui", labelSize: 20 };
    const scaleLargest = Math.max(...this.whole().map(Math.abs));
    const [xFactor] = this.axis.log ? [1] : prefixOf(scaleLargest, this.axis.unit);
    const [yFactor] = prefixOf(largest, unit);
    const shown = (factor) => (_, splits) => splits.map((value) => (value === null ? "" : String(Number((value / factor).toPrecision(8))).replace("-", "−")));
    const logShown = (_, splits) => splits.map((value) => (value !== null && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9 ? text(value, this.axis.unit, 3) : ""));
    const options = {
      ...this.size(count),
      pxAlign: 0,
      legend: { show: false },
      cursor: { sync: { key: this.key, setSeries: false }, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
      select: { show: true },
      scales: { x: { time: false, distr: this.axis.log ? 3 : 1, range: () => this.range }, y: { range: (_, low, high) => padded(low, high) } },
      series: [{}, ...curves.map((curve) => ({ label: curve.name, stroke: curve.colour, width: 1.25, points: { show: false }, spanGaps: false }))],
      axes: [
        { ...axisLook, label: last ? axisTitle(this.axis.name, this.axis.log ? "" : this.axis.unit, scaleLargest) : undefined, values: this.axis.log ? logShown : shown(xFactor), size: last ? 34 : 26 },
        { ...axisLook, label: axisTitle(names.length === 1 ? names[0] : panelNames[unit] ?? curves[0].panel, unit, largest), values: shown(yFactor), size: 56 },
      ],
      hooks: {
        setSelect: [(plot) => this.selected(plot)],
        setCursor: [(plot) => this.pointed(plot)],
        draw: [(plot) => this.drawMarks(plot)],
      },
    };
    const plot = new uPlot(options, [[], ...curves.map(() => [])], this.host);
    plot.over.addEventListener("dblclick", () => this.zoomTo(this.whole()));
    plot.over.addEventListener("click", (event) => {
      if (plot.cursor.left >= 0) this.mark(event.shiftKey ? "b" : "a", plot.posToVal(plot.cursor.left, "x"));
    });
    return { plot, curves };
  }

  refill() {
    const [low, high] = this.range;
    for (const { plot, curves } of this.panels) {
      const columns = Math.max(50, Math.round(plot.bbox.width / devicePixelRatio));
      const places = columnPlaces(low, high, columns, this.axis.log);
      const series = curves.map((curve) => columnValues(curve.scale, this.pyramid(curve), places, curve.begin, curve.end));
      plot.setData([Array.from(places), ...series], true);
    }
  }

  selected(plot) {
    if (plot.select.width < 4) return;
    const from = plot.posToVal(plot.select.left, "x"), to = plot.posToVal(plot.select.left + plot.select.width, "x");
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    this.zoomTo([from, to]);
  }

  zoomTo([low, high]) {
    const [first, last] = this.whole();
    const least = this.axis.log ? 0 : (last - first) * 1e-12;
    low = Math.max(low, first);
    high = Math.min(high, last);
    if (!(high - low > least)) return;
    this.range = [low, high];
    this.refill();
    this.onRange?.(this.range);
  }

  /** Around a part of the range, 0 to 1; below 1 the factor shows less. */
  zoom(factor, around = 0.5) {
    const [low, high] = this.range;
    const forth = this.axis.log ? Math.log : (x) => x, back = this.axis.log ? Math.exp : (x) => x;
    const centre = forth(low) + (forth(high) - forth(low)) * around;
    this.zoomTo([back(centre + (forth(low) - centre) * factor), back(centre + (forth(high) - centre) * factor)]);
  }

  /** By a part of the range. */
  pan(part) {
    const [low, high] = this.range, [first, last] = this.whole();
    const forth = this.axis.log ? Math.log : (x) => x, back = this.axis.log ? Math.exp : (x) => x;
    const width = forth(high) - forth(low);
    const from = Math.min(Math.max(forth(low) + part * width, forth(first)), forth(last) - width);
    this.zoomTo([back(from), back(from + width)]);
  }

  reset() {
    this.zoomTo(this.whole());
  }

  wheel(event) {
    const panel = this.panels.find(({ plot }) => plot.over.contains(event.target));
    if (!panel || !(event.ctrlKey || event.altKey || this.panels.length === 1 || this.host.scrollHeight <= this.host.clientHeight + 2)) return;
    event.preventDefault();
    const box = panel.plot.over.getBoundingClientRect();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan((event.deltaX || event.deltaY) / 1000);
    else this.zoom(1.0015 ** event.deltaY, (event.clientX - box.left) / box.width);
  }

  pointed(plot) {
    if (plot.cursor.left === undefined || plot.cursor.left < 0) return;
    this.x = plot.posToVal(plot.cursor.left, "x");
    this.onCursor(this.x);
  }

  mark(which, x = this.x) {
    if (x === undefined) return;
    this.marks[which] = x;
    for (const { plot } of this.panels) plot.redraw(false);
    this.onCursor(this.x ?? x);
  }

  clearMarks() {
    this.marks = { a: null, b: null };
    for (const { plot } of this.panels) plot.redraw(false);
    this.onCursor(this.x);
  }

  drawMarks(plot) {
    const context = plot.ctx;
    for (const [name, x] of Object.entries(this.marks)) {
      if (x === null) continue;
      const at = plot.valToPos(x, "x", true);
      if (at < plot.bbox.left || at > plot.bbox.left + plot.bbox.width) continue;
      context.save();
      context.strokeStyle = context.fillStyle = css("--accent");
      context.lineWidth = devicePixelRatio;
      context.beginPath();
      context.moveTo(at, plot.bbox.top);
      context.lineTo(at, plot.bbox.top + plot.bbox.height);
      context.stroke();
      context.font = `${12 * devicePixelRatio}px system-ui`;
      context.fillText(name.toUpperCase(), at + 3 * devicePixelRatio, plot.bbox.top + 12 * devicePixelRatio);
      context.restore();
    }
  }

  valueAt(curve, x) {
    return interpolate(curve.scale, curve.values, x, curve.begin, curve.end);
  }

  resize() {
    if (this.host.clientWidth === 0 || this.panels.length === 0) return;
    for (const { plot } of this.panels) plot.setSize(this.size(this.panels.length));
    this.refill();
  }
}

function padded(low, high) {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const width = high - low, size = Math.max(Math.abs(low), Math.abs(high));
  if (width <= 1e-9 * size || width === 0) return size > 0 ? [low - 0.1 * size, high + 0.1 * size] : [-1, 1];
  return [low - 0.06 * width, high + 0.06 * width];
}
