#include "convert/semiconductor_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace memspice::convert {

namespace {

constexpr double usual_celsius = 27;

bool is_word_of(std::string_view word, std::string_view words) {
  for (std::size_t at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

bool is_vdmos(const Element& element) {
  return element.group->type->model_type == "vdmos";
}

/// Parameters that stand on the element; the others are the model's.
std::string_view on_element(const Element& element) {
  switch (element.letter) {
    case 'd':
      return "area pj off ic temp copies";
    case 'q':
      return "area areab areac off icvbe icvce temp copies";
    case 'm':
      return is_vdmos(element) ? "off icvds icvgs temp copies"
                               : "l w ad as pd perimeter_s nrd nrs m off icvds icvgs icvbs temp";
    default:
      return "area off icvds icvgs temp m";
  }
}

// What Xyce's models of the same name know (its reference guide, chapter 2.3).
std::string_view known_to_xyce(const Element& element) {
  switch (element.letter) {
    case 'd':
      return "is rs n isr nr ikf tt cjo vj mj eg xti tikf tbv1 tbv2 trs1 trs2 fc bv ibv nbv ibvl nbvl kf af "
             "tnom "
             "area off ic temp";
    case 'q':
      return "is bf nf vaf ikf nkf ise ne br nr var ikr isc nc rb irb rbm re rc cje vje mje tf xtf vtf itf "
             "ptf cjc "
             "vjc mjc xcjc tr cjs vjs mjs fc xtb eg xti kf af tnom area off icvbe icvce temp";
    case 'm':
      return "vto phi gamma nsub nss tpg tox uo ld rd rs rsh cbd cbs is js pb cj mj cjsw mjsw fc cgso cgdo "
             "cgbo kf "
             "af l w ad as pd perimeter_s nrd nrs m off icvds icvgs icvbs temp tnom kp lambda delta ucrit "
             "uexp "
             "vmax xj neff nfs theta eta kappa kv nv kc nc nvth ps gamma1 sigma lambda0 lambda1";
    case 'j':
      return "vto beta lambda b rd rs cgs cgd pb fc is kf af area tnom temp";
    default:
      return "vto beta b alpha lambda rd rs cgs cgd pb is kf af area temp";
  }
}

/// The parameters of one element, which become those of a peer.
class Card {
 public:
  Card(Peer peer, const Element& element, bool initial_conditions)
      : peer_(peer), element_(element), initial_conditions_(initial_conditions) {
    const std::vector<ParameterDescription>& parameters = element.group->type->parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i)
      values_.push_back(element.group->parameter(element.instance, i));
  }

  void adapt() {
    const DeviceType& type = *element_.group->type;
    sign_ = find("polarity") ? get("polarity") : 1;
    drop("polarity");
    drop("gmin");
    if (is_vdmos(element_))
      adapt_vdmos();
    else if (element_.letter == 'm')
      adapt_mos(type.level);
    else if (element_.letter == 'd')
      adapt_diode();
    else if (element_.letter == 'q')
      adapt_bipolar();
    else if (xyce() || element_.letter == 'z')  // ngspice's m of a MESFET is not m of them
      set("area", get("area") * std::exchange(reference("m"), 1));
    if (element_.letter == 'j') adapt_jfet(type.level);
    if (element_.letter == 'z' && !xyce()) drop("temp");  // ngspice's equations know one temperature
    if (xyce()) check_xyce();
  }

  [[nodiscard]] SemiconductorCard text() const {
    SemiconductorCard card;
    card.model = std::string(model_type()) + '(' + before_;
    const std::vector<ParameterDescription>& parameters = element_.group->type->parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (!is_written(i)) continue;
      const std::string_view name = parameters[i].name;
      const bool instance = is_word_of(name, on_element(element_));
      std::string& to = instance ? card.element : card.model;
      if (to.empty() || to.back() != '(') to += ' ';
      if (name == "off")
        to += xyce() ? "off=1" : "off";
      else
        to += fmt::format("{}={}", peers_name(name), values_[i]);
    }
    card.model += ')';
    card.element += behind_;
    return card;
  }

 private:
  [[nodiscard]] bool xyce() const { return peer_ == Peer::xyce; }
  [[nodiscard]] bool find(std::string_view name) const {
    return element_.group->type->find_parameter(name).has_value();
  }
  double& reference(std::string_view name) {
    return values_[element_.group->type->find_parameter(name).value()];
  }
  double get(std::string_view name) { return reference(name); }
  double get(std::string_view name, double otherwise) {
    return std::isnan(get(name)) ? otherwise : get(name);
  }
  void set(std::string_view name, double value) { reference(name) = value; }
  void drop(std::string_view name) {
    if (find(name)) set(name, not_given);
  }
  /// The value of a parameter, which is made part of another then.
  double take(std::string_view name, double otherwise) {
    const double value = get(name, otherwise);
    drop(name);
    return value;
  }
  /// Degrees above the nominal temperature.
  double warmer() { return get("temp", usual_celsius) - get("tnom", usual_celsius); }

  [[nodiscard]] std::string_view model_type() const {
    if (is_vdmos(element_)) return "vdmos";
    for (const ModelVariant& variant : element_.group->type->form.model_variants)
      if (variant.value == sign_) return variant.type;
    return element_.group->type->model_type;
  }

  /// What is not the default, which both have, and what has no common one.
  [[nodiscard]] bool is_written(std::size_t place) const {
    const ParameterDescription& parameter = element_.group->type->parameters[place];
    const double value = values_[place];
    if (!std::isfinite(value)) return false;
    if (parameter.name.starts_with("ic") && is_word_of(parameter.name, on_element(element_)))
      return initial_conditions_;
    if (parameter.name == "temp" || parameter.name == "tnom") return value != usual_celsius;
    if (parameter.name == "l" || parameter.name == "w") return true;
    return value != parameter.default_value || is_word_of(parameter.name, always_);
  }

  [[nodiscard]] std::string_view peers_name(std::string_view name) const {
    const char letter = element_.letter;
    if (name == "copies") return "m";
    if (name == "perimeter_s") return "ps";
    if (xyce()) {
      if (letter == 'd' && name == "mj") return "m";
      if (name == "uo") return "u0";
      if (name == "icvds" || name == "icvbe") return "ic1";
      if (name == "icvgs" || name == "icvce") return "ic2";
      if (name == "icvbs") return "ic3";
      return name;
    }
    return name;
  }

  void adapt_diode() {
    const double above = warmer();
    if (get("coxide") > 0)
      throw NoCounterpart{fmt::format("{} has no oxide across a diode in transients", name_of(peer_)),
                          "leave coxide, lm, wm, lp and wp out, and put a capacitor across the diode"};
    if (get("isr") > 0) always_ = "nr";  // 1 in ngspice 39, 2 in others
    if (xyce()) {
      // Xyce's area is a factor of ibv too, ours is not.
      set("ibv", get("ibv") / get("area"));
      set("area", get("area") * std::exchange(reference("copies"), 1));
      if (std::isnan(get("nbv")) && !std::isnan(get("bv"))) set("nbv", get("n"));
      always_ = get("isr") > 0 ? "nr nbv ibv" : "nbv ibv";
      before_ = "level=2";
      return;
    }
    if (get("ibvl") > 0)
      throw NoCounterpart{"ngspice's diode has no breakdown at low currents, ibvl", "leave ibvl out"};
    drop("nbvl");
    if (const double slope = take("tikf", 0); slope != 0) set("ikf", get("ikf") * (1 + slope * above));
    const double first = take("tbv1", 0), second = take("tbv2", 0);
    if (first != 0 || second != 0) {
      const double lost = take("tcv", 0) * above, given = get("bv");
      set("bv", (take("tlev", 0) == 0 ? given - lost : given * (1 - lost)) *
                    (1 + above * (first + above * second)));
    }
    if (get("tlevc") == 1) {  // whose coefficients ngspice counts from 27 °C on
      set("cjo", get("cjo") * (1 + take("cta", 0) * above));
      set("cjsw", get("cjsw") * (1 + take("ctp", 0) * above));
      set("vj", get("vj") - take("tpb", 0) * above);
      set("vjsw", get("vjsw") - take("tphp", 0) * above);
    }
  }

  void adapt_bipolar() {
    // ngspice counts area twice in the saturation current of base-collector: four transistors are no such.
    if (std::isnan(get("areab")) && std::isnan(get("areac"))) {
      // The epitaxial collector is that of a copy, whatever the area.
      set("rco", get("rco") * get("area"));
      set("qco", get("qco") / get("area"));
      const double size = get("area") * get("copies");
      set("area", xyce() ? size : 1);
      set("copies", xyce() ? 1 : size);
    }
    if (!xyce()) return;
    const double placement = take("subs", sign_ > 0 ? 1 : -1);
    if (placement == -1 && get("cjs") > 0)
      throw NoCounterpart{"the substrate of Xyce's bipolar transistor meets the collector, not the base",
                          "write subs=1, or leave cjs out"};
    before_ = "level=1";
  }

  void adapt_jfet(int level) {
    if (level == 2 && xyce())
      throw NoCounterpart{"Xyce's JFET of level 2 is another one",
                          "convert to ngspice, which has Parker and Skellern's"};
    if (level == 2) before_ = "level=2";
    if (xyce()) return;
    // ngspice's names of the two, ic-vds and ic-vgs, are none that its parser reads.
    const bool given = !std::isnan(get("icvds")) || !std::isnan(get("icvgs"));
    const double vds = take("icvds", 0), vgs = take("icvgs", 0);
    if (given && initial_conditions_) behind_ = fmt::format(" ic={},{}", vds, vgs);
  }

  void adapt_mos(int level) {
    if (get("capop") == 4)
      throw NoCounterpart{
          fmt::format("{} has Meyer's capacitances of the gate, not the charges of capop=4", name_of(peer_)),
          "leave capop out"};
    drop("capop");
    before_ = fmt::format("level={}", level);
  }

  void adapt_vdmos() {
    if (xyce())
      throw NoCounterpart{"Xyce's power MOS transistor, level 18, has other equations",
                          "convert to ngspice, which has these"};
    if (std::exchange(reference("pchan"), 0) != 0) before_ = "pchan";
    // ngspice's m leaves the gate's capacitances and the breakdown those of one transistor.
    const double m = std::exchange(reference("copies"), 1);
    for (const std::string_view each : {"kp", "cgs", "cgdmin", "cgdmax", "is", "cjo", "ibv"})
      set(each, get(each) * m);
    for (const std::string_view each : {"rd", "rs", "rg", "rb", "rds", "rq"}) set(each, get(each) / m);
    if (get("rd") > 0) return;
    drop("rq");  // without effect then, but ngspice would find no operating point
    drop("vq");
  }

  /// What would be a parameter that Xyce does not know.
  void check_xyce() {
    const std::vector<ParameterDescription>& parameters = element_.group->type->parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (is_written(i) && !is_word_of(parameters[i].name, known_to_xyce(element_)))
        throw NoCounterpart{fmt::format("Xyce's {} has no parameter {}", element_.group->type->name,
                                        peers_name(parameters[i].name)),
                            "leave it out, or convert to ngspice"};
  }

  Peer peer_;
  const Element& element_;
  bool initial_conditions_;
  std::vector<double> values_;
  double sign_ = 1;
  std::string_view always_;  // parameters written even where they have our default
  std::string before_;       // the model's parameters
  std::string behind_;       // the element's
};

}  // namespace

