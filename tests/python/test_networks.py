"""Generated networks and graphs of other packages."""

import numpy as np
import pytest

import memspice as ms


@pytest.mark.parametrize("make", [
    lambda: ms.networks.ring(5), lambda: ms.networks.complete(4), lambda: ms.networks.grid(3, 4),
    lambda: ms.networks.torus(3), lambda: ms.networks.ladder(4), lambda: ms.networks.random(20, degree=4),
    lambda: ms.networks.regular(10, degree=3), lambda: ms.networks.small_world(12, rewire=0.2),
    lambda: ms.networks.scale_free(12, links=2), lambda: ms.networks.crossbar(3, 4, rline=2.5),
    lambda: ms.networks.nanowire(60, density=12)])
def test_every_family_runs(make):
    plot = make().tran(0.05)
    states = plot["w(*)"]
    assert ((states >= 0) & (states <= 1)).all()


def test_seeds_and_options():
    a, b = ms.networks.grid(3, seed=1), ms.networks.grid(3, seed=2)
    assert a.text != b.text
    assert a.text == ms.networks.deck("grid", "3x3")
    assert a.with_values(seed=2).text == b.text
    drawn = ms.networks.deck("ring", 4, ron=(50, 200, "log"), source="dc", amplitude=(0, 0.5), cards=".omega")
    assert "ron 50:200:log" in drawn
    assert ".omega" in drawn
    with pytest.raises(ValueError, match="--links"):
        ms.networks.ring(5, links=2)
    with pytest.raises(ValueError, match="no option"):
        ms.networks.ring(5, colour="red")


def test_branches_make_the_graph(netlists):
    branches = ms.networks.grid(3).branches(memristors_only=True)
    assert len(branches) == 12
    assert branches[0][0] == "y1"


def test_graph_of_networkx():
    networkx = pytest.importorskip("networkx")
    graph = networkx.path_graph(3)
    graph.edges[0, 1]["w0"] = 0.25
    circuit = ms.Circuit.from_graph(graph, ron=100, roff=1100, beta=1.0, w0=0.5, source=1.0)
    op = circuit.op(save=["v(*)", "w(*)", "i(v1)"])
    assert op["w(y1)"] == 0.25
    assert op["i(v1)"] == pytest.approx(-1 / (350 + 600))
    assert circuit.node_names == {0: "0", 1: "n1", 2: "n2"}
    with pytest.raises(ValueError, match="no node"):
        ms.Circuit.from_graph(graph, ground="nowhere")


def test_matrix_of_scipy():
    sparse = pytest.importorskip("scipy.sparse")
    matrix = sparse.csr_array(np.array([[0, 0.25, 0], [0.25, 0, 0.5], [0, 0.5, 0]]))
    circuit = ms.Circuit.from_adjacency(matrix, weight="w0", ron=100, roff=1100, beta=1.0, source="DC 1")
    assert circuit.op()["i(v1)"] == pytest.approx(-1 / (350 + 600))
    assert circuit.text == ms.Circuit.from_graph(matrix.toarray(), weight="w0", ron=100, roff=1100, beta=1.0,
                                                 source="DC 1").text
