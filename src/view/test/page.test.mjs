// The page in a browser: npm test, with the program in $MEMSPICE (build/memspice) and Chromium in $CHROMIUM.
// $SHOTS is a folder for screenshots to look at.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";

const program = process.env.MEMSPICE ?? join(import.meta.dirname ?? ".", "../../../build/memspice");
const folder = mkdtempSync(join(tmpdir(), "memspice-view-"));
const memspice = (...words) => execFileSync(program, words, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
let browser;

before(async () => {
  if (process.env.SHOTS) mkdirSync(process.env.SHOTS, { recursive: true });
  browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"], headless: true });
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page from a file; whatever it complains about fails the test. */
async function open(name, { width = 1100, height = 700, theme = "light" } = {}) {
  const page = await browser.newPage(), complaints = [];
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.stack));
  page.on("request", (request) => /^https?:/.test(request.url()) && complaints.push(`asks for ${request.url()}`));
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
  await page.goto(`file://${join(folder, name)}`);
  await page.waitForFunction("globalThis.memspice !== undefined");
  const close = async (shot) => {
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${shot}.png`) });
    assert.deepEqual(complaints, []);
    await page.close();
  };
  return { page, close };
}

const range = (page) => page.evaluate("memspice.waves.range");
const overflow = (page) => page.evaluate("document.documentElement.scrollWidth - innerWidth");
const settle = (page) => page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
async function over(page, selector) {
  const box = await (await page.$(selector)).boundingBox();
  return (across, down) => [box.x + across * box.width, box.y + down * box.height];
}

const lowPass =
  "low <pass>\n.param r=1k\nV1 in 0 ac 1 sin(0 1 1k)\nR1 in out {r}\nC1 out 0 100n\n.tran 10u 3m\n.ac dec 20 10 1meg\n.step param r list 1k 2k 5k\n";

test("waveforms: zoom, cursors and differences, keys, points, plots", async () => {
  writeFileSync(join(folder, "low.cir"), lowPass);
  memspice("low.cir", "--view", "-q");
  const { page, close } = await open("low.html");
  assert.equal(await page.$eval("#title", (title) => title.textContent), "low <pass>");
  assert.equal(await page.$$eval("#waves .uplot", (panels) => panels.length), 2);
  assert.deepEqual((await range(page)).map((x) => x.toFixed(6)), ["0.000000", "0.003000"]);

  const place = await over(page, "#waves .u-over");
  await page.mouse.move(...place(0.25, 0.5));
  await page.mouse.down();
  await page.mouse.move(...place(0.5, 0.5), { steps: 4 });
  await page.mouse.up();
  const [low, high] = await range(page);
  assert.ok(Math.abs(low - 0.75e-3) < 2e-5 && Math.abs(high - 1.5e-3) < 2e-5, `zoomed to ${low} ${high}`);
  await page.keyboard.press("+");
  const closer = await range(page);
  assert.ok(closer[1] - closer[0] < 0.8 * (high - low));
  await page.keyboard.press("ArrowRight");
  assert.ok((await range(page))[0] > closer[0]);
  await page.keyboard.press("0");
  assert.deepEqual((await range(page)).map((x) => x.toFixed(6)), ["0.000000", "0.003000"]);

  await page.mouse.move(...place(1 / 6, 0.5));
  await page.keyboard.press("a");
  await page.mouse.move(...place(0.5, 0.5));
  await page.keyboard.press("b");
  const table = await page.$eval("#readout", (readout) => readout.textContent);
  assert.match(table, /B − A/);
  assert.match(table, /1\/\(B − A\) = (99\d|1|1\.0\d*) k?Hz/);
  await close("waves");

  const again = await open("low.html", { theme: "dark" });
  await again.page.$eval("#point", (slider) => {
    slider.value = "2";
    slider.dispatchEvent(new Event("input"));
  });
  assert.equal(await again.page.$eval("#point-label", (label) => label.textContent), "r=5k");
  assert.equal(await again.page.evaluate("memspice.waves.curves.length"), 3);
  await again.page.select("#plot", "1");
  assert.equal(await again.page.evaluate("memspice.waves.axis.log"), true);
  assert.equal(await again.page.evaluate("memspice.waves.curves[0].unit"), "dB");
  assert.equal(await again.page.evaluate("document.documentElement.dataset.theme"), "dark");
  await again.close("waves-dark");
});

test("the values are those of the file", async () => {
  memspice("low.cir", "-q", "-o", "low.csv");
  memspice("view", "low.csv", "v(out)", "-q");
  const { page, close } = await open("low.html");
  const [found, names] = await page.evaluate("[Array.from(memspice.info.plots[0].columns[1]).slice(0, 3), memspice.info.plots[0].vectors.map(({ name }) => name)]");
  assert.ok(names.includes("v(out)") && !names.includes("v(in)"));
  assert.equal(found.length, 3);
  const numbers = await page.evaluate(`(() => {
    const { waves } = memspice, curve = waves.curves[0];
    return [waves.valueAt(curve, curve.scale[100]), curve.values[100]];
  })()`);
  assert.equal(numbers[0], numbers[1]);
  await close("csv");
});

test("spectra and loops", async () => {
  writeFileSync(join(folder, "loop.cir"), "pinched\nV1 in 0 sin(0 1 50)\nY1 in 0 ideal w0=0.5\n.model ideal memristor ron=100 roff=16k beta=0.002\n.tran 0.1m 0.2\n");
  memspice("loop.cir", "--view", "-q");
  const { page, close } = await open("loop.html");
  await page.keyboard.press("3");
  const peak = await page.evaluate(`(() => {
    const curve = memspice.spectra.curves.find(({ vector }) => memspice.state.plot.vectors[vector].name === "v(in)");
    let best = 0;
    for (let i = 0; i < curve.values.length; ++i) if (curve.values[i] > curve.values[best]) best = i;
    return [curve.scale[best], curve.values[best]];
  })()`);
  assert.ok(Math.abs(peak[0] - 50) < 1 && Math.abs(peak[1]) < 0.1, `the peak is ${peak}`);
  await page.keyboard.press("2");
  await settle(page);
  assert.equal(await page.$eval("#xy-x", (select) => select.selectedOptions[0].textContent), "v(in)");
  const ink = await page.evaluate(`(() => {
    const canvas = document.getElementById("xy-canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let coloured = 0;
    for (let i = 0; i < data.length; i += 4) coloured += data[i + 3] > 0 && Math.abs(data[i] - data[i + 2]) > 60;
    return coloured;
  })()`);
  assert.ok(ink > 500, `${ink} coloured pixels`);
  await close("xy");
});

for (const [family, kind, words] of [
  ["grid", "grid", ["--size", "12x9"]],
  ["crossbar", "crossbar", ["--size", "8x12"]],
  ["crossbar0", "crossbar", ["--size", "5x6", "--rline", "0"]],
  ["nanowire", "wires", ["--size", "120", "--density", "9", "--seed", "3"]],
  ["random", "forces", ["--size", "80"]],
])
  test(`a network of the family ${family} is drawn as ${kind}`, async () => {
    memspice("generate", family.replace("0", ""), ...words, "-q", "-o", `${family}.cir`, "--save", "w(*) v(*) i(y*)");
    memspice(`${family}.cir`, "--view", "-q");
    const { page, close } = await open(`${family}.html`, { theme: family === "grid" ? "dark" : "light" });
    assert.equal(await page.evaluate("memspice.state.tab"), "network");
    assert.equal(await page.evaluate("memspice.graph.layout.kind"), kind);
    await page.waitForFunction("!memspice.graph.running && !memspice.graph.forces", { timeout: 20000 });
    const memristors = await page.evaluate("memspice.graph.branches.filter(({ kind }) => kind === 'memristor').length");
    const drawn = await page.evaluate("memspice.graph.shapes.filter((shape, i) => shape && memspice.graph.branches[i].kind === 'memristor').length");
    assert.equal(drawn, memristors);
    assert.deepEqual(await page.$$eval("#colour option", (options) => options.map(({ textContent }) => textContent).filter((name) => name === "w" || name.startsWith("|i|"))), ["w", "|i| / A"]);

    const spot = await page.evaluate(`(() => {
      const { graph } = memspice, i = graph.branches.findIndex(({ kind }) => kind === "memristor"), shape = graph.shapes[i];
      const box = graph.canvas.getBoundingClientRect();
      const [x, y] = shape.length === 2 ? shape : [(shape[0] + shape[2]) / 2, (shape[1] + shape[3]) / 2];
      return [box.x + x, box.y + y, graph.branches[i].name];
    })()`);
    await page.mouse.move(spot[0], spot[1]);
    assert.match(await page.$eval("#tip", (tip) => tip.textContent), /^y\d+(_\d+)?.*: memristor\n/);

    const before = await page.$eval("#time-label", (label) => label.textContent);
    await page.$eval("#time", (slider) => {
      slider.value = String(Math.floor(Number(slider.max) / 2));
      slider.dispatchEvent(new Event("input"));
    });
    const label = await page.$eval("#time-label", (each) => each.textContent);
    assert.notEqual(label, before);
    await page.keyboard.press("ArrowRight");
    await page.click("#play");
    await new Promise((done) => setTimeout(done, 400));
    assert.notEqual(await page.$eval("#time-label", (each) => each.textContent), label);
    await page.click("#play");
    await page.select("#colour", await page.$eval("#colour", (select) => [...select.options].find(({ textContent }) => textContent.startsWith("|i|")).value));
    await page.click("#colour-log");
    await page.keyboard.press("Escape");
    await settle(page);
    await close(`network-${family}`);
  });

test("400 pixels are wide enough, keys and focus reach everything", async () => {
  const { page, close } = await open("grid.html", { width: 400, height: 760 });
  for (const [key, id] of [["1", "waves"], ["2", "xy"], ["3", "spectrum"], ["4", "network"]]) {
    await page.keyboard.press(key);
    await settle(page);
    assert.equal(await page.$eval(`#${id}`, (panel) => panel.hidden), false);
    assert.equal(await overflow(page), 0, `${id} is wider than the page`);
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `narrow-${id}.png`) });
  }
  await page.focus("#tab-network");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.evaluate("document.activeElement.id"), "tab-spectrum");
  await page.keyboard.press("?");
  assert.equal(await page.$eval("#help", (dialog) => dialog.open), true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  assert.equal(await page.evaluate("document.documentElement.dataset.theme"), "dark");
  const nameless = await page.$$eval("button, input, select", (elements) =>
    elements.filter((element) => !(element.textContent.trim() || element.getAttribute("aria-label") || element.closest("label"))).map(({ id }) => id));
  assert.deepEqual(nameless, []);
  await close("narrow");
});

