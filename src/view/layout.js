// Where the nodes of a network are drawn: wires where they lie, grids as grids, crossbars as crossbars, else by forces.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

/** A voltage source between a memristor and a node of its own is a part of the memristor's branch. */
export function branchesOf(network) {
  const { names, from, to, kinds, nodes } = network;
  const degree = new Uint32Array(nodes.length), touching = new Map();
  const touch = (node, element) => {
    ++degree[node];
    if (degree[node] === 1) touching.set(node, [element]);
    else if (degree[node] === 2) touching.get(node).push(element);
  };
  for (let i = 0; i < names.length; ++i) {
    touch(from[i], i);
    touch(to[i], i);
  }
  const merged = new Map(), ends = names.map((_, i) => [from[i], to[i]]);
  for (let i = 0; i < names.length; ++i) {
    if (kinds[i] !== "voltage source") continue;
    for (const node of [from[i], to[i]]) {
      if (node === 0 || degree[node] !== 2) continue;
      const other = touching.get(node).find((element) => element !== i);
      if (other === undefined || kinds[other] !== "memristor" || merged.has(i)) continue;
      const far = from[i] === node ? to[i] : from[i];
      ends[other] = ends[other].map((end) => (end === node ? far : end));
      merged.set(i, other);
    }
  }
  const branches = [], sources = new Map();
  for (const [source, element] of merged) sources.set(element, source);
  names.forEach((name, i) => {
    if (merged.has(i)) return;
    const source = sources.get(i);
    branches.push({ name, kind: kinds[i], from: ends[i][0], to: ends[i][1], terminals: [from[i], to[i]], source: source === undefined ? null : names[source] });
  });
  return branches;
}

function byNames(nodes, pattern, place) {
  const places = new Map();
  nodes.forEach((name, i) => {
    const found = pattern.exec(name);
    if (found) places.set(i, place(...found.slice(1).map(Number)));
  });
  return places;
}

function wires(network) {
  const lines = new Map(), places = new Map();
  network.wires.forEach(([node, x0, y0, x1, y1]) => {
    lines.set(node, [x0, 1 - y0, x1, 1 - y1]);
    places.set(node, [(x0 + x1) / 2, 1 - (y0 + y1) / 2]);
  });
  const left = network.nodes.indexOf("left");
  if (left >= 0) {
    lines.set(left, [0, 0, 0, 1]);
    places.set(left, [0, 0.5]);
    lines.set(0, [1, 0, 1, 1]);
    places.set(0, [1, 0.5]);
  }
  return { kind: "wires", places, lines };
}

/** Where two wires cross; the middle between them where they do not. */
function crossing([ax, ay, bx, by], [cx, cy, dx, dy]) {
  const turn = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx);
  const part = turn === 0 ? NaN : ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / turn;
  if (!(part >= -1e-6 && part <= 1 + 1e-6)) return [(ax + bx + cx + dx) / 4, (ay + by + cy + dy) / 4];
  return [ax + part * (bx - ax), ay + part * (by - ay)];
}

/** Nodes called n<row>_<column>, or several kinds of them beside one another (h1_1, k1_1); null where most are not. */
function gridPlaces(nodes, branches) {
  const used = new Set(branches.flatMap(({ from, to }) => [from, to]));
  const kinds = [], places = new Map();
  for (const node of used) {
    const found = /^([a-z]+)(\d+)_(\d+)$/.exec(nodes[node]);
    if (!found) continue;
    if (!kinds.includes(found[1])) kinds.push(found[1]);
    places.set(node, [Number(found[3]) + 0.3 * kinds.indexOf(found[1]), Number(found[2]) + 0.3 * kinds.indexOf(found[1])]);
  }
  if (kinds.length > 3 || places.size < 4 || places.size < 0.85 * (used.size - 1)) return null;
  // The corner of a generated grid is ground.
  if (kinds.length === 1 && ![...places.values()].some(([x, y]) => x === 0 && y === 0)) places.set(0, [0, 0]);
  const neighbours = new Map();
  for (const { from, to } of branches)
    for (const [node, other] of [[from, to], [to, from]])
      if (node !== 0 && !places.has(node) && places.has(other)) neighbours.set(node, [...(neighbours.get(node) ?? []), places.get(other)]);
  const middle = (points, k) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  for (const [node, points] of neighbours) places.set(node, [middle(points, 0) - 0.7, middle(points, 1)]);
  return places;
}

