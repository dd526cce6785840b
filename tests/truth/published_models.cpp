#include "truth/published_models.hpp"

#include <algorithm>

namespace memspice::testing {

namespace {

constexpr double electron_volt = 8.617333262145179e-5;  // k/q, V/K
constexpr double room_kelvin = 300.15;

std::array<double, 2> unit_interval(const Values&, std::size_t) {
  return {0, 1};
}

PublishedModel gap_model() {
  PublishedModel model;
  model.level = "stanford";
  model.defaults = {{"i0", 1e-4},   {"g0", 0.25e-9}, {"v0", 0.3},     {"vel0", 10},      {"beta", 0.8},
                    {"gamma0", 16}, {"gammar", 15},  {"ea", 0.6},     {"a0", 0.25e-9},   {"tox", 12e-9},
                    {"rth", 2.1e3}, {"fmin", 1.4e9}, {"fwidth", 1e7}, {"gapmin", 2e-10}, {"gapmax", 17e-10},
                    {"alpha", 3},   {"gap0", 7e-10}, {"edge", 1e-3}};
  model.spread = 1.05;
  model.states = {{"gap", "gap0"}};
  model.bounds = [](const Values& p, std::size_t) {
    return std::array<double, 2>{p.at("gapmin"), p.at("gapmax")};
  };
  model.current = [](const Values& p, double v, const States& x) {
    return p.at("i0") * std::exp(-x[0] / p.at("g0")) * std::sinh(v / p.at("v0"));
  };
  model.rates = [current = model.current](const Values& p, double v, const States& x) {
    const double t = room_kelvin + std::abs(v * current(p, v, x)) * p.at("rth");
    const double gamma =
        (v < 0 ? p.at("gammar") : p.at("gamma0")) - p.at("beta") * std::pow(x[0] / 1e-9, p.at("alpha"));
    const double onset =
        1 / (1 + std::exp((p.at("fmin") - std::abs(gamma * v) / p.at("tox")) / p.at("fwidth")));
    const double rate = -p.at("vel0") * std::exp(-p.at("ea") / (electron_volt * t)) *
                        std::sinh(gamma * p.at("a0") / p.at("tox") * v / (electron_volt * t)) * onset;
    const double distance = rate > 0 ? p.at("gapmax") - x[0] : x[0] - p.at("gapmin");
    return States{rate * distance / (distance + p.at("edge") * (p.at("gapmax") - p.at("gapmin")))};
  };
  model.amplitude = {1.0, 1.25};
  model.frequency = {1e4, 1e5};
  model.most_steps = 1100;  // heated by its own current it sets and resets within nanoseconds
  return model;
}

PublishedModel switches_model() {
  PublishedModel model;
  model.level = "knowm";
  model.defaults = {{"ron", 500}, {"roff", 1500}, {"von", 0.27}, {"voff", 0.27}, {"tau", 1e-4}, {"x0", 0.3}};
  model.states = {{"x", "x0"}};
  model.bounds = unit_interval;
  model.current = [](const Values& p, double v, const States& x) {
    return v * (x[0] / p.at("ron") + (1 - x[0]) / p.at("roff"));
  };
  model.rates = [](const Values& p, double v, const States& x) {
    const double beta = 1 / (electron_volt * room_kelvin);
    const double on = 1 / (1 + std::exp(-beta * (v - p.at("von"))));
    const double off = 1 / (1 + std::exp(beta * (v + p.at("voff"))));
    return States{(on * (1 - x[0]) - off * x[0]) / p.at("tau")};
  };
  model.amplitude = {0.2, 0.6};
  model.frequency = {10, 1e3};
  return model;
}

PublishedModel wire_model(const std::string& formula) {
  PublishedModel model;
  model.level = "kuncic";
  model.words = "tunnel=" + formula;
  model.defaults = {{"vset", 0.01},   {"vreset", 0.005}, {"b", 10},       {"ron", 12.9e3},
                    {"roff", 12.9e6}, {"lcrit", 0.01},   {"lmax", 0.015}, {"lambda0", 0.006},
                    {"phi", 0.81},    {"area", 0.17},    {"smax", 5},     {"width", 0.02}};
  model.states = {{"lambda", "lambda0"}};
  model.bounds = [](const Values& p, std::size_t) {
    return std::array<double, 2>{-p.at("lmax"), p.at("lmax")};
  };
  model.current = [formula](const Values& p, double v, const States& x) {
    const double phi = p.at("phi");
    const double d = std::max(0.0, p.at("smax") * (p.at("lcrit") - std::abs(x[0])) / p.at("lcrit"));
    double tunnel = 2 / p.at("area") * d * d / std::sqrt(phi) * std::exp(10.19 * phi * phi * d) / 4.71307e-5;
    if (formula == "hochstetter")
      tunnel = 2 / p.at("area") * d / std::sqrt(phi) * std::exp(10.19 * phi * phi * d) / 4.71307e-5;
    if (formula == "simmons")
      tunnel = d / p.at("area") / std::sqrt(phi) * std::exp(10.19 * std::sqrt(phi) * d) / 4.71307e-5;
    return v * (1 / (tunnel + p.at("ron")) + 1 / p.at("roff"));
  };
  model.rates = [](const Values& p, double v, const States& x) {
    double rate = 0;
    if (std::abs(v) > p.at("vset")) rate += (std::abs(v) - p.at("vset")) * (v > 0 ? 1 : -1);
    if (std::abs(v) < p.at("vreset"))
      rate -= p.at("b") * (p.at("vreset") - std::abs(v)) * std::tanh(x[0] / (p.at("width") * p.at("lcrit")));
    return States{rate};
  };
  model.amplitude = {0.02, 0.2};
  model.frequency = {0.3, 5};
  return model;
}

PublishedModel rate_model() {
  PublishedModel model;
  model.level = "miranda";
  model.defaults = {{"kp0", 1e-4},  {"etap", 10},  {"kd0", 0.5}, {"etad", 1},
                    {"ymin", 1e-3}, {"ymax", 0.1}, {"g0", 0.2}};
  model.states = {{"g", "g0"}};
  model.bounds = unit_interval;
  model.current = [](const Values& p, double v, const States& x) {
    return v * (p.at("ymin") * (1 - x[0]) + p.at("ymax") * x[0]);
  };
  model.rates = [](const Values& p, double v, const States& x) {
    return States{p.at("kp0") * std::exp(p.at("etap") * std::abs(v)) * (1 - x[0]) -
                  p.at("kd0") * std::exp(-p.at("etad") * std::abs(v)) * x[0]};
  };
  model.amplitude = {0.4, 1.2};
  model.frequency = {0.1, 3};
  return model;
}

PublishedModel drift_model(const std::string& variant, bool source_sign) {
  PublishedModel model;
  model.level = "mnns";
  model.words = "variant=" + variant + (source_sign ? " sign=source" : "");
  model.defaults = {{"ron", 10},   {"rho", 160},  {"wj", 10e-9},  {"mu", 1e-14},  {"x0", 0.4},
                    {"tau0", 0.3}, {"eps0", 0.1}, {"sigma", 0.3}, {"theta", 0.1}, {"a", 0.8}};
  model.states = {{"x", "x0"}};
  if (variant == "slt") model.states = {{"x", "x0"}, {"tau", "tau0"}, {"eps", "eps0"}};
  model.bounds = [](const Values& p, std::size_t j) {
    return j == 1 ? std::array<double, 2>{1e-3 * p.at("tau0"), 1e9} : std::array<double, 2>{0, 1};
  };
  model.current = [](const Values& p, double v, const States& x) {
    return v / (p.at("ron") * (x[0] * (1 - p.at("rho")) + p.at("rho")));
  };
  // In the program's own units: v0 = 1 V, time w0²/(µ v0).
  model.rates = [variant, source_sign, current = model.current](const Values& p, double v, const States& x) {
    const double time = p.at("wj") * p.at("wj") / p.at("mu");
    const double drive = current(p, v, x) * p.at("ron");
    (void)source_sign;  // one device is driven by the source itself: |v| sgn v
    if (variant == "hp") return States{drive / time};
    const double tau = variant == "slt" ? x[1] / time : p.at("tau0") / time;
    if (variant == "decay") return States{(drive - x[0] / tau) / time};
    return States{(drive - (x[0] - x[2]) / tau) / time, p.at("theta") / time * drive * (p.at("a") - x[0]),
                  p.at("sigma") * drive / time};
  };
  model.amplitude = {0.2, 1.2};
  model.frequency = {1, 20};
  if (source_sign) model.network = "Y1 a 0 a 0 m";
  return model;
}

PublishedModel channel_model(bool cone) {
  PublishedModel model;
  model.level = "iontronic";
  model.words = cone ? "activation=cone" : "activation=tanh";
  model.defaults = {{"gch", 2.4e-12}, {"tau", 8.3e-3}, {"dg", cone ? -2.0 : 0.7},
                    {"peclet", -7.2}, {"ratio", 4},    {"v1", 1},
                    {"g0", 1.1}};
  model.states = {{"g", "g0"}};
  model.bounds = [](const Values&, std::size_t) { return std::array<double, 2>{0.01, 2}; };
  model.current = [](const Values& p, double v, const States& x) { return p.at("gch") * x[0] * v; };
  model.rates = [cone](const Values& p, double v, const States& x) {
    if (!cone) return States{(1 + p.at("dg") * std::tanh(v / p.at("v1")) - x[0]) / p.at("tau")};
    const double q = p.at("ratio"), exponent = p.at("peclet") * v;
    // Over t in z = t² (3 - 2t) in place of s = qz/(1 + (q - 1)z): the exponential is steep at one of the
    // ends.
    const auto integrand = [&](double t) {
      const double z = t * t * (3 - 2 * t), stretch = 1 + (q - 1) * z;
      return 6 * t * (1 - t) * q / (stretch * stretch) *
             (z - (std::abs(exponent) < 1e-9 ? z : std::expm1(exponent * z) / std::expm1(exponent)));
    };
    constexpr int pieces = 1000;  // Simpson's rule
    double sum = integrand(0) + integrand(1);
    for (int i = 1; i < pieces; ++i) sum += (i % 2 == 1 ? 4 : 2) * integrand(i / double(pieces));
    return States{(1 + p.at("dg") * sum / (3 * pieces) - x[0]) / p.at("tau")};
  };
  model.amplitude = {0.3, 2};
  model.frequency = {3, 100};
  return model;
}

PublishedModel memdiode_model(const std::string& variant) {
  PublishedModel model;
  model.level = "memdiode";
  model.words = "variant=" + variant;
  model.defaults = {{"imin", 1.8e-6}, {"imax", 1.23e-3}, {"alphamin", 3},  {"alphamax", 3.8}, {"rsmin", 117},
                    {"rsmax", 256},   {"beta", 0.308},   {"t0s", 1.796e6}, {"v0s", 0.0899},   {"t0r", 132},
                    {"v0r", 0.1905},  {"etaset", 15},    {"vset", 0.8},    {"etares", 4},     {"vres", -1.3},
                    {"ch0", 1e-3},    {"h0", 0.1}};
  model.spread = 1.1;
  model.states = {{"lambda", "h0"}};
  model.bounds = unit_interval;
  model.current = [](const Values& p, double v, const States& x) {
    const auto mixed = [&](const char* high, const char* low) {
      return p.at(high) * x[0] + p.at(low) * (1 - x[0]);
    };
    const double scale = mixed("imax", "imin"), alpha = mixed("alphamax", "alphamin");
    const double series = mixed("rsmax", "rsmin"), beta = p.at("beta");
    const auto at = [&](double u) {
      return scale * (std::expm1(beta * alpha * u) - std::expm1(-(1 - beta) * alpha * u));
    };
    double left = std::min(0.0, v), right = std::max(0.0, v);
    for (int i = 0; i < 60; ++i) {
      const double middle = 0.5 * (left + right);
      (middle + series * at(middle) < v ? left : right) = middle;
    }
    return at(0.5 * (left + right));
  };
  model.rates = [variant](const Values& p, double v, const States& x) {
    if (variant == "dmm")
      return States{(1 - x[0]) / (p.at("t0s") * std::exp(-v / p.at("v0s"))) -
                    x[0] / (p.at("t0r") * std::exp(v / p.at("v0r")))};
    const double set = 1 / (1 + std::exp(-p.at("etaset") * (v - p.at("vset"))));
    const double reset = 1 / (1 + std::exp(-p.at("etares") * (v - p.at("vres"))));
    return States{(std::min(reset, std::max(set, x[0])) - x[0]) / p.at("ch0")};
  };
  model.amplitude = {0.8, 1.4};
  model.frequency = {1, 10};

  // The hysteron has corners, and a step across one errs more than its test sees.
  if (variant == "qmm") model.tolerance = 3e-4;
  return model;
}

}  // namespace

std::vector<PublishedModel> published_models() {
  return {gap_model(),
          switches_model(),
          wire_model("kuncic"),
          wire_model("hochstetter"),
          wire_model("simmons"),
          rate_model(),
          drift_model("hp", false),
          drift_model("decay", true),
          drift_model("slt", false),
          channel_model(true),
          channel_model(false),
          memdiode_model("dmm"),
          memdiode_model("qmm")};
}

}  // namespace memspice::testing
