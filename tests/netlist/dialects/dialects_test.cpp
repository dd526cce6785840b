#include "netlist/circuits.hpp"

using namespace memspice;

namespace {

std::vector<std::string> warnings(const std::string& cards) {
  std::vector<std::string> texts;
  for (const Diagnostic& warning : circuit_of("V1 a 0 1\nR1 a 0 1k\n" + cards + ".op\n").warnings)
    texts.push_back(warning.message);
  return texts;
}

using Texts = std::vector<std::string>;

const std::string ltspice = ".backanno\n";
const std::string xyce = ".options device temp=27\n";
const std::string power = ".param p=2^3 ; ^\n";

}  // namespace

TEST_CASE("a caret is named only in decks for simulators that take it for exclusive or") {
  CHECK(warnings(power).empty());
  CHECK(warnings(power + ltspice) == Texts{"'^' is a power here; LTspice and Xyce take it for exclusive or"});
  CHECK(warnings(power + xyce) == Texts{"'^' is a power here; LTspice and Xyce take it for exclusive or"});
  CHECK(warnings(".param p=2**3 ; ^\n" + ltspice).empty());
  const Circuit circuit = circuit_of("V1 a 0 1\nR1 a 0 1k ; ^\n.param q=1\n+ p={2^3}\n.backanno\n.op\n");
  CHECK(circuit.warnings.at(0).line == 5);
  CHECK(circuit.warnings.at(0).column == 7);
  CHECK(circuit.warnings.at(0).hint ==
        "this deck looks like one for LTspice: '.backanno'; '**' is a power in all");
}

TEST_CASE("log is named in decks for Xyce, where it is to base 10") {
  const Texts expected{"log() is the natural logarithm here; Xyce's is to base 10"};
  CHECK(warnings(".param p={log(2)}\n" + xyce) == expected);
  CHECK(warnings(".param p=1+LOG (2)\n" + xyce) == expected);
  CHECK(warnings(".param p={log10(2)+ln(3)} logs=1\n" + xyce).empty());
  CHECK(warnings(".param p={log(2)}\n" + ltspice).empty());
}

TEST_CASE("phases are named where they would be in degrees") {
  const std::string phase = ".ac dec 1 1 10\n.print ac vp(a)\n";
  const std::string script = ".control\nset units=degrees\nop\n.endc\n";
  const Texts expected{"vp() is in radians here"};
  CHECK(warnings(phase).empty());
  CHECK(warnings(phase + xyce) == expected);
  CHECK(warnings(phase + script) == expected);
  CHECK(warnings(".ac dec 1 1 10\n.print ac vm(a)\n" + script).empty());
}

TEST_CASE("gnd is named in decks for Xyce unless they ask for it to be ground") {
  const std::string element = "R2 a GND 1\n";
  CHECK(warnings(element).empty());
  CHECK(warnings(element + xyce) == Texts{"'gnd' is ground here; Xyce takes it for a node like any other"});
  CHECK(warnings(element + ".preprocess replaceground true\n") ==
        Texts{"'.preprocess' does nothing in memspice"});
  CHECK(warnings("YMEMRISTOR m a gnd m\n.model m memristor\n").size() == 1);
}

TEST_CASE("an a behind a number is an ampere, and named where it may be meant for an atto") {
  CHECK(warnings("I1 a 0 1a\n") == Texts{"'1a' is 1: a is no scale factor"});
  CHECK(warnings("C1 a 0 5aF\n") == Texts{"'5aF' is 5: a is no scale factor"});
  CHECK(warnings("I1 a 0 3Amp\nI2 a 0 1mA\nI3 a 0 2A\nC1 a 0 2pF\n").empty());
  for (const char* value : {"3Amp", "3A", "3a", "3amps", "3e0A", "3.0A"})
    CHECK(circuit_of(std::string("R1 a 0 1\nI1 a 0 ") + value + "\n.op\n").current_sources.at(0).dc == 3);
}

TEST_CASE("micro signs of UTF-8 and of Latin-1 are micro") {
  for (const char* micro : {"\xc2\xb5", "\xce\xbc", "\xb5", "u"}) {
    CHECK(parameter(circuit_of(std::string("R1 a 0 1\nV1 a 0 1\nC1 a 0 4.7") + micro + "F\n"), "c1", "c") ==
          4.7e-6);
    CHECK(parameter(circuit_of(std::string("R1 a 0 1\nV1 a 0 1\nC1 a 0 {2*3") + micro + "}\n"), "c1", "c") ==
          6e-6);
  }
}

