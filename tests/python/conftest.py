import pathlib

import pytest

import memspice as ms

DIVIDER = """divider
V1 in 0 6
R1 in out {rtop}
R2 out 0 2k
.param rtop=1k
.op
"""

LOW_PASS = """low pass
V1 in 0 DC 0 AC 1 SIN(0 1 200)
R1 in out 1k
C1 out 0 1u
.tran 50u 20m
"""

MEMRISTOR = """one memristor
V1 in 0 SIN(0 1 1)
Y1 in 0 flat w0=0.5
.model flat memristor ron=100 roff=16k beta=0.02
.tran 1m 2
"""


@pytest.fixture
def divider() -> ms.Circuit:
    return ms.Circuit(DIVIDER)


@pytest.fixture
def low_pass() -> ms.Circuit:
    return ms.Circuit(LOW_PASS)


@pytest.fixture
def memristor() -> ms.Circuit:
    return ms.Circuit(MEMRISTOR)


@pytest.fixture(scope="session")
def netlists() -> pathlib.Path:
    return pathlib.Path(__file__).parents[2] / "netlists"
