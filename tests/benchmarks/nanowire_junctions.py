#!/usr/bin/env python3
"""What a good script does with junctions of nanowires: the competitor of level 9, as runge_kutta.py is of level 1.

    memspice generate nanowire --size 1k --density 9.5 --model kuncic --amplitude 1 --tran '10m 1' -o wires.cir
    nanowire_junctions.py wires.cir out.raw [tolerance]

Dormand and Prince's pair 5(4) on the fluxes alone, Kirchhoff's law as there. Prints its counts as JSON.
"""
import json
import sys

import numpy as np
from scipy.integrate import RK45
from runge_kutta import Network, Potentials, write_rows


class Junctions(Network):
    def rates_and_conductances(self):
        p = {k: float(v) for k, v in self.model.items() if k not in ("level", "tunnel")}
        scale = 2 / (p["area"] * p["phi"] ** 0.5 * 4.71307e-5)
        exponent = 10.19 * p["phi"] ** 2

        def conductances(flux):
            gap = np.maximum(0, p["smax"] * (1 - np.abs(flux) / p["lcrit"]))
            return 1 / (scale * gap**2 * np.exp(exponent * gap) + p["ron"]) + 1 / p["roff"]

        def rates(flux, volts):
            size = np.abs(volts)
            rate = np.maximum(size - p["vset"], 0) * np.sign(volts)
            rate -= p["b"] * np.maximum(p["vreset"] - size, 0) * np.tanh(flux / (p["width"] * p["lcrit"]))
            rate[((flux <= -p["lmax"]) & (rate < 0)) | ((flux >= p["lmax"]) & (rate > 0))] = 0
            return rate

        return conductances, rates, p["lmax"]


def integrate(network, tolerance):
    conductances, rates_of, most = network.rates_and_conductances()
    potentials = Potentials(network, 0.1 * tolerance * np.abs(network.amplitude).max())
    count = len(network.w0)
    evaluations = steps = 0

    def rates(t, state):
        nonlocal evaluations
        evaluations += 1
        flux = np.clip(state, -most, most)
        g = np.r_[conductances(flux), network.resistor_conductance]
        emf = network.emf @ (network.amplitude * np.sin(network.omega * t))
        v = potentials.solve(g, -(network.transposed @ (g * emf)))
        return rates_of(flux, (network.incidence @ v + emf)[:count])

    times = np.linspace(0, network.stop, round(network.stop / network.step) + 1)
    rows = [network.w0]
    method = RK45(rates, 0, network.w0, network.stop, rtol=tolerance, atol=0.1 * tolerance * most,
                  max_step=0.01 * network.stop)
    while method.status == "running":
        method.step()
        steps += 1
        inside = times[len(rows):][times[len(rows):] <= method.t * (1 + 1e-12)]
        if len(inside):
            rows.extend(np.clip(method.dense_output()(inside).T, -most, most))
        if np.abs(method.y).max() > most:
            method.y = np.clip(method.y, -most, most)
            method.f = rates(method.t, method.y)
    return times, np.array(rows), {"steps": steps, "evaluations": evaluations, "solves": potentials.solves,
                                   "factorisations": potentials.factorisations}


def main():
    network = Junctions(sys.argv[1])
    times, rows, counts = integrate(network, float(sys.argv[3]) if len(sys.argv) > 3 else 1e-5)
    write_rows(sys.argv[2], sys.argv[1], "lambda", network.names, times, rows)
    print(json.dumps(counts))


main()
