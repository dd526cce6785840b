"""Solves a deck of memristors, resistors and voltage sources without memspice: where the numbers in the claims of
netlists/networks/ come from. Needs numpy and scipy; no test runs it.

    python3 tests/decks/independent_solution.py netlists/networks/k4.cir 1 2 3

prints every state w and current i at the given times, and how many states visit a bound. Formulation: currents of
the loops closed by the chords of a spanning tree. Integration: DOP853 at 1e-11 while no state can reach a bound;
with --bounds H, Runge-Kutta steps of H projected onto [0,1] (halve H to see how good it is), in node potentials with
a banded factorisation, for the grids.
"""
import math
import re
import sys
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import solveh_banded

SUFFIX = {"meg": 1e6, "mil": 25.4e-6, "t": 1e12, "g": 1e9, "k": 1e3, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15}


class Deck:
    def __init__(self, path):
        self.parameters, self.models, self.branches, self.sources = {}, {}, [], {}
        self.read(Path(path), True)
        self.build()

    def number(self, text):
        if text.startswith("{"):
            return float(eval(text.strip("{}"), {"__builtins__": {}}, self.parameters))
        match = re.fullmatch(r"([-+]?[\d.]+(?:e[-+]?\d+)?)(meg|mil|[tgkmunpf])?[a-z]*", text.lower())
        return float(match[1]) * SUFFIX.get(match[2] or "", 1.0)

    def read(self, path, top):
        lines = path.read_text().splitlines()[1 if top else 0:]
        for line in lines:
            words = re.sub(r"\s*=\s*", "=", line.split(";")[0]).replace("(", " ( ").replace(")", " ) ").split()
            if not words or words[0][0] == "*":
                continue
            card = words[0].lower()
            options = {k.lower(): v for k, v in (w.split("=") for w in words if "=" in w and not w.startswith("{"))}
            if card == ".include":
                self.read(path.parent / words[1], False)
            elif card == ".param":
                self.parameters.update({k: self.number(v) for k, v in options.items()})
            elif card == ".model":
                self.models[words[1]] = options
            elif card[0] == "v":
                self.sources[card] = (words[1], words[2], [self.number(w) for w in words[3:] if re.match(r"[-+.\d{]", w)],
                                      words[3].lower())
            elif card[0] in "yr":
                self.branches.append((card, words[1], words[2], words[3], options))
            elif card not in (".tran", ".omega", ".save", ".options", ".end"):
                raise SystemExit(f"cannot read: {line}")

    def build(self):
        """Branches and bare sources become edges; a node is joined to another by at least one."""
        edges = [(name, a, b) for name, a, b, _, _ in self.branches] + [(n, a, b) for n, (a, b, _, _) in self.sources.items()]
        nodes = {"0": 0}
        for _, a, b in edges:
            nodes.setdefault(a, len(nodes)), nodes.setdefault(b, len(nodes))
        self.edges = [(nodes[a], nodes[b]) for _, a, b in edges]
        self.node_count, self.count = len(nodes), len(self.branches)
        values = {"ron": 100.0, "roff": 16e3, "alpha": 0.0, "beta": 1.0, "polarity": 1.0, "active": 0.0, "w0": 0.5}
        columns = {k: np.zeros(self.count) for k in values}
        self.voltage_controlled = np.zeros(self.count, bool)
        for k, (name, _, _, model, options) in enumerate(self.branches):
            if name[0] == "r":
                given = {"ron": self.number(model), "roff": self.number(model), "w0": 0.5}
            else:
                options = {**self.models[model], **options}
                given = {p: self.number(options[p]) for p in values if p in options}
                self.voltage_controlled[k] = options.get("control") == "voltage"
            for p in values:
                columns[p][k] = given.get(p, values[p])
        self.__dict__.update(columns)
        self.sign = 1 - 2 * self.active
        self.moves = np.array([name[0] == "y" for name, *_ in self.branches], float)

    def emf(self, t):
        out = np.zeros(len(self.sources))
        for k, (_, _, v, kind) in enumerate(self.sources.values()):
            out[k] = v[0] + v[1] * math.sin(2 * math.pi * v[2] * t) if kind == "sin" else v[0]
        return out

    def loops(self):
        """Fundamental cycles: +1 along the edge. Bare sources first into the tree, so that every chord has a resistance."""
        parent = list(range(self.node_count))

        def root(n):
            while parent[n] != n:
                n = parent[n]
            return n

        order = list(range(self.count, len(self.edges))) + list(range(self.count))
        tree, chords = {n: [] for n in range(self.node_count)}, []
        for e in order:
            a, b = self.edges[e]
            if root(a) == root(b):
                chords.append(e)
                continue
            parent[root(a)] = root(b)
            tree[a].append((b, e, 1.0)), tree[b].append((a, e, -1.0))
        A = np.zeros((len(chords), len(self.edges)))
        for row, e in enumerate(chords):
            a, b = self.edges[e]
            A[row, e] = 1.0
            seen, stack = {b: None}, [b]
            while a not in seen:
                n = stack.pop()
                for m, f, s in tree[n]:
                    if m not in seen:
                        seen[m] = (n, f, s)
                        stack.append(m)
            while seen[a] is not None:
                a, f, s = seen[a]
                A[row, f] += s
        return A

    def prepare(self, banded):
        if not banded:
            A = self.loops()
            self.A, self.S = A[:, : self.count], -A[:, self.count:]
            self.current = self.current_loops
            return
        # Every branch in series with a source of its own: potentials of the nodes that are left.
        inner = {self.edges[self.count + k][0]: (self.edges[self.count + k][1], k) for k in range(len(self.sources))}
        ends = [(*inner[a], b) for a, b in self.edges[: self.count]]
        kept = sorted({n for a, _, b in ends for n in (a, b)} - {0})
        place = {n: i for i, n in enumerate(kept)} | {0: -1}
        self.from_node = np.array([place[a] for a, _, _ in ends])
        self.to_node = np.array([place[b] for _, _, b in ends])
        self.series = np.array([k for _, k, _ in ends])
        self.size = len(kept)
        self.bandwidth = max(abs(a - b) for a, b in zip(self.from_node, self.to_node) if min(a, b) >= 0)
        self.current = self.current_nodes

    def resistance(self, w):
        return self.sign * (self.ron + (self.roff - self.ron) * w)

    def current_loops(self, t, w):
        self.matrix = (self.A * self.resistance(w)) @ self.A.T
        return self.A.T @ np.linalg.solve(self.matrix, self.S @ self.emf(t))

    def current_nodes(self, t, w):
        g, s = 1 / self.resistance(w), self.emf(t)[self.series]
        a, b, n = self.from_node, self.to_node, self.size
        band = np.zeros((self.bandwidth + 1, n))
        np.add.at(band, (0, a[a >= 0]), g[a >= 0]), np.add.at(band, (0, b[b >= 0]), g[b >= 0])
        both = (a >= 0) & (b >= 0)
        np.add.at(band, (abs(a - b)[both], np.minimum(a, b)[both]), -g[both])
        right = np.zeros(n + 1)
        np.add.at(right, a, -g * s), np.add.at(right, b, g * s)
        p = np.append(solveh_banded(band, right[:n], lower=True), 0.0)
        return g * (p[a] - p[b] + s)

    def rate(self, t, w):
        i = self.current(t, w)
        drive = np.where(self.voltage_controlled, self.resistance(w), self.ron) * i
        return self.moves * (self.alpha * w - self.polarity / self.beta * drive)

    def smooth(self, times):
        run = solve_ivp(self.rate, (0, max(times)), self.w0, method="DOP853", rtol=1e-11, atol=1e-13, dense_output=True)
        states = run.sol(np.linspace(0, run.sol.t_max, 10001))[self.moves > 0]
        if states.min() < 0 or states.max() > 1:
            raise SystemExit("a state reaches a bound: use --bounds H")
        if run.status != 0:
            print(f"no solution beyond t = {run.sol.t_max:.9g}")
        return {t: run.sol(t) for t in times if t <= run.sol.t_max}, 0

    def projected(self, times, h):
        w, t, out, visited = self.w0.copy(), 0.0, {}, np.zeros(self.count, bool)

        def f(t, w):
            d = self.rate(t, w)
            return np.where(w >= 1, np.minimum(d, 0), np.where(w <= 0, np.maximum(d, 0), d))

        for n in range(round(max(times) / h) + 1):
            t = n * h
            for wanted in times:
                if abs(t - wanted) < h / 2:
                    out[wanted] = w.copy()
            k1 = f(t, w)
            k2 = f(t + h / 2, np.clip(w + h / 2 * k1, 0, 1))
            k3 = f(t + h / 2, np.clip(w + h / 2 * k2, 0, 1))
            k4 = f(t + h, np.clip(w + h * k3, 0, 1))
            w = np.clip(w + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), 0, 1)
            visited |= (w == 0) | (w == 1)
        return out, int(visited.sum())


def main():
    arguments = sys.argv[1:]
    h = None
    if "--bounds" in arguments:
        at = arguments.index("--bounds")
        h = float(arguments[at + 1])
        del arguments[at: at + 2]
    deck = Deck(arguments[0])
    times = [float(t) for t in arguments[1:]]
    deck.prepare(banded=len(deck.branches) > 500)
    states, visits = deck.projected(times, h) if h else deck.smooth(times)
    for t, w in states.items():
        i = deck.current(t, w)
        for k, (name, *_) in enumerate(deck.branches):
            print(f"t={t:<8g} {name:8} w = {w[k]:.9f}   i = {i[k]:.9e}")
    if h:
        print("states that visit a bound:", visits)


main()