test("a million points are zoomed fluently", async () => {
  const lines = ["time,v(a)"];
  for (let i = 0; i < 1e6; ++i) lines.push(`${i * 1e-6},${i === 345678 ? 5 : Math.sin(i / 50).toFixed(6)}`);
  writeFileSync(join(folder, "long.csv"), lines.join("\n") + "\n");
  memspice("view", "long.csv", "-q");
  const { page, close } = await open("long.html");
  // A spike of one row is not lost.
  assert.ok(await page.evaluate("Math.max(...memspice.waves.panels[0].plot.data[1])") >= 5);
  const spent = await page.evaluate(`(() => {
    const begin = performance.now();
    for (let i = 0; i < 20; ++i) memspice.waves.zoom(0.8, 0.3);
    return (performance.now() - begin) / 20;
  })()`);
  console.log(`a zoom step takes ${spent.toFixed(1)} ms`);
  assert.ok(spent < 100);
  await page.keyboard.press("0");
  await settle(page);
  await close("long");
});

test("20,000 branches are played fluently", async () => {
  memspice("generate", "grid", "--size", "101x101", "-q", "-o", "large.cir", "--tran", "0.02 1");
  memspice("large.cir", "--view", "-q");
  const { page, close } = await open("large.html");
  assert.ok(await page.evaluate("memspice.graph.branches.length") >= 20000);
  const spent = await page.evaluate(`(() => {
    const begin = performance.now();
    for (let i = 0; i < 20; ++i) memspice.graph.setRow(i);
    memspice.graph.canvas.getContext("2d").getImageData(0, 0, 1, 1);
    return (performance.now() - begin) / 20;
  })()`);
  console.log(`a frame takes ${spent.toFixed(1)} ms`);
  assert.ok(spent < 150);
  await close("large");
});
