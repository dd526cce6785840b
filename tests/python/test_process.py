"""What a process that uses memspice for long counts on: time, memory, threads, interrupts."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from conftest import DIVIDER, MEMRISTOR

import memspice as ms

LONG = """a run that takes minutes
V1 in 0 SIN(0 1 1)
Y1 in 0 flat w0=0.5
.model flat memristor ron=100 roff=16k beta=0.02
.options maxstep=1u
.tran 1 1000
"""


def resident() -> int:
    """Bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def interrupt_after(seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    return timer


@pytest.mark.parametrize("run", [
    lambda c: c.run(), lambda c: c.simulation(1000.0, max_step=1e-6).run(),
    lambda c: c.sweep(v1=[0.1, 0.2], threads=2)])
def test_keyboard_interrupt_ends_a_run(run):
    pytest.importorskip("xarray")  # no interrupt may come while it is imported
    circuit = ms.Circuit(LONG)
    begin = time.monotonic()
    interrupt_after(0.5)
    with pytest.raises(KeyboardInterrupt):
        run(circuit)
    assert time.monotonic() - begin < 10


def test_other_threads_go_on_meanwhile():
    circuit, counted, ended = ms.Circuit(LONG), [0], threading.Event()

    def count():
        while not ended.is_set():
            counted[0] += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    interrupt_after(0.5)
    with pytest.raises(KeyboardInterrupt):
        circuit.run()
    ended.set()
    counter.join()
    assert counted[0] > 50


def test_progress_is_a_fraction():
    told = []
    ms.Circuit(LONG.replace(".tran 1 1000", ".tran 1m 0.5")).run(progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 1
    ms.Circuit(DIVIDER).op()


def test_an_exception_of_the_callback_ends_the_run():
    class Enough(Exception):
        pass

    def stop(fraction):
        raise Enough

    with pytest.raises(Enough):
        ms.Circuit(LONG).run(progress=stop)


def test_bar_of_tqdm(capsys):
    pytest.importorskip("tqdm")
    ms.Circuit(LONG.replace(".tran 1 1000", ".tran 1m 0.2")).run(progress=True)
    assert "100" in capsys.readouterr().err


def test_memory_does_not_grow_with_runs():
    circuit = ms.Circuit(MEMRISTOR.replace(".tran 1m 2", ".tran 1m 10m"))

    def run_often(times):
        for k in range(times):
            plot = circuit.with_values({"flat:beta": 0.02 + 1e-6 * k}).run()
            assert plot["w(*)"].shape[1] == 1

    often = int(os.environ.get("MEMSPICE_RUNS", "1000"))
    run_often(often // 2)
    before = resident()
    run_often(often)
    assert resident() - before < 2e6


def test_a_call_costs_less_than_a_millisecond():
    circuit = ms.Circuit(DIVIDER)
    seconds = []
    for _ in range(200):
        begin = time.perf_counter()
        circuit.op()["v(out)"]
        seconds.append(time.perf_counter() - begin)
    assert np.percentile(seconds, 10) < 1e-3  # of a machine that others use, too


def test_large_results_are_not_copied():
    numbers = float(os.environ.get("MEMSPICE_NUMBERS", "1e7"))
    circuit = ms.networks.grid(23, seed=1)  # 1012 memristors
    rows = round(numbers / 1012)
    plot = circuit.tran(1.0, 1.0 / rows, grid=True, save="w(*)")
    before = resident()
    states = plot["w(*)"]
    assert states.shape == (rows + 1, 1012)
    assert np.shares_memory(states, plot.data)
    assert resident() - before < 1e6


def test_the_command_is_the_program(tmp_path):
    (tmp_path / "deck.cir").write_text(DIVIDER.replace("{rtop}", "1k"))
    command = [sys.executable, "-m", "memspice"]
    done = subprocess.run([*command, "deck.cir", "-o", "out.csv"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "written: out.csv" in done.stdout
    assert (tmp_path / "out.csv").read_text().splitlines()[1].split(",")[:2] == ["6", "4"]
    assert subprocess.run([*command, "--bad"], cwd=tmp_path, capture_output=True, check=False).returncode == 2
