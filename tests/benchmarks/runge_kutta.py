#!/usr/bin/env python3
"""What a good script does with a network that `memspice generate` wrote: the competitor of run.py.

    runge_kutta.py deck.cir out.raw [tolerance]

It integrates the states alone, by Dormand and Prince's pair 5(4). Each evaluation solves Kirchhoff's law
L(w) v = b(w, t) by conjugate gradients; SuperLU's factor of an older L, in a symmetric ordering, is the
preconditioner, and the first guess is the best combination of the last four solutions. States that pass a
bound are cut there. Prints its counts as JSON.
"""
import json
import sys

import numpy as np
import scipy.sparse as sp
from scipy.integrate import RK45
from scipy.sparse.linalg import splu

STALE = 10  # iterations of one solution, from which on a new factor pays


class Network:
    """Branches between rows of the Laplacian: memristors first, then resistors; row 0 is ground."""

    def __init__(self, path):
        sources, memristors, resistors = [], [], []
        parameters = {}
        for line in open(path):
            words = line.replace("(", " ").replace(")", " ").replace("=", " ").split()
            if line.startswith("V"):
                sources.append((words[1], words[2], float(words[5]), float(words[6])))
            elif line.startswith("Y"):
                memristors.append((words[1], words[2], words[0].lower(), float(words[5]) if len(words) > 5 else 0.0))
            elif line.startswith("R"):
                resistors.append((words[1], words[2], float(words[3])))
            elif line.startswith(".param"):
                parameters = {f"{{{name}}}": value for name, value in zip(words[1::2], words[2::2])}
            elif line.startswith(".model"):
                self.model = {name: parameters.get(value, value) for name, value in zip(words[3::2], words[4::2])}
            elif line.startswith(".tran"):
                self.step, self.stop = float(words[1]), float(words[2])
        self.names = [m[2] for m in memristors]
        self.w0 = np.array([m[3] for m in memristors])
        self.amplitude = np.array([s[2] for s in sources])
        self.omega = 2 * np.pi * np.array([s[3] for s in sources])
        self.resistor_conductance = 1 / np.array([r[2] for r in resistors])

        tied = {plus: (minus, k) for k, (plus, minus, *_) in enumerate(sources)}  # node: other node, source
        rows = {"0": 0}
        count = len(memristors) + len(resistors)
        entries, emfs = ([], [], []), ([], [], [])
        for k, (plus, minus, *_) in enumerate(memristors + resistors):
            for node, sign in ((plus, 1.0), (minus, -1.0)):
                if node in tied:
                    node, source = tied[node]
                    for column, value in zip(emfs, (sign, k, source)):
                        column.append(value)
                row = rows.setdefault(node, len(rows))
                if row > 0:
                    for column, value in zip(entries, (sign, k, row - 1)):
                        column.append(value)
        self.incidence = sp.csr_matrix((entries[0], entries[1:]), (count, len(rows) - 1))
        self.emf = sp.csr_matrix((emfs[0], emfs[1:]), (count, len(sources)))
        self.transposed = self.incidence.T.tocsr()
        self.laplacian = (self.transposed @ self.incidence).tocsc()
        self.laplacian.sort_indices()
        # The values of L are a linear function of the conductances: values = assembly @ g.
        columns = np.repeat(np.arange(len(rows) - 1), np.diff(self.laplacian.indptr))
        keys = columns * len(rows) + self.laplacian.indices
        of, row, sign = (np.array(x) for x in (entries[1], entries[2], entries[0]))
        first = np.r_[0, np.flatnonzero(np.diff(of)) + 1] if len(of) else np.array([], int)
        both = first[np.diff(np.r_[first, len(of)]) == 2]
        i = np.r_[row, row[both], row[both + 1]]
        j = np.r_[row, row[both + 1], row[both]]
        value = np.r_[np.ones(len(row)), -np.ones(2 * len(both))]
        branch = np.r_[of, of[both], of[both]]
        places = np.searchsorted(keys, j * len(rows) + i)
        self.assembly = sp.csr_matrix((value, (places, branch)), (len(keys), count))


