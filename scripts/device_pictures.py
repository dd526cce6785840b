#!/usr/bin/env python3
"""Draws the characteristics in docs/devices.md: an SVG for every deck of netlists/devices.

    python3 scripts/device_pictures.py [--memspice build/memspice]

A deck says in its head what is drawn, over what, and from which time on:

    * picture: i(y1), i(y2) over v(a) from 10m
"""
import argparse
import csv
import math
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 520, 320, 62, 12, 12, 44
COLOURS = ["#1f6fb4", "#d1622b", "#3a8f4d", "#8a56a8"]
LINE = re.compile(r"^\* picture: (?P<ys>.+?) over (?P<xs>.+?)(?: from (?P<since>\S+))?$", re.M)
SUFFIXES = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0}
STYLE = """<style>
  text { font: 12px sans-serif; fill: #333 } .axis { stroke: #333 } .grid { stroke: #8884; stroke-width: .5 }
  polyline { fill: none; stroke-width: 1.5; stroke-linejoin: round }
  @media (prefers-color-scheme: dark) { text { fill: #ccc } .axis { stroke: #ccc } }
</style>"""


def seconds(text):
    number, suffix = re.fullmatch(r"([0-9.]+)([num]?)", text).groups()
    return float(number) * SUFFIXES[suffix]


def columns(memspice, deck):
    """The rows of a deck's run, by the vectors' names."""
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "out.csv"
        subprocess.run([memspice, deck, "-o", table, "--quiet"], check=True)
        with table.open(newline="") as stream:
            rows = list(csv.reader(line for line in stream if not line.startswith("#")))
    return {name: [float(row[i]) for row in rows[1:]] for i, name in enumerate(rows[0])}


def pieces(scale, x, y, since):
    """The curve from `since` on, cut where a sweep begins anew."""
    curve, before = [], None
    for at, each, value in zip(scale, x, y):
        if before is not None and at < before and curve:
            yield curve
            curve = []
        before = at
        if at >= since:
            curve.append((each, value))
    if curve:
        yield curve


def ticks(low, high):
    step = 10 ** math.floor(math.log10((high - low) / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (step * factor) <= 6)
    first = math.ceil(low / step - 1e-9)
    return [step * k for k in range(first, math.floor(high / step + 1e-9) + 1)]


def prefix(largest):
    exponent = max(-15, min(9, 3 * math.floor(math.log10(largest) / 3)))
    return 10.0**exponent, {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}[exponent]


def thinned(points):
    """Without those that a straight line of a third of a pixel's tolerance goes through, nearly."""
    kept = [points[0]]
    for i in range(1, len(points) - 1):
        (x0, y0), (x1, y1), (x2, y2) = kept[-1], points[i], points[i + 1]
        length = math.hypot(x2 - x0, y2 - y0)
        off = abs((x2 - x0) * (y1 - y0) - (x1 - x0) * (y2 - y0)) / length if length > 0 else math.hypot(x1 - x0, y1 - y0)
        if off > 0.15 or math.hypot(x1 - x0, y1 - y0) > 12:
            kept.append(points[i])
    return kept + points[-1:]


def draw(curves, x_name, names):
    """SVG of curves, by the name of their vector."""
    every = [point for pieces_of in curves for piece in pieces_of for point in piece]
    box = []
    for axis in (0, 1):
        low, high = min(p[axis] for p in every), max(p[axis] for p in every)
        margin = 0.04 * (high - low)
        box.append((low - margin, high + margin))

    def place(point):
        (x0, x1), (y0, y1) = box
        return (LEFT + (point[0] - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT),
                HEIGHT - BOTTOM - (point[1] - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">', STYLE]
    for axis, (low, high) in enumerate(box):
        scale, letter = prefix(max(abs(low), abs(high)))
        unit = "V" if axis == 0 else "A"
        for tick in ticks(low, high):
            x, y = place((tick, box[1][0]) if axis == 0 else (box[0][0], tick))
            label = f"{tick / scale:.3g}".replace("-", "−")
            kind = "axis" if tick == 0 else "grid"
            if axis == 0:
                out.append(f'<path class="{kind}" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
                out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{label}</text>')
            else:
                out.append(f'<path class="{kind}" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
                out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
        if axis == 0:
            out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{x_name} / {letter}{unit}</text>')
        else:
            middle = (TOP + HEIGHT - BOTTOM) / 2
            name = names[0] if len(names) == 1 else "i"
            out.append(f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">{name} / {letter}{unit}</text>')
    for name, pieces_of, colour in zip(names, curves, COLOURS):
        for piece in pieces_of:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in thinned([place(point) for point in piece]))
            out.append(f'<polyline stroke="{colour}" points="{points}"/>')
    if len(names) > 1:
        for i, (name, colour) in enumerate(zip(names, COLOURS)):
            out.append(f'<text x="{LEFT + 10}" y="{TOP + 16 + 16 * i}" style="fill: {colour}">{name}</text>')
    return "\n".join(out + ["</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--memspice", default=str(ROOT / "build" / "memspice"))
    arguments = parser.parse_args()
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    for deck in sorted((ROOT / "netlists" / "devices").glob("*.cir")):
        wanted = LINE.search(deck.read_text())
        if not wanted:
            raise SystemExit(f"{deck}: no line '* picture: i(y1) over v(a)'")
        table = columns(arguments.memspice, deck)
        scale = next(iter(table.values()))
        names = wanted["ys"].split(", ")
        xs = wanted["xs"].split(", ")
        since = seconds(wanted["since"]) if wanted["since"] else -math.inf
        curves = [list(pieces(scale, table[xs[min(i, len(xs) - 1)]], table[name], since)) for i, name in enumerate(names)]
        (folder / f"{deck.stem}.svg").write_text(draw(curves, xs[0] if len(xs) == 1 else "v", names))


if __name__ == "__main__":
    main()
