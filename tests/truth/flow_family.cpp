#include <fmt/format.h>

#include "analysis/transient/flow_network_of.hpp"
#include "memspice/deck.hpp"
#include "truth/case.hpp"

namespace memspice::truth {

namespace {

/// The same circuit with the network integrator, if that would take it were it larger; some beside another
/// one whose currents are far larger, and which it shares nothing with but the steps: whatever is judged by
/// sums over all nodes, does not see the circuit any more.
class FlowCase : public Case {
 public:
  FlowCase(std::unique_ptr<Case> of, bool beside_loud_one) : of_(std::move(of)), loud_(beside_loud_one) {}

  std::string cards() const override {
    std::string cards = of_->cards() + ".options integrator=network\n";
    if (loud_)
      cards += fmt::format(
          "vloud loud 0 SIN(0 100 {0})\nyloud1 loud louder loud w0=0.4\nyloud2 louder 0 loud w0=0.7\n"
          ".model loud memristor(ron=1e-6 roff=1e-5 beta={1})\n",
          1 / stop(), 30 * stop());
    return cards;
  }
  double stop() const override { return of_->stop(); }
  const std::vector<Element>& elements() const override { return of_->elements(); }
  Verdict judge(const Plot& plot, double reltol) const override { return of_->judge(plot, reltol); }
  std::vector<std::unique_ptr<Case>> simpler() const override {
    std::vector<std::unique_ptr<Case>> result;
    for (std::unique_ptr<Case>& simpler : of_->simpler())
      if (covered(*simpler)) result.push_back(std::make_unique<FlowCase>(std::move(simpler), loud_));
    return result;
  }

  static bool covered(const Case& test) {
    const Circuit circuit = elaborate(parse_text("truth\n" + test.cards() + ".end\n"), standard_catalogue());
    return !obstacle_to_flow(circuit) && has_moderate_ratios(circuit);
  }

 private:
  std::unique_ptr<Case> of_;
  bool loud_;
};

std::unique_ptr<Case> draw_covered(std::unique_ptr<Case> (*draw)(Random&), Random& random) {
  std::unique_ptr<Case> drawn;
  do {
    drawn = draw(random);
  } while (!FlowCase::covered(*drawn));
  const bool beside_loud_one = random.chance(0.5);
  return std::make_unique<FlowCase>(std::move(drawn), beside_loud_one);
}

}  // namespace

std::unique_ptr<Case> memristor_flow_case(Random& random) {
  return draw_covered(memristor_case, random);
}

std::unique_ptr<Case> network_flow_case(Random& random) {
  return draw_covered(network_case, random);
}

std::unique_ptr<Case> level_flow_case(Random& random) {
  return draw_covered(level_case, random);
}

}  // namespace memspice::truth
