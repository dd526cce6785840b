#include "netlist/circuits.hpp"

using namespace memspice;

namespace {

const std::string load = "R1 out 0 1k\nC1 out 0 1u\n";

TransientCard transient(const std::string& card) {
  return circuit_of(load + card + "\n").analyses.at(0).as<TransientCard>();
}

std::vector<std::string> saves(const std::string& card) {
  std::vector<std::string> patterns;
  for (const SaveRequest& request : circuit_of(load + card + "\n").outputs.saves)
    patterns.push_back(request.pattern);
  return patterns;
}

using Texts = std::vector<std::string>;

SourceFunction waveform(const std::string& text) {
  return circuit_of("V1 out 0 " + text + "\n" + load).functions[0];
}

Source voltage(const std::string& text) {
  return circuit_of("V1 out 0 " + text + "\n" + load).voltage_sources.at(0);
}

}  // namespace

TEST_CASE(".tran takes its times in SPICE's order, or the stop time alone") {
  const TransientCard full = transient(".tran 1u {2*5m} 1m, 10u UIC");
  CHECK(full.step == 1e-6);
  CHECK(full.stop == 1e-2);
  CHECK(full.start == 1e-3);
  CHECK(full.max_step == 1e-5);
  CHECK(full.use_initial_conditions);
  const TransientCard stop = transient(".tran 3");
  CHECK(stop.step == 0);
  CHECK(stop.stop == 3);
  CHECK(stop.max_step == infinity);
  CHECK_FALSE(stop.use_initial_conditions);
  CHECK(transient(".TRAN 0 3").step == 0);
}

TEST_CASE("analyses keep their order") {
  const Circuit circuit = circuit_of(load + ".op\n.tran 1\n.op\n.omega tol=1e-3\n");
  CHECK(circuit.analyses.size() == 3);
  CHECK(circuit.analyses[2].get_if<OperatingPointCard>());
  CHECK(find_card<OmegaCard>(circuit.observers)->tolerance == 1e-3);
}

TEST_CASE("options are read with every spelling of the card and a meaningless one is named") {
  const Circuit circuit = circuit_of(load +
                                     ".options reltol=1e-6 vntol=1n, abstol = 1p\n.option "
                                     "statetol={1e-9}\n.opt interp maxord=2 max_steps=1e6 gmin=0 gshunt=0\n");
  CHECK(circuit.options.reltol == 1e-6);
  CHECK(circuit.options.vntol == 1e-9);
  CHECK(circuit.options.abstol == 1e-12);
  CHECK(circuit.options.statetol == 1e-9);
  CHECK(circuit.options.interp);
  CHECK(circuit.options.max_order == 2);
  CHECK(circuit.options.max_steps == 1000000);
  REQUIRE(circuit.warnings.size() == 1);
  CHECK(circuit.warnings[0].message == "option 'gshunt' does nothing in memspice");
  CHECK(circuit.warnings[0].hint == "memspice adds no conductances");
}

TEST_CASE("requests for output keep their patterns in lower case") {
  CHECK(saves(".save V(Out) i( r* ) v(out , 0) @R1[i] out all") ==
        Texts{"v(out)", "i(r*)", "v(out,0)", "@r1[i]", "out", "all"});
  CHECK(saves(".probe") == Texts{"all"});
  CHECK(saves(".probe/csdf V(alias(*)) I(alias(*)) W(alias(*)) D(alias(*))") ==
        Texts{"v(*)", "i(*)", "p(*)"});
  CHECK(saves(".probe V(alias(OUT)) v(in)") == Texts{"v(out)", "v(in)"});
  CHECK(saves(".options savecurrents") == Texts{"all", "i(*)"});
  CHECK(saves(".print tran format=raw file=x.raw v(out)") == Texts{"v(out)"});
}

