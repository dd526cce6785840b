// Xyce's objectives of .sens against closed forms and differences of runs.
#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "support/approx.hpp"
#include "support/random.hpp"
#include "support/run_deck.hpp"

using namespace memspice;
using memspice::testing::run_deck;

TEST_CASE("an objective's derivatives are those of its closed form, in the table of .print sens") {
  const auto run = run_deck(
      "V1 a 0 10\nR1 a b 1k\nR2 b 0 2k\n.op\n.sens objfunc={0.5*(V(b)-3.0)**2.0} param=R1:R,R2:R,V1:DCV0\n"
      ".options sensitivity adjoint=1 direct=1\n.print sens v(b)\n");
  const double b = 20.0 / 3;
  const std::vector<double> expected{(b - 3) * -10 * 2e3 / 9e6, (b - 3) * 10 * 1e3 / 9e6, (b - 3) * 2 / 3};
  const AnalysisReport& report = run.report.analyses.back();
  REQUIRE(report.tables.size() == 1);
  CHECK(report.tables[0].columns == std::vector<std::string>{"v(r1)", "v(r2)", "v(v1)"});
  for (std::size_t k = 0; k < expected.size(); ++k)
    CHECK(report.tables[0].values[k] == testing::approx(expected[k]));
  CHECK(report.summary == "sensitivities of 0.5*(V(b)-3.0)**2.0");
}

TEST_CASE("objectives of drawn circuits have the derivatives of their differences") {
  testing::Random random(31);
  const std::vector<std::string> objectives{"v(b)*v(b)+i(V1)*1k", "sqrt(v(b,c)*v(b,c)+1)", "exp(v(c)/5)*v(b)",
                                            "v(c) > v(b) ? v(c) : 2*v(b)", "v(x1.m)/(1+v(b)*v(b))"};
  for (const std::string& objective : objectives) {
    std::vector<double> r;
    for (int k = 0; k < 5; ++k) r.push_back(std::pow(10, random.uniform(2, 4)));
    const auto circuit = [&](const std::vector<double>& values) {
      return fmt::format(
          "V1 a 0 {:.17g}\nR1 a b {:.17g}\nR2 b c {:.17g}\nR3 c 0 {:.17g}\nD1 c 0 dm\n"
          ".model dm d is=1e-12\nX1 b 0 part\n.subckt part p q\nR1 p m {:.17g}\nR2 m q 1k\n.ends\n",
          3 + values[4] / 1e4, values[0], values[1], values[2], values[3]);
    };
    const auto value = [&](const std::vector<double>& values) {
      return run_deck(circuit(values) + "Bf f 0 V={" + objective +
                      "}\nRf f 0 1\n.options reltol=1e-9\n.op\n")["v(f)"][0];
    };
    const auto run =
        run_deck(circuit(r) + ".op\n.sens objfunc={" + objective + "},{v(b)} param=R1:R,R2,R3:R,X1:R1:R\n");
    REQUIRE(run.plots.size() == 3);
    const Plot& plot = run.plots[1];
    const std::vector<std::string> names{"v(r1)", "v(r2)", "v(r3)", "v(x1.r1)"};
    for (std::size_t k = 0; k < names.size(); ++k) {
      CAPTURE(objective);
      CAPTURE(names[k]);
      std::vector<double> above = r, below = r;
      above[k] *= 1 + 1e-5;
      below[k] *= 1 - 1e-5;
      const double expected = (value(above) - value(below)) / (2e-5 * r[k]);
      CHECK(plot.columns[plot.find(names[k])][0] == testing::approx(expected).epsilon(1e-4).scale(1e-9));
    }
  }
}

