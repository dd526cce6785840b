#!/usr/bin/env python3
"""Draws the pictures of README.md from decks of netlists/: docs/pictures/readme_*.svg.

    python3 scripts/readme_pictures.py [--memspice build/memspice]

The loop is what memspice plot makes (gnuplot is needed); the networks are drawn here, of what memspice view knows of
their graphs.
"""
import argparse
import csv
import json
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
NETWORKS = ROOT / "netlists" / "networks"
RAMP = [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)]
STYLE = """<style>
  text { font: 12px sans-serif; fill: #333 } .wire { stroke: #9aa3ad; stroke-width: .8; fill: none }
  @media (prefers-color-scheme: dark) { text { fill: #ccc } .wire { stroke: #6a737d } }
</style>"""


def colour(part):
    at = min(max(part, 0.0), 1.0) * (len(RAMP) - 1)
    below = min(int(at), len(RAMP) - 2)
    return "#" + "".join(f"{round(a + (b - a) * (at - below)):02x}" for a, b in zip(RAMP[below], RAMP[below + 1]))


def run(memspice, *words, folder, **environment):
    subprocess.run([memspice, *map(str, words), "--quiet"], check=True, cwd=folder, env={**os.environ, **environment})


def network(memspice, deck, folder):
    """The graph as memspice view describes it, and the rows of the run."""
    (folder / "view.html").write_text("<!--memspice-data-->")
    run(memspice, deck, "-o", folder / "out.csv", folder=folder)
    run(memspice, "view", "out.csv", "--deck", deck, "-o", "page.html", folder=folder, MEMSPICE_SHARE=str(folder))
    page = (folder / "page.html").read_text()
    graph = json.loads(re.search(r'id="memspice-info">(.*?)</script>', page).group(1))["network"]
    with (folder / "out.csv").open(newline="") as stream:
        rows = list(csv.reader(line for line in stream if not line.startswith("#")))
    return graph, rows[0], [[float(number) for number in row] for row in rows[1:]]


def legend(x, y, width, labels):
    stops = "".join(f'<stop offset="{i / 8}" stop-color="{colour(i / 8)}"/>' for i in range(9))
    return [f'<defs><linearGradient id="ramp">{stops}</linearGradient></defs>',
            f'<rect x="{x}" y="{y}" width="{width}" height="8" fill="url(#ramp)"/>',
            f'<text x="{x - 6}" y="{y + 9}" text-anchor="end">{labels[0]}</text>',
            f'<text x="{x + width + 6}" y="{y + 9}">{labels[1]}</text>']


def svg(width, height, body):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    return "\n".join([head, STYLE, *body, "</svg>", ""])


def paths(strokes, width):
    """Strokes by colour, few of them: {colour: [path, ...]}."""
    return [f'<path d="{"".join(each)}" stroke="{name}" stroke-width="{width}" fill="none"/>' for name, each in sorted(strokes.items())]


def loop(memspice, target, folder):
    # The deck saves currents and states; a loop needs the voltages too.
    deck = folder / "k4.cir"
    deck.write_text((NETWORKS / "k4.cir").read_text().replace(".save w(*) i(y*)", ".save w(*) i(y*) v(*)"))
    run(memspice, deck, "-o", "k4.raw", folder=folder)
    run(memspice, "plot", "k4.raw", "i(y2)", "--x", "v(x2,n2)", "-o", target, "--size", "420x310", folder=folder)


def grid(memspice, target, folder):
    graph, names, rows = network(memspice, NETWORKS / "grid30_smooth.cir", folder)
    value = dict(zip(names, rows[-1]))
    # The sources in series have nodes of their own: a memristor leads on to the far end of its source.
    beyond = {}
    for kind, plus, minus in zip(graph["kinds"], graph["from"], graph["to"]):
        if kind == "voltage source":
            beyond[plus] = minus
    step, margin = 9, 12

    def place(node):
        found = re.fullmatch(r"n(\d+)_(\d+)", graph["nodes"][node])
        row, column = map(int, found.groups()) if found else (0, 0)
        return margin + step * column, margin + step * row

    strokes = {}
    for name, kind, a, b in zip(graph["names"], graph["kinds"], graph["from"], graph["to"]):
        if kind == "memristor":
            (x0, y0), (x1, y1) = place(beyond.get(a, a)), place(b)
            shade = colour(round(24 * (value[f"w({name})"] - 0.25) / 0.65) / 24)
            strokes.setdefault(shade, []).append(f"M{x0} {y0}L{x1} {y1}")
    side = 2 * margin + 29 * step
    target.write_text(svg(side, side + 22, paths(strokes, 3) + legend(side / 2 - 60, side + 4, 120, ("w = 0.25", "0.9"))))


def wires(memspice, target, folder):
    graph, names, rows = network(memspice, NETWORKS / "nanowire_pulses.cir", folder)
    row = min(rows, key=lambda each: abs(each[0] - 0.29))
    value = dict(zip(names, row))
    side, margin = 264, 12

    def place(x, y):
        return margin + side * x, margin + side * (1 - y)

    lines = {node: (x0, y0, x1, y1) for node, x0, y0, x1, y1 in graph["wires"]}
    body = [f'<path class="wire" d="M{margin} {margin}v{side}M{margin + side} {margin}v{side}" style="stroke-width: 3"/>']
    body.append('<path class="wire" d="' + "".join("M{:.1f} {:.1f}L{:.1f} {:.1f}".format(*place(*line[:2]), *place(*line[2:])) for line in lines.values()) + '"/>')
    for name, kind, a, b in zip(graph["names"], graph["kinds"], graph["from"], graph["to"]):
        if kind != "memristor":
            continue
        (ax, ay, bx, by), (cx, cy, dx, dy) = lines[a], lines[b]
        part = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / ((bx - ax) * (dy - cy) - (by - ay) * (dx - cx))
        x, y = place(ax + part * (bx - ax), ay + part * (by - ay))
        shade = colour(abs(value[f"lambda({name})"]) / 0.015)
        body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{shade}"/>')
    total = side + 2 * margin
    target.write_text(svg(total, total + 22, body + legend(total / 2 - 60, total + 4, 120, ("|λ| = 0", "15 mV s"))))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--memspice", default=str(ROOT / "build" / "memspice"))
    memspice = str(pathlib.Path(parser.parse_args().memspice).resolve())
    folder = ROOT / "docs" / "pictures"
    for name, draw in (("loop", loop), ("grid", grid), ("wires", wires)):
        with tempfile.TemporaryDirectory() as temporary:
            draw(memspice, folder / f"readme_{name}.svg", pathlib.Path(temporary))


if __name__ == "__main__":
    main()
