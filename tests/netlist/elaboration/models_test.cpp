#include <doctest/doctest.h>

#include "support/approx.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

TEST_CASE("a model derived with ako: has the parameters of its base but for those that it gives") {
  const testing::DeckRun run = testing::run_deck(
      "V1 b 0 0.7\nV2 c 0 5\n"
      "Q1 c b 0 base\nQ2 c b 0 strong\nQ3 c b 0 wide\nX1 c b inner\n"
      ".model base npn(is=1e-15 bf=100)\n"
      ".model strong AKO:base npn (bf=200)\n"
      ".model wide ako: strong is=2e-15\n"
      ".subckt inner c b\nQ1 c b 0 own\n.model own ako:wide (bf=50)\n.ends\n"
      ".op\n.save @q1[ib] @q2[ib] @q3[ib] @q3[ic] @q1[ic] @x1.q1[ib]\n");
  CHECK(run["ib(q2)"][0] == testing::approx(run["ib(q1)"][0] / 2).epsilon(1e-6));
  CHECK(run["ib(q3)"][0] == testing::approx(run["ib(q1)"][0]).epsilon(1e-6));
  CHECK(run["ic(q3)"][0] == testing::approx(2 * run["ic(q1)"][0]).epsilon(1e-6));
  CHECK(run["ib(x1.q1)"][0] == testing::approx(4 * run["ib(q1)"][0]).epsilon(1e-6));
}

TEST_CASE("an element takes that bin of its model that is for its length and width") {
  const testing::DeckRun run = testing::run_deck(
      ".param long=5u\nV1 d 0 2\n"
      "M1 d d 0 0 n w=10u l=1u\nM2 d d 0 0 n l={long} w=10u\nM3 d d 0 0 n w=200u l=2u\nM4 d d 0 0 n w=10u\n"
      ".model n.1 nmos(kp=100u vto=0.7 lmin=0.5u lmax=2u wmin=1u wmax=100u)\n"
      ".model n.2 nmos(kp=200u vto=0.7 lmin=2u lmax=20u wmin=1u wmax=100u)\n"
      ".model n.3 nmos(kp=300u vto=0.7 lmin=2u lmax=20u wmin=100u wmax=1m)\n"
      ".options defl=3u\n.op\n.save i(m1) i(m2) i(m3) i(m4)\n");
  const double unit = 0.5 * 1.3 * 1.3;  // A at kp w/l = 1 A/V²
  CHECK(run["i(m1)"][0] == testing::approx(unit * 100e-6 * 10).epsilon(1e-6));
  CHECK(run["i(m2)"][0] == testing::approx(unit * 200e-6 * 2).epsilon(1e-6));
  CHECK(run["i(m3)"][0] == testing::approx(unit * 300e-6 * 100).epsilon(1e-6));
  CHECK(run["i(m4)"][0] == testing::approx(unit * 200e-6 * 10 / 3).epsilon(1e-6));
}
