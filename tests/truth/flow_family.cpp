#include "analysis/transient/flow_network_of.hpp"
#include "memspice/deck.hpp"
#include "truth/case.hpp"

namespace memspice::truth {

namespace {

/// The same circuit with the network integrator, if that would take it were it larger.
class FlowCase : public Case {
 public:
  explicit FlowCase(std::unique_ptr<Case> of) : of_(std::move(of)) {}

  std::string cards() const override { return of_->cards() + ".options integrator=network\n"; }
  double stop() const override { return of_->stop(); }
  const std::vector<Element>& elements() const override { return of_->elements(); }
  Verdict judge(const Plot& plot, double reltol) const override { return of_->judge(plot, reltol); }
  std::vector<std::unique_ptr<Case>> simpler() const override {
    std::vector<std::unique_ptr<Case>> result;
    for (std::unique_ptr<Case>& simpler : of_->simpler())
      if (covered(*simpler)) result.push_back(std::make_unique<FlowCase>(std::move(simpler)));
    return result;
  }

  static bool covered(const Case& test) {
    const Circuit circuit = elaborate(parse_text("truth\n" + test.cards() + ".end\n"), standard_catalogue());
    return !obstacle_to_flow(circuit) && has_moderate_ratios(circuit);
  }

 private:
  std::unique_ptr<Case> of_;
};

std::unique_ptr<Case> draw_covered(std::unique_ptr<Case> (*draw)(Random&), Random& random) {
  std::unique_ptr<Case> drawn;
  do {
    drawn = draw(random);
  } while (!FlowCase::covered(*drawn));
  return std::make_unique<FlowCase>(std::move(drawn));
}

}  // namespace

std::unique_ptr<Case> memristor_flow_case(Random& random) {
  return draw_covered(memristor_case, random);
}

std::unique_ptr<Case> network_flow_case(Random& random) {
  return draw_covered(network_case, random);
}

}  // namespace memspice::truth
