#include <algorithm>

#include "truth/published_models.hpp"

namespace memspice::testing {

namespace {

std::array<double, 2> from_none_to_all(const Values&, std::size_t) {
  return {0, 1};
}

double resistance_between(const Values& p, double part) {
  return p.at("ron") + (p.at("roff") - p.at("ron")) * part;
}

/// Biolek's with p = 2.
double biolek_window(double part, bool upwards) {
  const double distance = upwards ? part : 1 - part;
  return 1 - std::pow(distance, 4);
}

PublishedModel windowed_drift() {
  PublishedModel model;
  model.level = "hp";
  model.words = "window=biolek p=2";
  model.defaults = {{"ron", 100}, {"roff", 2e3}, {"beta", 0.02}, {"w0", 0.5}};
  model.states = {{"w", "w0"}};
  model.bounds = from_none_to_all;
  model.current = [](const Values& p, double v, const States& x) { return v / resistance_between(p, x[0]); };
  model.rates = [current = model.current](const Values& p, double v, const States& x) {
    const double drift = -p.at("ron") / p.at("beta") * current(p, v, x);
    return States{drift * biolek_window(x[0], drift > 0)};
  };
  model.amplitude = {0.3, 1.5};
  model.frequency = {1, 10};
  return model;
}

/// TEAM's and VTEAM's drift above and below thresholds of what drives it.
double beyond_thresholds(const Values& p, double drive, double above, double below) {
  if (drive > above) return p.at("koff") * std::pow(drive / above - 1, p.at("alphaoff"));
  if (drive < below) return p.at("kon") * std::pow(drive / below - 1, p.at("alphaon"));
  return 0;
}

PublishedModel adaptive_drift(bool team) {
  PublishedModel model;
  model.level = team ? "team" : "vteam";
  model.defaults = {{"ron", 100},
                    {"roff", 1e3},
                    {"kon", -3e-9},
                    {"koff", 3e-9},
                    {"alphaon", 1.5},
                    {"alphaoff", 1.5},
                    {team ? "xoff" : "woff", 3e-9},
                    {team ? "xo" : "w0", 1.2e-9}};
  model.defaults[team ? "ioff" : "voff"] = team ? 2e-4 : 0.2;
  model.defaults[team ? "ion" : "von"] = team ? -2e-4 : -0.2;
  const char* const size = team ? "xoff" : "woff";
  model.states = {team ? std::array<std::string, 2>{"x", "xo"} : std::array<std::string, 2>{"w", "w0"}};
  model.bounds = [size](const Values& p, std::size_t) { return std::array<double, 2>{0, p.at(size)}; };
  model.current = [size](const Values& p, double v, const States& x) {
    return v / resistance_between(p, x[0] / p.at(size));
  };
  model.rates = [team, current = model.current](const Values& p, double v, const States& x) {
    return States{team ? beyond_thresholds(p, current(p, v, x), p.at("ioff"), p.at("ion"))
                       : beyond_thresholds(p, v, p.at("voff"), p.at("von"))};
  };
  model.amplitude = {0.3, 1.2};
  model.frequency = {0.5, 5};
  return model;
}

PublishedModel yakopcic_drift() {
  PublishedModel model;
  model.level = "yakopcic";
  model.defaults = {{"a1", 1e-3}, {"a2", 2e-3}, {"b", 1},    {"vp", 0.2},     {"vn", 0.3},     {"ap", 3},
                    {"an", 3},    {"xp", 0.4},  {"xn", 0.5}, {"alphap", 1.2}, {"alphan", 2.5}, {"xo", 0.4}};
  model.states = {{"x", "xo"}};
  model.bounds = from_none_to_all;
  model.current = [](const Values& p, double v, const States& x) {
    return (v < 0 ? p.at("a2") : p.at("a1")) * x[0] * std::sinh(p.at("b") * v);
  };
  model.rates = [](const Values& p, double v, const States& x) {
    double g = 0, f = 1;
    if (v > p.at("vp")) g = p.at("ap") * (std::exp(v) - std::exp(p.at("vp")));
    if (v < -p.at("vn")) g = -p.at("an") * (std::exp(-v) - std::exp(p.at("vn")));
    if (v > 0 && x[0] > p.at("xp"))
      f = std::exp(-p.at("alphap") * (x[0] - p.at("xp"))) * (1 + (p.at("xp") - x[0]) / (1 - p.at("xp")));
    if (v <= 0 && x[0] < 1 - p.at("xn"))
      f = std::exp(p.at("alphan") * (x[0] + p.at("xn") - 1)) * x[0] / (1 - p.at("xn"));
    return States{g * f};
  };
  model.amplitude = {0.4, 1.2};
  model.frequency = {0.5, 5};
  return model;
}

PublishedModel empirical_drift() {
  PublishedModel model;
  model.level = "pem";
  model.words = "fxpdata=(0,1 1,1) fxmdata=(0 -1 1 -1)";
  model.defaults = {{"i1", 85e-6}, {"i2", 90e-6}, {"v1", 0.5},  {"v2", 0.5}, {"g0", 1e-3}, {"vp", 0.3},
                    {"vn", -0.4},  {"d1", 1.5},   {"d2", -1.5}, {"c1", 2},   {"c2", 2},    {"xo", 0.4}};
  model.states = {{"x", "xo"}};
  model.bounds = from_none_to_all;
  model.current = [](const Values& p, double v, const States& x) {
    return x[0] * (p.at("i1") * std::expm1(v / p.at("v1")) - p.at("i2") * std::expm1(-v / p.at("v2")) +
                   p.at("g0") * v);
  };
  model.rates = [](const Values& p, double v, const States&) {
    if (v >= p.at("vp")) return States{p.at("c1") * std::expm1(p.at("d1") * (v - p.at("vp")))};
    if (v <= p.at("vn")) return States{-p.at("c2") * std::expm1(p.at("d2") * (v - p.at("vn")))};
    return States{0};
  };
  model.amplitude = {0.5, 1.5};
  model.frequency = {0.5, 5};
  return model;
}

PublishedModel threshold_drift() {
  PublishedModel model;
  model.level = "pershin";
  model.defaults = {{"rmin", 200}, {"rmax", 4e3}, {"alpha", 300},
                    {"beta", 2e4}, {"vt", 0.4},   {"rinit", 1.5e3}};
  model.states = {{"x", "rinit"}};
  model.bounds = [](const Values& p, std::size_t) {
    return std::array<double, 2>{p.at("rmin"), p.at("rmax")};
  };
  model.current = [](const Values&, double v, const States& x) { return v / x[0]; };
  model.rates = [](const Values& p, double v, const States&) {
    return States{p.at("beta") * v +
                  (p.at("alpha") - p.at("beta")) / 2 * (std::abs(v + p.at("vt")) - std::abs(v - p.at("vt")))};
  };
  model.amplitude = {0.5, 2};
  model.frequency = {0.5, 5};
  return model;
}

}  // namespace

std::vector<PublishedModel> published_drifts() {
  return {windowed_drift(),  adaptive_drift(true), yakopcic_drift(),
          empirical_drift(), threshold_drift(),    adaptive_drift(false)};
}

}  // namespace memspice::testing
