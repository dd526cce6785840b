#include <algorithm>
#include <cmath>
#include <optional>

#include "solver/cvode.hpp"
#include "truth/network_model.hpp"

namespace memspice::truth {

namespace {

using Eigen::VectorXd;

// The network between two events, for CVODE (src/solver/cvode.hpp): held states do not move.
class Flow : public OdeProblem {
 public:
  explicit Flow(const NetworkModel& model) : model_(model), modes_(model.size()) {}

  std::size_t segment = 0;
  const Modes& modes() const { return modes_; }

  // Decides which states are held from (t, w) on.
  void settle(double t, VectorXd& w, double near) {
    VectorXd f;
    model_.drive(t, segment, w, f);
    modes_ = modes_at(w, f, near);
  }

  std::size_t size() const override { return model_.size(); }
  bool rates(double t, std::span<const double> y, std::span<double> rates) override {
    VectorXd f;
    model_.drive(t, segment, as_vector(y), f);
    for (std::size_t k = 0; k < rates.size(); ++k)
      rates[k] = modes_[k] == 0 ? f[static_cast<Eigen::Index>(k)] : 0;
    return f.allFinite();
  }
  bool linearise(double t, std::span<const double> y, double gamma, bool keep) override {
    if (!keep || jacobian_.size() == 0) {
      VectorXd f;
      model_.drive(t, segment, as_vector(y), f, &jacobian_);
      for (std::size_t k = 0; k < modes_.size(); ++k)
        if (modes_[k] != 0) jacobian_.row(static_cast<Eigen::Index>(k)).setZero();
    }
    lu_.compute(Eigen::MatrixXd::Identity(jacobian_.rows(), jacobian_.cols()) - gamma * jacobian_);
    return jacobian_.allFinite();
  }
  void newton_solve(std::span<double> x) override {
    Eigen::Map<VectorXd> vector(x.data(), static_cast<Eigen::Index>(x.size()));
    vector = lu_.solve(VectorXd(vector));
  }

  double overshoot_at(double t, const VectorXd& w, double unit, VectorXd& f) const {
    model_.drive(t, segment, w, f);
    return overshoot(modes_, w, f, unit);
  }

 private:
  static VectorXd as_vector(std::span<const double> y) {
    return Eigen::Map<const VectorXd>(y.data(), static_cast<Eigen::Index>(y.size()));
  }
  const NetworkModel& model_;
  Modes modes_;
  Eigen::MatrixXd jacobian_;
  Eigen::PartialPivLU<Eigen::MatrixXd> lu_;
};

class Yardstick {
 public:
  Yardstick(const NetworkModel& model, double reltol)
      : flow_(model), solver_(flow_, reltol, 1e-2 * reltol, model.shortest_swing() / 16) {}

  void begin(double t, const VectorXd& w, std::size_t segment, double end) {
    flow_.segment = segment;
    end_ = end;
    w_ = w;
    restart(t, 0);
  }
  // One step, cut at an event. False: it fails.
  bool step() {
    if (event_) restart(*event_, 1e-12);
    before_ = solver_.time();
    if (!solver_.step()) return false;
    event_ = find_event(before_, solver_.time());
    return true;
  }
  double time() const { return event_ ? *event_ : solver_.time(); }
  VectorXd state(double t) const {
    VectorXd w(w_.size());
    solver_.interpolate(t, 0, {w.data(), static_cast<std::size_t>(w.size())});
    for (Eigen::Index k = 0; k < w.size(); ++k) w[k] = std::clamp(w[k], 0.0, 1.0);
    return w;
  }

 private:
  void restart(double t, double near) {
    if (event_) w_ = state(t);
    event_.reset();
    flow_.settle(t, w_, near);
    if (t < end_) solver_.start(t, {w_.data(), static_cast<std::size_t>(w_.size())}, end_);
  }

  double overshoot_at(double t, VectorXd* drives = nullptr) const {
    VectorXd w(w_.size()), f;
    solver_.interpolate(t, 0, {w.data(), static_cast<std::size_t>(w.size())});
    const double result = flow_.overshoot_at(t, w, solver_.time() - before_, f);
    if (drives) *drives = f;
    return result;
  }

  // The first event in the last step, by looking at its quarters and wherever a held state's drive may be
  // innermost, then bisection to rounding.
  std::optional<double> find_event(double begin, double end) const {
    VectorXd first, middle, last;
    overshoot_at(begin, &first);
    overshoot_at(begin + (end - begin) / 2, &middle);
    overshoot_at(end, &last);
    std::vector<double> places{begin + 0.25 * (end - begin), begin + 0.5 * (end - begin),
                               begin + 0.75 * (end - begin), end};
    for (const double part : innermost(flow_.modes(), first, middle, last))
      places.push_back(begin + part * (end - begin));
    std::sort(places.begin(), places.end());
    double low = begin;
    for (double x : places) {
      if (overshoot_at(x) <= 1e-13) {
        low = x;
        continue;
      }
      while (x - low > 4e-16 * x) {
        const double middle_time = low + (x - low) / 2;
        if (middle_time <= low || middle_time >= x) break;
        (overshoot_at(middle_time) > 0 ? x : low) = middle_time;
      }
      return x;
    }
    return {};
  }

  Flow flow_;
  Cvode solver_;
  double end_ = 0;
  double before_ = 0;
  VectorXd w_;
  std::optional<double> event_;
};

}  // namespace

Eigen::MatrixXd yardstick_states(const NetworkModel& model, const std::vector<double>& times, double reltol) {
  Eigen::MatrixXd result(static_cast<Eigen::Index>(model.size()), static_cast<Eigen::Index>(times.size()));
  Yardstick yardstick(model, reltol);
  const auto& segments = model.segments();
  VectorXd w = model.initial();
  std::size_t next = 0;
  long steps = 0;
  for (; next < times.size() && times[next] <= 0; ++next) result.col(static_cast<Eigen::Index>(next)) = w;
  for (std::size_t segment = 0; segment + 1 < segments.size(); ++segment) {
    const double end = segments[segment + 1];
    yardstick.begin(segments[segment], w, segment, end);
    while (yardstick.time() < end) {
      if (++steps > 200000 || !yardstick.step()) return {};
      for (; next < times.size() && times[next] <= yardstick.time(); ++next)
        result.col(static_cast<Eigen::Index>(next)) = yardstick.state(times[next]);
    }
    w = yardstick.state(end);
  }
  for (; next < times.size(); ++next) result.col(static_cast<Eigen::Index>(next)) = w;
  return result;
}

}  // namespace memspice::truth