TEST_CASE("initial conditions and node sets name nodes and states") {
  const Circuit circuit =
      circuit_of(load + ".model m memristor\nY1 OUT 0 m\n.ic V(out)={1+1}, w(Y1)=0.75\n.nodeset v(out)=3\n");
  REQUIRE(circuit.initial_conditions.size() == 1);
  CHECK(circuit.initial_conditions[0].voltage == 2);
  CHECK(circuit.nodesets.at(0).voltage == 3);
  CHECK(parameter(circuit, "y1", "w0") == 0.75);
}

TEST_CASE("sources take a value and a waveform, with parentheses or without") {
  CHECK(voltage("5").dc == 5);
  CHECK(voltage("DC 5 AC 1 90").dc == 5);
  CHECK(voltage("dc={2+3} ac 1").dc == 5);
  CHECK(voltage("AC 1").dc == 0);
  CHECK(voltage("SIN(1 2 1k)").dc == 1);
  CHECK(voltage("SIN(1 2 1k 0 0 90)").dc == 3);
  CHECK(voltage("7 SIN(1 2 1k)").dc == 7);
  CHECK(voltage("PULSE(3 5)").dc == 3);
  CHECK(waveform("PULSE 0 5 1m 1u, 2u 3m 10m AC 1").values ==
        std::array<double, 7>{0, 5, 1e-3, 1e-6, 2e-6, 3e-3, 1e-2});
  CHECK(waveform("exp(-1 {2*2} 1)").values[1] == 4);
  CHECK(waveform("PWL(0,0 1m,5 2m,5)").points ==
        std::vector<std::pair<double, double>>{{0, 0}, {1e-3, 5}, {2e-3, 5}});
  CHECK(waveform("PWL 0 0 1 -1 r=0 td=2").repeat_from == 0);
  CHECK(waveform("PWL(0 0 1 1) td=2").delay == 2);
  CHECK(std::isnan(waveform("PWL(0 0 1 1) r=-1").repeat_from));
  CHECK(std::isnan(waveform("SIN(0 1)").values[2]));
}

TEST_CASE("R, C and L take their value by position, by name and as an expression") {
  const Circuit circuit = circuit_of(
      "R1 a 0 -1k\nR2 a 0 r=2k\nR3 a 0 {2*2}\nR4 a 0 0\nC1 a 0 1u ic=2\nC2 a 0 C=1u\nL1 a 0 1m ic={1}\nL2 a "
      "0 l = 2 * 3\n");
  CHECK(parameter(circuit, "r1", "r") == -1000);
  CHECK(parameter(circuit, "r2", "r") == 2000);
  CHECK(parameter(circuit, "r3", "r") == 4);
  CHECK(parameter(circuit, "r4", "r") == 0);
  CHECK(parameter(circuit, "c1", "ic") == 2);
  CHECK(parameter(circuit, "c2", "c") == 1e-6);
  CHECK(std::isnan(parameter(circuit, "c2", "ic")));
  CHECK(parameter(circuit, "l1", "ic") == 1);
  CHECK(parameter(circuit, "l2", "l") == 6);
}

TEST_CASE("a memristor's own parameters go before its model's, and aliases are the parameter") {
  const Circuit circuit = circuit_of(
      "Y1 a 0 mem w0=0.1 ron=5\nYMEMRISTOR rel a 0 mem xo=0.2\nY2 a 0 mem2\n"
      ".model mem memristor(level=1 ron=50 control=voltage)\n.model MEM2 memristor ron = 2*3 , "
      "window=none\n");
  CHECK(parameter(circuit, "y1", "ron") == 5);
  CHECK(parameter(circuit, "y1", "control") == 1);
  CHECK(parameter(circuit, "ymemristor!rel", "ron") == 50);
  CHECK(parameter(circuit, "ymemristor!rel", "w0") == 0.2);
  CHECK(parameter(circuit, "y2", "ron") == 6);
}

TEST_CASE("a title card replaces the first line") {
  CHECK(circuit_of(load + ".title  A Better Title \n").title == "A Better Title");
}
