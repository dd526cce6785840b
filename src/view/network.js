// The graph of a network, its branches coloured by what they do at one time.
import { Forces, branchesOf, layoutOf } from "./layout.js";
import { rampColour, text } from "./numbers.js";

const shades = 48;

export class Graph {
  constructor(canvas, info, onHover, onPick) {
    this.canvas = canvas;
    this.info = info;
    this.onHover = onHover;
    this.onPick = onPick;
    this.branches = branchesOf(info);
    this.layout = layoutOf(info, this.branches);
    this.row = 0;
    this.ranges = new Map();
    if (this.layout.kind === "forces") this.forces = new Forces(this.branches, this.layout.places);
    new ResizeObserver(() => this.resized()).observe(canvas);
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointerleave", () => this.onHover(null));
  }

  /** The quantities that branches have in a plot: `w`, `|i|`, `|v|`, `|p|` … */
  quantities(plot) {
    this.plot = plot;
    this.ranges.clear();
    const found = new Map();
    const vector = (name) => plot.index.get(name);
    const add = (name, unit, i, read) => {
      if (!found.has(name)) found.set(name, { name, unit, readers: new Array(this.branches.length).fill(null) });
      found.get(name).readers[i] = read;
    };
    const accessors = [...new Set(plot.vectors.map(({ name }) => /^([a-z]\w*)\([^(),]+\)$/.exec(name)?.[1]).filter((name) => name && name !== "v" && name !== "i" && name !== "p"))];
    this.branches.forEach((branch, i) => {
      for (const accessor of accessors) {
        const column = vector(`${accessor}(${branch.name})`);
        if (column !== undefined) add(accessor, plot.vectors[column].unit, i, (row) => plot.columns[column][row]);
      }
      const current = vector(`i(${branch.name})`) ?? (branch.source === null ? undefined : vector(`i(${branch.source})`));
      if (current !== undefined) add("|i|", "A", i, (row) => Math.abs(plot.columns[current][row]));
      const node = (k) => (branch.terminals[k] === 0 ? null : vector(`v(${this.info.nodes[branch.terminals[k]]})`));
      const plus = node(0), minus = node(1);
      const known = plus !== undefined && minus !== undefined && !(plus === null && minus === null);
      const across = (row) => (plus === null ? 0 : plot.columns[plus][row]) - (minus === null ? 0 : plot.columns[minus][row]);
      if (known) add("|v|", "V", i, (row) => Math.abs(across(row)));
      const power = vector(`p(${branch.name})`);
      if (power !== undefined) add("|p|", "W", i, (row) => Math.abs(plot.columns[power][row]));
      else if (known && current !== undefined) add("|p|", "W", i, (row) => Math.abs(across(row) * plot.columns[current][row]));
    });
    // What no memristor has is no colour of the network.
    const memristors = this.branches.map(({ kind }, i) => (kind === "memristor" ? i : -1)).filter((i) => i >= 0);
    return [...found.values()].filter(({ readers }) => memristors.some((i) => readers[i]));
  }

  colourBy(quantity, log) {
    this.quantity = quantity;
    this.log = log;
    this.draw();
  }

  /** Over all rows: of many numbers a part of the rows. */
  range() {
    if (!this.quantity) return [0, 1];
    const key = this.quantity.name;
    if (!this.ranges.has(key)) {
      let low = Infinity, high = -Infinity, least = Infinity;
      const readers = this.quantity.readers.filter((read) => read);
      const step = Math.max(1, Math.floor((readers.length * this.plot.rows) / 4e6));
      for (const read of readers)
        for (let row = 0; row < this.plot.rows; row += step) {
          const value = read(row);
          if (value < low) low = value;
          if (value > high) high = value;
          if (value > 0 && value < least) least = value;
        }
      if (key === "w" && low >= 0 && high <= 1) [low, high] = [0, 1];
      if (key.startsWith("|")) low = 0;
      this.ranges.set(key, { low, high, least });
    }
    const { low, high, least } = this.ranges.get(key);
    return this.log && high > 0 ? [Math.max(least, high * 1e-6), high] : [low, high];
  }

  part(value, [low, high]) {
    if (!Number.isFinite(value) || !(high > low)) return 0;
    if (!this.log) return (value - low) / (high - low);
    return value > low ? Math.log(value / low) / Math.log(high / low) : 0;
  }

  setRow(row) {
    this.row = row;
    this.draw();
    if (this.pointer) this.hover(...this.pointer);
  }

