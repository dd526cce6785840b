// .omega has to notice a device model that is wrong: it shares nothing with the models but parameter values.

#include "devices/linear_memristor.hpp"
#include "memspice/model.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// The linear memristor with one deliberate mistake in its equations.
template <int mistake>
class WrongMemristor {
 public:
  static constexpr int branches = 1;
  static constexpr auto unknowns = LinearMemristor::unknowns;
  static DeviceType describe() { return LinearMemristor::describe(); }

  explicit WrongMemristor(std::span<const double> values)
      : ron_(values[0]), roff_(values[1]), alpha_(values[2]), beta_(values[3]) {}

  template <class Real>
  void equations(const Local<WrongMemristor, Real>& x, Equations<WrongMemristor, Real>& f) const {
    const Real& w = x.unknown[0];
    const Real current = x.voltage[0] / (ron_ + (roff_ - ron_) * w);
    f.current[0] = mistake == 3 ? x.voltage[0] / (roff_ - (roff_ - ron_) * w) : current;
    f.unknown[0] =
        (mistake == 1 ? -1.0 : 1.0) * alpha_ * w - (mistake == 2 ? -1.0 : 1.0) * ron_ / beta_ * current;
  }

 private:
  double ron_, roff_, alpha_, beta_;
};

template <class Memristor>
OmegaReport omega_with() {
  auto catalogue = std::make_shared<Catalogue>();
  for (const auto& type : standard_catalogue()->types())
    if (type->letter != 'y') catalogue->add(*type);
  catalogue->add(device_type<Memristor>());
  const testing::DeckRun result = testing::run_deck(
      ".model mem memristor(ron=100 roff=1600 alpha=0.1 beta=1)\n"
      "V1 a 0 0.5\nY1 a b mem w0=0.4\nY2 b 0 mem w0=0.6\nY3 a b mem w0=0.3\nR1 b 0 300\n"
      ".tran 10m 1\n.omega\n",
      catalogue);
  REQUIRE(result.analysis().omega.has_value());
  const OmegaReport omega = *result.analysis().omega;
  CHECK(result.report.outcome() == (omega.passed() ? Outcome::complete : Outcome::failed));
  return omega;
}

}  // namespace

TEST_CASE("the right device model passes .omega") {
  const OmegaReport omega = omega_with<WrongMemristor<0>>();
  CHECK(omega.passed());
  CHECK(omega.states == 3);
  CHECK(omega.largest_deviation < 1e-5);
}

TEST_CASE("a wrong sign of the decay, of the drive, or swapped resistances make .omega fail") {
  for (const OmegaReport& omega :
       {omega_with<WrongMemristor<1>>(), omega_with<WrongMemristor<2>>(), omega_with<WrongMemristor<3>>()}) {
    CHECK_FALSE(omega.passed());
    CHECK(omega.largest_deviation > 1e-2);
    CHECK(omega.time > 0);
    CHECK(omega.state.starts_with("w(y"));
    CHECK(omega.reason == "both integrations converged, to different results: their equations differ");
    CHECK_FALSE(omega.amplification.has_value());
  }
}