/** {kind, places: node → [x, y], lines: node → [x0, y0, x1, y1], cells: branch → [x, y]}, x to the right and y down. */
export function layoutOf(network, branches) {
  const { nodes } = network;
  if (network.wires?.length) {
    const layout = wires(network);
    layout.cells = new Map();
    branches.forEach((branch, i) => {
      const a = layout.lines.get(branch.from), b = layout.lines.get(branch.to);
      if (a && b) layout.cells.set(i, crossing(a, b));
    });
    return layout;
  }
  const memristors = branches.filter(({ kind }) => kind === "memristor");
  const crosses = memristors.filter(({ name }) => /^y\d+_\d+$/.test(name));
  const heads = byNames(nodes, /^row(\d+)$/, (row) => [0, row]);
  if (heads.size > 0 && crosses.length === memristors.length && crosses.length > 0) {
    const cells = new Map(), lines = new Map();
    let rows = 0, columns = 0;
    branches.forEach(({ name }, i) => {
      const found = /^y(\d+)_(\d+)$/.exec(name);
      if (!found) return;
      const [row, column] = [Number(found[1]), Number(found[2])];
      rows = Math.max(rows, row);
      columns = Math.max(columns, column);
      cells.set(i, [column, row]);
    });
    const places = new Map([...heads, ...byNames(nodes, /^r(\d+)_(\d+)$/, (r, c) => [c - 0.25, r]), ...byNames(nodes, /^c(\d+)_(\d+)$/, (r, c) => [c, r + 0.25]), ...byNames(nodes, /^column(\d+)$/, (c) => [c, rows + 1])]);
    for (let row = 1; row <= rows; ++row) lines.set(`r${row}`, [0, row, columns + 0.5, row]);
    for (let column = 1; column <= columns; ++column) lines.set(`c${column}`, [column, 0.5, column, rows + 1]);
    return { kind: "crossbar", places, lines, cells };
  }
  const grid = gridPlaces(nodes, branches);
  if (grid) return { kind: "grid", places: grid, lines: new Map(), cells: new Map() };
  return { kind: "forces", places: new Map(), lines: new Map(), cells: new Map() };
}

/** Places nodes step by step: call step() until it is false. */
export class Forces {
  constructor(branches, places) {
    const used = [...new Set(branches.flatMap(({ from, to }) => [from, to]))];
    const place = new Map(used.map((node, i) => [node, i]));
    // On a spiral, so that a page looks alike each time.
    this.points = used.map((node, i) => {
      const [x, y] = places.get(node) ?? [Math.sqrt(i + 1) * 8 * Math.cos(2.4 * i), Math.sqrt(i + 1) * 8 * Math.sin(2.4 * i)];
      return { node, x, y };
    });
    const links = branches.filter(({ from, to }) => from !== to).map(({ from, to }) => ({ source: place.get(from), target: place.get(to) }));
    this.steps = Math.max(60, Math.min(300, Math.round(2e6 / (this.points.length + links.length + 1))));
    this.simulation = forceSimulation(this.points)
      .randomSource(() => 0.5)
      .force("link", forceLink(links).distance(30).strength(0.8))
      .force("charge", forceManyBody().strength(-60).theta(1.1))
      .force("x", forceX().strength(0.02))
      .force("y", forceY().strength(0.02))
      .alphaDecay(1 - 0.001 ** (1 / this.steps))
      .stop();
    if (this.points.length < 2000) this.simulation.force("collide", forceCollide(5));
    this.done = 0;
  }
  step(places) {
    if (this.done >= this.steps) return false;
    this.simulation.tick();
    ++this.done;
    for (const { node, x, y } of this.points) places.set(node, [x, y]);
    return true;
  }
}