TEST_CASE("objectives along .dc have the derivatives of a deck with each of its values") {
  const std::string sens = ".sens objfunc={v(b)*v(b)+i(V1)*1k} param=R1:R,R2:R\n.options reltol=1e-9\n";
  const auto deck = [&](const std::string& v1, const std::string& r3, const std::string& temp,
                        const std::string& rest) {
    return fmt::format(
        "V1 a 0 {}\n.param r=1k q=2k\n.data d r q\n1k 3k\n2k 1k\n.enddata\nR1 a b {{r}} tc=1m\nR2 b c {{q}}\n"
        "R3 c 0 {}\nD1 c 0 dm\n.model dm d is=1e-12\n.temp {}\n{}{}",
        v1, r3, temp, rest, sens);
  };
  struct Case {
    const char* sweep;
    std::function<std::string(const std::vector<double>&)> alone;  // by the values of the sweeps
  };
  const auto text = [](double value) { return fmt::format("{:.17g}", value); };
  const Case cases[] = {
      {"V1 1 5 1", [&](auto& at) { return deck(text(at[0]), "1k", "27", ".op\n"); }},
      {"r 1k 3k 500", [&](auto& at) { return deck("3", "1k", "27", ".op\n.param r=" + text(at[0]) + "\n"); }},
      {"temp 0 50 25", [&](auto& at) { return deck("3", "1k", text(at[0]), ".op\n"); }},
      {"V1 list 2 -3 R3 500 2k 500", [&](auto& at) { return deck(text(at[0]), text(at[1]), "27", ".op\n"); }},
      {"data=d",
       [&](auto& at) {
         return deck("3", "1k", "27", at[0] == 1 ? ".op\n.param r=1k q=3k\n" : ".op\n.param r=2k q=1k\n");
       }},
  };
  for (const Case& each : cases) {
    CAPTURE(each.sweep);
    const auto run = run_deck(deck("3", "1k", "27", fmt::format(".dc {}\n", each.sweep)));
    REQUIRE(run.plots.size() == 2);
    const Plot &points = run.plots[0], &plot = run.plots[1];
    REQUIRE(plot.columns[0] == points.columns[0]);
    for (std::size_t i = 0; i < plot.columns[0].size(); ++i) {
      const auto alone = run_deck(each.alone({plot.columns[0][i], plot.columns[1][i]})).plots[1];
      for (const char* name : {"v(r1)", "v(r2)", "v(v1)"})
        CHECK(plot.columns[plot.find(name)][i] ==
              testing::approx(alone.columns[alone.find(name)][0]).epsilon(1e-6));
    }
  }
}

TEST_CASE("objectives that are variables are the outputs of .sens, and nothing else is seen of them") {
  const std::string circuit = "V1 a 0 10\nR1 a b 1k\nR2 b 0 2k\nC1 b 0 1u\n";
  const auto ours = run_deck(circuit + ".sens v(b)\n");
  for (const char* objective : {"objvars=b", "objvars=v(b)", "objfunc={v(b)}"}) {
    const auto run = run_deck(circuit + ".op\n.sens " + objective + " param=R1:R\n");
    CHECK(run["v(r1)"] == ours["v(r1)"]);
    for (const VectorInfo& vector : run.plots.front().vectors)
      CHECK(vector.name.find('#') == std::string::npos);
  }
  CHECK(memspice::testing::circuit_of(circuit + ".op\n.sens objfunc={v(b)} param=R1:R\n").warnings.empty());
}

TEST_CASE("an objective may have what only the running circuit knows, but not along .tran") {
  const std::string circuit = "V1 a 0 10\nR1 a b 1k\nR2 b 0 2k\nC1 b 0 1u\n";
  for (const char* objective : {"v(b)+ddt(v(b))", "v(b)+agauss(0,0,1)"}) {
    CAPTURE(objective);
    const std::string card = fmt::format(".sens objfunc={{{}}} param=R1:R\n", objective);
    CHECK(run_deck(circuit + ".op\n" + card)["v(r1)"][0] == testing::approx(-20e3 / 9e6));
    CHECK_THROWS_AS(testing::circuit_of(circuit + ".tran 1u 1m\n" + card), DeckError);
  }
}

TEST_CASE("objectives with mistakes are refused") {
  const auto refusal = [](const std::string& card) -> std::string {
    try {
      run_deck(
          "V1 a 0 10\nR1 a 0 1k\nY1 a 0 m\n.model m memristor ron=1 roff=2\nE1 b 0 a 0 2\nR2 b 0 1\n.sens " +
          card + "\n.op\n");
    } catch (const DeckError& error) {
      return error.diagnostics().front().message + "; " + error.diagnostics().front().hint;
    }
    return {};
  };
  CHECK(refusal("param=R1:R").starts_with("this .sens has no objective; its form is"));
  CHECK(refusal("objfun={v(a)} param=R1:R") ==
        "memspice does not have 'objfun' of .sens; did you mean 'objfunc'?");
  CHECK(refusal("what={v(a)} param=R1:R").starts_with("memspice does not have 'what' of .sens; its form is"));
  CHECK(refusal("objfunc={v(a)} param=R1:x").starts_with("'r1' has no parameter 'x'; it has r"));
  CHECK(refusal("objfunc={v(a)} param=Y1:bet") == "'y1' has no parameter 'bet'; did you mean 'beta'?");
  CHECK(refusal("objfunc={v(nowhere)} param=R1:R").find("nowhere") != std::string::npos);
  CHECK(refusal("objfunc={v(a)} param=Y1") == "'y1' has no value without a name; write y1:ron");
  CHECK(refusal("objfunc={v(a)} param=E1") ==
        "there is no derivative by 'E1'; it is for devices and independent sources");
  CHECK(refusal("objfunc={v(a)} param=V1:td") ==
        "there is no derivative by 'V1:td'; of a source it is that by its DC value, v1:dcv0");
}