bool is_semiconductor(const Element& element) {
  return element.group != nullptr && std::string_view("dqmjz").find(element.letter) != std::string_view::npos;
}

SemiconductorCard semiconductor_card(Peer peer, const Element& element, bool initial_conditions,
                                     double gmin) {
  if (element.parameter("gmin") != gmin)
    throw NoCounterpart{fmt::format("{} has one gmin for all devices, that of .options", name_of(peer)),
                        "leave gmin out of the model"};
  Card card(peer, element, initial_conditions);
  card.adapt();
  return card.text();
}

std::optional<TerminalCurrent> terminal_current(const Element& element, std::string_view quantity) {
  if (element.letter == 'd' || quantity.size() != 2 || quantity[0] != 'i') return std::nullopt;
  const bool bipolar = element.letter == 'q';
  const std::size_t terminal = std::string_view(bipolar ? "cbes" : "dgsb").find(quantity[1]);
  if (terminal >= element.nodes().size()) return std::nullopt;
  const std::string_view polarity = is_vdmos(element) ? "pchan" : "polarity";
  const double value = element.parameter(polarity);
  const bool p_channel = !bipolar && (is_vdmos(element) ? value != 0 : value < 0);
  return TerminalCurrent{terminal, p_channel};
}

std::optional<std::string_view> ngspice_quantity(const Element& element, std::string_view quantity) {
  const char letter = element.letter;
  if (letter == 'd' && quantity == "c") return "id";
  if (letter == 'm' && quantity == "vth") return "von";
  if (letter == 'j' && element.group->type->level == 2 && quantity == "igd") return "cgd";
  if ((letter == 'z' && quantity == "igd") || ((letter == 'z' || letter == 'j') && quantity == "vds"))
    return std::nullopt;
  return quantity;
}

}  // namespace memspice::convert