class Potentials:
    def __init__(self, network, tolerance):
        self.network, self.tolerance = network, tolerance
        self.last = np.zeros((network.laplacian.shape[0], 0))
        self.factor = None
        self.solves = self.factorisations = 0

    def factorise(self):
        symmetric = {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0, "options": {"SymmetricMode": True}}
        self.factor = splu(self.network.laplacian, **symmetric)
        self.factorisations += 1

    def solve(self, conductances, b):
        """v with ‖v - L⁻¹b‖∞ below the tolerance, as the preconditioner has it."""
        L = self.network.laplacian
        L.data = self.network.assembly @ conductances
        if self.factor is None:
            self.factorise()
        images = L @ self.last
        v = self.last @ np.linalg.lstsq(self.last.T @ images, self.last.T @ b, rcond=1e-12)[0]
        r = b - L @ v
        p, old, iterations = 0, 1, 0
        while True:
            z = self.factor.solve(r)
            self.solves += 1
            if np.abs(z).max() <= self.tolerance:
                v = v + z
                break
            product = r @ z
            p = z + (product / old if iterations else 0) * p
            image = L @ p
            length = product / (p @ image)
            v, r, old = v + length * p, r - length * image, product
            iterations += 1
        if iterations > STALE:
            self.factorise()
        self.last = np.c_[self.last[:, -3:], v]
        return v


def integrate(network, tolerance):
    potentials = Potentials(network, 0.1 * tolerance * max(np.abs(network.amplitude).max(), 1e-30))
    memristors = len(network.w0)
    ron, roff, alpha, beta = (float(network.model[k]) for k in ("ron", "roff", "alpha", "beta"))
    evaluations = steps = 0

    def rates(t, state):
        nonlocal evaluations
        evaluations += 1
        w = np.clip(state, 0, 1)
        g = np.r_[1 / (ron + (roff - ron) * w), network.resistor_conductance]
        emf = network.emf @ (network.amplitude * np.sin(network.omega * t))
        v = potentials.solve(g, -(network.transposed @ (g * emf)))
        current = (g * (network.incidence @ v + emf))[:memristors]
        rate = alpha * w - ron / beta * current
        rate[((state <= 0) & (rate < 0)) | ((state >= 1) & (rate > 0))] = 0
        return rate

    times = np.linspace(0, network.stop, round(network.stop / network.step) + 1)
    rows = [network.w0]
    method = RK45(rates, 0, network.w0, network.stop, rtol=tolerance, atol=0.1 * tolerance)
    while method.status == "running":
        method.step()
        steps += 1
        inside = times[len(rows):][times[len(rows):] <= method.t * (1 + 1e-12)]
        if len(inside):
            rows.extend(np.clip(method.dense_output()(inside).T, 0, 1))
        if method.y.min() < 0 or method.y.max() > 1:
            method.y = np.clip(method.y, 0, 1)
            method.f = rates(method.t, method.y)
    return times, np.array(rows), {"steps": steps, "evaluations": evaluations, "solves": potentials.solves,
                                   "factorisations": potentials.factorisations}


def write_rows(path, title, accessor, names, times, rows):
    """A raw file of states."""
    with open(path, "wb") as file:
        head = [f"Title: {title}", "Plotname: Transient Analysis", "Flags: real"]
        head += [f"No. Variables: {len(names) + 1}", f"No. Points: {len(times)}"]
        head += ["Variables:", "\t0\ttime\ttime"]
        head += [f"\t{k}\t{accessor}({name})\tnotype" for k, name in enumerate(names, 1)]
        file.write(("\n".join(head) + "\nBinary:\n").encode())
        file.write(np.c_[times, rows].tobytes())


def main():
    deck, out = sys.argv[1:3]
    network = Network(deck)
    times, rows, counts = integrate(network, float(sys.argv[3]) if len(sys.argv) > 3 else 1e-5)
    write_rows(out, deck, "w", network.names, times, rows)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
