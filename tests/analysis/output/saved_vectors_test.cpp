#include <string>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using testing::circuit_of;

namespace {

std::string saved(const std::string& cards) {
  MemorySink sink;
  run(circuit_of(
          ".model m memristor(ron=1 roff=2 beta=1)\nV1 a 0 SIN(0 1 1)\nY1 a b m w0=0.5\nY2 b 0 m w0=0.5\n"
          "R1 b 0 1\n.tran 0.5 1\n.options interp\n" +
          cards),
      sink);
  std::string names;
  for (const VectorInfo& vector : sink.plots().at(0).vectors) names += vector.name + " ";
  return names;
}

}  // namespace

TEST_CASE("a vector that several requests name is written once, where it is named first") {
  CHECK(saved(".save w(*)\n") == "time w(y1) w(y2) ");
  CHECK(saved(".save w(*) w(y1) w(*)\n") == "time w(y1) w(y2) ");
  CHECK(saved(".save w(y2) w(*) @y1[i] @y*[i]\n") == "time w(y2) w(y1) i(y1) i(y2) ");
  CHECK(saved(".save v(*) v(b) v(a,b) v(a,b)\n") == "time v(a) v(b) v(a,b) ");
  CHECK(saved(".save i(*)\n.print tran i(r1) i(v*) w(y1)\n") == "time i(v1) i(y1) i(y2) i(r1) w(y1) ");
  CHECK(saved(".save w(*) all\n") == "time w(y1) w(y2) v(a) v(b) i(v1) ");
}

TEST_CASE("measures find the vectors of a wildcard") {
  MemorySink sink;
  const RunReport report = run(circuit_of("V1 a 0 SIN(0 1 1)\nR1 a b 1\nR2 b 0 1\n.tran 0.01 1\n.save v(*)\n"
                                          ".measure tran high max v(b)\n.measure tran low min i(r1)\n"),
                               sink);
  REQUIRE(report.analyses.at(0).measures.size() == 2);
  CHECK(report.analyses[0].measures[0].value.value() == testing::approx(0.5).epsilon(1e-3));
  CHECK(report.analyses[0].measures[1].value.value() == testing::approx(-0.5).epsilon(1e-3));
  CHECK(sink.plots().at(0).vectors.size() == 3);
}