  bounds() {
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    const add = (x, y) => {
      x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y);
    };
    for (const [x, y] of this.layout.places.values()) add(x, y);
    for (const [x, y] of this.layout.cells.values()) add(x, y);
    for (const [a, b, c, d] of this.layout.lines.values()) { add(a, b); add(c, d); }
    return x0 <= x1 ? [x0, x1, y0, y1] : [0, 1, 0, 1];
  }

  fit() {
    const [x0, x1, y0, y1] = this.bounds();
    const width = this.canvas.clientWidth - 40, height = this.canvas.clientHeight - 40;
    this.scale = Math.max(1e-9, Math.min(width / (x1 - x0 || 1), height / (y1 - y0 || 1)));
    this.centre = [(x0 + x1) / 2, (y0 + y1) / 2];
    this.fitted = true;
    this.draw();
  }

  resized() {
    if (this.canvas.clientWidth === 0) return;
    if (this.fitted !== false) this.fit();
    else this.draw();
    if (this.forces && !this.running) this.arrange();
  }

  arrange() {
    this.running = true;
    const begin = performance.now();
    let more = true;
    while (more && performance.now() - begin < 40) more = this.forces.step(this.layout.places);
    if (this.fitted !== false) this.fit();
    else this.draw();
    if (more && this.canvas.clientWidth > 0) requestAnimationFrame(() => this.arrange());
    else this.running = false;
    if (!more) this.forces = null;
  }

  toScreen([x, y]) {
    return [this.canvas.clientWidth / 2 + (x - this.centre[0]) * this.scale, this.canvas.clientHeight / 2 + (y - this.centre[1]) * this.scale];
  }

  zoom(factor, px = this.canvas.clientWidth / 2, py = this.canvas.clientHeight / 2) {
    const dx = (px - this.canvas.clientWidth / 2) / this.scale, dy = (py - this.canvas.clientHeight / 2) / this.scale;
    this.centre = [this.centre[0] + dx * (1 - 1 / factor), this.centre[1] + dy * (1 - 1 / factor)];
    this.scale *= factor;
    this.fitted = false;
    this.draw();
  }

  pan(dx, dy) {
    this.centre = [this.centre[0] - dx / this.scale, this.centre[1] - dy / this.scale];
    this.fitted = false;
    this.draw();
  }

  wheel(event) {
    event.preventDefault();
    this.zoom(0.9985 ** event.deltaY, event.offsetX, event.offsetY);
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.grip = { at: [event.offsetX, event.offsetY], moved: 0 };
  }

  move(event) {
    if (this.grip) {
      const dx = event.offsetX - this.grip.at[0], dy = event.offsetY - this.grip.at[1];
      this.grip.moved += Math.abs(dx) + Math.abs(dy);
      this.grip.at = [event.offsetX, event.offsetY];
      if (this.grip.moved > 3) this.pan(dx, dy);
      return;
    }
    this.pointer = [event.offsetX, event.offsetY, event.clientX, event.clientY];
    this.hover(...this.pointer);
  }

  up(event) {
    const clicked = this.grip && this.grip.moved <= 3;
    this.grip = null;
    const found = clicked ? this.nearest(event.offsetX, event.offsetY) : null;
    if (found !== null) this.onPick(this.branches[found]);
  }

  hover(x, y, clientX, clientY) {
    const found = this.nearest(x, y);
    if (found !== this.hovered) {
      this.hovered = found;
      this.draw();
    }
    if (found === null) return this.onHover(null);
    const branch = this.branches[found], { nodes } = this.info;
    const lines = [`${branch.name}${branch.source ? ` + ${branch.source}` : ""}: ${branch.kind}`, `${nodes[branch.from]} – ${nodes[branch.to]}`];
    for (const [i, vector] of this.plot.vectors.entries()) {
      const inside = /\(([^()]+)\)$/.exec(vector.name)?.[1];
      if (inside === branch.name || (branch.source && inside === branch.source)) lines.push(`${vector.name} = ${text(this.plot.columns[i][this.row], vector.unit)}`);
    }
    if (this.quantity?.readers[found]) lines.push(`${this.quantity.name} = ${text(this.quantity.readers[found](this.row), this.quantity.unit)}`);
    this.onHover([...new Set(lines)].join("\n"), clientX, clientY);
  }

  /** The branch at a place of the canvas; null: there is none within 10 pixels. */
  nearest(px, py) {
    let best = 10, found = null;
    for (let i = 0; i < this.branches.length; ++i) {
      const shape = this.shapes[i];
      if (!shape) continue;
      const distance = shape.length === 2 ? Math.hypot(px - shape[0], py - shape[1]) - this.cell / 2 : toSegment(px, py, shape);
      if (distance < best) {
        best = distance;
        found = i;
      }
    }
    return found;
  }

  /** Where the branches are on the canvas: worked out anew only when something has moved. */
  place() {
    const { places, cells, kind } = this.layout;
    const view = [this.scale, ...this.centre, this.canvas.clientWidth, this.canvas.clientHeight, this.forces?.done].join(" ");
    if (this.placed === view) return;
    this.placed = view;
    this.shapes = this.branches.map((branch, i) => {
      const cell = cells.get(i), a = places.get(branch.from), b = places.get(branch.to);
      // The wires of a crossbar and the contacts of wires are drawn as lines already.
      if (!cell && (kind === "crossbar" || kind === "wires")) return null;
      if (cell && branch.kind !== "memristor") return null;
      if (!cell && (!a || !b)) return null;
      return cell ? this.toScreen(cell) : [...this.toScreen(a), ...this.toScreen(b)];
    });
  }

  draw() {
    const { canvas } = this, ratio = devicePixelRatio;
    if (canvas.clientWidth === 0 || !this.scale) return;
    if (canvas.width !== Math.round(canvas.clientWidth * ratio) || canvas.height !== Math.round(canvas.clientHeight * ratio)) {
      canvas.width = Math.round(canvas.clientWidth * ratio);
      canvas.height = Math.round(canvas.clientHeight * ratio);
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    const style = getComputedStyle(document.documentElement), css = (name) => style.getPropertyValue(name).trim();
    const { kind, cells, lines } = this.layout;
    context.lineWidth = kind === "wires" ? 1.2 : 1;
    context.strokeStyle = css("--wire");
    context.beginPath();
    for (const line of lines.values()) {
      context.moveTo(...this.toScreen(line.slice(0, 2)));
      context.lineTo(...this.toScreen(line.slice(2)));
    }
    context.stroke();
    this.cell = kind === "crossbar" ? Math.max(2, 0.62 * this.scale) : Math.min(14, Math.max(4, 0.016 * this.scale));
    this.place();
    const range = this.range(), buckets = Array.from({ length: shades }, () => []), plain = [];
    for (let i = 0; i < this.shapes.length; ++i) {
      const shape = this.shapes[i];
      if (!shape) continue;
      const read = this.quantity?.readers[i];
      if (read) buckets[Math.min(shades - 1, Math.max(0, Math.floor(this.part(read(this.row), range) * shades)))].push(shape);
      else plain.push(shape);
    }
    const width = kind === "grid" ? Math.min(9, Math.max(1.2, 0.16 * this.scale)) : this.branches.length > 3000 ? 1.2 : 3;
    const put = (shapes, colour) => {
      if (shapes.length === 0) return;
      context.strokeStyle = context.fillStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      for (const shape of shapes) {
        if (shape.length === 2) context.rect(shape[0] - this.cell / 2, shape[1] - this.cell / 2, this.cell, this.cell);
        else {
          context.moveTo(shape[0], shape[1]);
          context.lineTo(shape[2], shape[3]);
        }
      }
      if (cells.size > 0) context.fill();
      else context.stroke();
    };
    put(plain, css("--wire"));
    buckets.forEach((shapes, i) => put(shapes, rampColour((i + 0.5) / shades)));
    if (cells.size === 0 && this.branches.length < 800) this.drawNodes(context, css);
    const marked = this.hovered === null || this.hovered === undefined ? null : this.shapes[this.hovered];
    if (marked) {
      context.strokeStyle = css("--text");
      context.lineWidth = 2;
      context.beginPath();
      if (marked.length === 2) context.rect(marked[0] - this.cell / 2 - 2, marked[1] - this.cell / 2 - 2, this.cell + 4, this.cell + 4);
      else { context.moveTo(marked[0], marked[1]); context.lineTo(marked[2], marked[3]); }
      context.stroke();
    }
  }

  drawNodes(context, css) {
    context.fillStyle = css("--text");
    context.font = "11px system-ui";
    const named = this.layout.places.size <= 60;
    for (const [node, place] of this.layout.places) {
      const [x, y] = this.toScreen(place);
      context.beginPath();
      context.arc(x, y, node === 0 ? 4 : 2.2, 0, 2 * Math.PI);
      context.fill();
      if (named) context.fillText(this.info.nodes[node], x + 6, y - 5);
    }
  }
}

function toSegment(px, py, [x0, y0, x1, y1]) {
  const dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy;
  const part = square > 0 ? Math.min(1, Math.max(0, ((px - x0) * dx + (py - y0) * dy) / square)) : 0;
  return Math.hypot(px - x0 - part * dx, py - y0 - part * dy);
}
