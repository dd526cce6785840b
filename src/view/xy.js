// One vector over another: loops.
import { axisTitle, prefixOf, text, ticks } from "./numbers.js";

export class Loops {
  constructor(canvas) {
    this.canvas = canvas;
    this.curves = [];
    new ResizeObserver(() => this.draw()).observe(canvas);
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", () => (this.grip = null));
    canvas.addEventListener("dblclick", () => this.reset());
  }

  /** `curves`: {name, colour, x, y, begin, end}; axes: {name, unit}. */
  show(curves, across, up) {
    this.curves = curves;
    this.across = across;
    this.up = up;
    this.reset();
  }

  reset() {
    const box = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y, begin, end } of this.curves)
      for (let i = begin; i < end; ++i) {
        if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
        if (x[i] < box[0]) box[0] = x[i];
        if (x[i] > box[1]) box[1] = x[i];
        if (y[i] < box[2]) box[2] = y[i];
        if (y[i] > box[3]) box[3] = y[i];
      }
    this.box = [];
    for (const k of [0, 2]) {
      let [low, high] = [box[k], box[k + 1]];
      if (!(low <= high)) [low, high] = [0, 1];
      const room = high > low ? 0.04 * (high - low) : Math.abs(low) * 0.1 || 1;
      this.box.push(low - room, high + room);
    }
    this.draw();
  }

  frame() {
    return { left: 70, top: 10, width: this.canvas.clientWidth - 84, height: this.canvas.clientHeight - 56 };
  }

  zoom(factor, px = 0.5, py = 0.5) {
    const [x0, x1, y0, y1] = this.box;
    const cx = x0 + (x1 - x0) * px, cy = y0 + (y1 - y0) * py;
    this.box = [cx + (x0 - cx) * factor, cx + (x1 - cx) * factor, cy + (y0 - cy) * factor, cy + (y1 - cy) * factor];
    this.draw();
  }

  pan(dx, dy) {
    const [x0, x1, y0, y1] = this.box;
    this.box = [x0 + dx * (x1 - x0), x1 + dx * (x1 - x0), y0 + dy * (y1 - y0), y1 + dy * (y1 - y0)];
    this.draw();
  }

  wheel(event) {
    event.preventDefault();
    const { left, top, width, height } = this.frame();
    this.zoom(1.0015 ** event.deltaY, (event.offsetX - left) / width, 1 - (event.offsetY - top) / height);
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.grip = [event.offsetX, event.offsetY];
  }

  move(event) {
    if (!this.grip) return;
    const { width, height } = this.frame();
    this.pan((this.grip[0] - event.offsetX) / width, (event.offsetY - this.grip[1]) / height);
    this.grip = [event.offsetX, event.offsetY];
  }

  draw() {
    const { canvas } = this, ratio = devicePixelRatio;
    if (canvas.clientWidth === 0 || !this.box) return;
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement), css = (name) => style.getPropertyValue(name).trim();
    const { left, top, width, height } = this.frame(), [x0, x1, y0, y1] = this.box;
    const toX = (x) => left + ((x - x0) / (x1 - x0)) * width, toY = (y) => top + height - ((y - y0) / (y1 - y0)) * height;
    context.font = "11px system-ui";
    context.fillStyle = css("--text");
    context.lineWidth = 1;
    const largest = [Math.max(Math.abs(x0), Math.abs(x1)), Math.max(Math.abs(y0), Math.abs(y1))];
    const [xFactor] = prefixOf(largest[0], this.across.unit), [yFactor] = prefixOf(largest[1], this.up.unit);
    const label = (value) => String(Number(value.toPrecision(8))).replace("-", "−");
    context.textAlign = "center";
    for (const tick of ticks(x0 / xFactor, x1 / xFactor, Math.max(2, width / 90))) {
      const at = toX(tick * xFactor);
      context.strokeStyle = tick === 0 ? css("--faint") : css("--grid");
      context.beginPath(); context.moveTo(at, top); context.lineTo(at, top + height); context.stroke();
      context.fillText(label(tick), at, top + height + 15);
    }
    context.textAlign = "right";
    for (const tick of ticks(y0 / yFactor, y1 / yFactor, Math.max(2, height / 50))) {
      const at = toY(tick * yFactor);
      context.strokeStyle = tick === 0 ? css("--faint") : css("--grid");
      context.beginPath(); context.moveTo(left, at); context.lineTo(left + width, at); context.stroke();
      context.fillText(label(tick), left - 6, at + 4);
    }
    context.font = "12px system-ui";
    context.textAlign = "center";
    context.fillText(axisTitle(this.across.name, this.across.unit, largest[0]), left + width / 2, top + height + 36);
    context.save();
    context.translate(14, top + height / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(axisTitle(this.up.name, this.up.unit, largest[1]), 0, 0);
    context.restore();
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.lineWidth = 1.4;
    for (const curve of this.curves) this.stroke(context, curve, toX, toY);
    context.restore();
  }

  /** A stroke only where it goes on to another half pixel: a million rows of a loop are as many strokes as it has pixels. */
  stroke(context, { x, y, begin, end, colour }, toX, toY) {
    context.strokeStyle = colour;
    context.beginPath();
    const seen = end - begin > 50000 ? new Set() : null;
    let before = null, down = false;
    for (let i = begin; i < end; ++i) {
      const px = Math.round(toX(x[i]) * 2), py = Math.round(toY(y[i]) * 2);
      if (!Number.isFinite(px) || !Number.isFinite(py)) { before = null; down = false; continue; }
      if (before && before[0] === px && before[1] === py) continue;
      if (before) {
        const key = seen && ((before[0] & 8191) * 8192 + (before[1] & 8191)) * 67108864 + (px & 8191) * 8192 + (py & 8191);
        if (seen?.has(key)) down = false;
        else {
          seen?.add(key);
          if (!down) context.moveTo(before[0] / 2, before[1] / 2);
          context.lineTo(px / 2, py / 2);
          down = true;
        }
      }
      before = [px, py];
    }
    context.stroke();
  }
}
