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


def test_names_of_nodes():
    networkx = pytest.importorskip("networkx")
    whole = networkx.Graph([(np.int64(0), np.int64(5)), (np.int64(5), 7)])
    assert list(ms.Circuit.from_graph(whole).node_names.values()) == ["0", "n5", "n7"]
    graph = networkx.Graph([("g", "x1"), ("x1", "b")])
    graph.edges["g", "x1"]["source"] = 1.0  # whose own node is called x1 otherwise
    circuit = ms.Circuit.from_graph(graph)
    assert len(circuit.nodes) == 4
    assert circuit.op()["v(x1)"] == pytest.approx(1.0)
    digraph = ms.Circuit.from_graph(networkx.MultiDiGraph([("a", "b"), ("b", "a"), ("a", "b")]))
    assert digraph.branches() == [("y1", "0", "b"), ("y2", "0", "b"), ("y3", "b", "0")]


def test_leaves_are_meant_and_idle_sources_are_not(recwarn):
    networkx = pytest.importorskip("networkx")
    ms.Circuit.from_graph(networkx.star_graph(5), source=1.0)
    assert not recwarn.list
    graph = networkx.path_graph(2)
    graph.add_node("alone")
    with pytest.raises(ValueError, match="no edge ends at node 'alone'"):
        ms.Circuit.from_graph(graph, source=1.0)
    assert ms.Circuit.from_graph(graph, source=1.0, port=1).op()["v(n1)"] == 1


def test_cards_are_a_text_or_several():
    networkx = pytest.importorskip("networkx")
    for cards in (".tran 1m 1", [".tran 1m 1"]):
        assert ms.Circuit.from_graph(networkx.path_graph(3), source=1.0, cards=cards).run().time[-1] == 1


@pytest.mark.parametrize("matrix, message", [
    ([[0, 0], [1, 0]], "not symmetric"), ([[0, 0.2], [0.7, 0]], "not symmetric"), ([1, 2], "two dimensions"),
    ([[0, 1]], "square"), ([[0, 1j], [1j, 0]], "real"), ([[0, np.nan], [np.nan, 0]], "finite"), ([], "two dimensions")])
def test_matrices_that_are_none_of_a_graph(matrix, message):
    with pytest.raises(ValueError, match=message):
        ms.Circuit.from_graph(matrix)


def test_matrices_of_every_kind():
    sparse = pytest.importorskip("scipy.sparse")
    dense = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
    edges = [("y1", "0", "n1"), ("y2", "n1", "n2")]
    for matrix in (dense, dense.tolist(), dense.astype(bool), np.triu(dense), sparse.csr_matrix(dense),
                   sparse.coo_array(dense), sparse.lil_matrix(dense), sparse.dok_matrix(dense), sparse.dia_array(dense)):
        assert ms.Circuit.from_graph(matrix).branches() == edges
    twice = sparse.coo_matrix(([0.1, 0.2], ([0, 0], [1, 1])), shape=(2, 2))
    assert ms.Circuit.from_adjacency(twice, weight="w0", source=1.0).op()["w(y1)"] == pytest.approx(0.3)
    with pytest.raises(TypeError, match="edges"):
        ms.Circuit.from_graph("a name")