TEST_CASE(".tran takes Xyce's noop for uic and names what LTspice would do besides") {
  const std::string load = "V1 a 0 1\nR1 a 0 1k\n";
  const Circuit circuit = circuit_of(load + ".tran 1n 1u noop\n.tran 1m steady nodiscard\n");
  CHECK(circuit.analyses.at(0).as<TransientCard>().use_initial_conditions);
  CHECK(circuit.analyses.at(1).as<TransientCard>().stop == 1e-3);
  CHECK(circuit.warnings.size() == 2);
  CHECK(error_of(load + ".tran 1n 1m sweep r 1 2\n") == "behind 'sweep' memspice reads data=name only");
}

TEST_CASE("other spellings of definitions define the same") {
  const Circuit circuit = circuit_of(
      "V1 a 0 1\n.macro load p params: r=1\n.global_param inner={2*r0}\nR1 p 0 {r*inner}\n.eom\nX1 a load "
      "r=3\n.parameters "
      "r0=5\nR2 a 0 {inner}\n.protect\n.unprotect\n");
  CHECK(parameter(circuit, "x1.r1", "r") == 30);
  CHECK(parameter(circuit, "r2", "r") == 10);
  CHECK(circuit.warnings.empty());
}

TEST_CASE("cards of other simulators are errors where results would be missing, and warnings elsewhere") {
  CHECK(warnings(".wave out.wav 16 44.1k v(a)\n.loadbias x\n.width out=80\n") ==
        Texts{"'.wave' does nothing in memspice", "'.loadbias' does nothing in memspice",
              "'.width' does nothing in memspice"});
  CHECK(error_of("R1 a 0 1\n.alter\nR1 a 0 2\n") == "memspice does not have '.alter'");
}

TEST_CASE("what LTspice and Xyce do otherwise is named in decks for them") {
  const std::string lines = "B1 b 0 V={pwl(v(a), 0, 0, 1, 1)}\nR2 b 0 1\n";
  CHECK(warnings(lines).empty());
  CHECK(warnings(lines + xyce) ==
        Texts{"the outer lines of pwl() go on; Xyce's are constant beyond its points"});
  CHECK(warnings("V2 b 0 PWL(0 0 1 1)\nR2 b 0 1\n" + xyce).empty());
  const std::string powers = "B1 b 0 V={pwr(v(a), 2)}\nR2 b 0 1\n";
  CHECK(warnings(powers).empty());
  CHECK(warnings(powers + ltspice) ==
        Texts{"pwr() of the running circuit has the sign of its first argument here"});
  const std::string coil = "L1 a b 1m\nR2 b 0 1\nL2 a b 1m\n";
  CHECK(warnings(coil).empty());
  CHECK(warnings(coil + ltspice) ==
        Texts{"an inductor has no resistance here; LTspice gives it 1 milliohm in series"});
  CHECK(warnings("L1 a b 1m Rser=0\nR2 b 0 1\n" + ltspice).empty());
}

TEST_CASE("what ngspice does otherwise is named once") {
  CHECK(warnings("V2 b 0 PWL(0 0 +1m 1 +1m 0)\nR2 b 0 1\n") ==
        Texts{"a time of PWL with a sign counts from the one before, as in LTspice"});
  CHECK(warnings(".subckt s p\nR1 p 0 1k m=2\nR2 p 0 1k m=3\n.ends\nX1 a s m=2\n") ==
        Texts{"m= within a subcircuit with m= multiplies it"});
  CHECK(warnings(".subckt s p\nR1 p 0 1k m=2\n.ends\nX1 a s\n").empty());
  for (const std::string element :
       {"B1 p 0 I={v(p)}", "G1 p 0 POLY(1) p 0 0 1 1", "T1 p 0 q 0 z0=50 td=1n\nRq q 0 1"})
    CHECK(warnings(".subckt s p\n" + element + "\n.ends\nX1 a s m=2\n") ==
          Texts{"m= of a subcircuit stands for copies of its B, G and T elements too"});
}
