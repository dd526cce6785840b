#include "truth/netlist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memspice::truth {

namespace {

double rounded(double value, int digits) {
  return std::strtod(fmt::format("{:.{}e}", value, digits - 1).c_str(), nullptr);
}

std::string card(const Netlist& netlist, const Element& e) {
  std::string text = e.name + " ";
  if (e.kind == 'k') {
    const auto inductor = [&](int place) { return netlist.elements[static_cast<std::size_t>(place)].name; };
    return text + fmt::format("{} {} {}", inductor(e.a), inductor(e.b), exact(e.value));
  }
  text += node_name(e.a) + " " + node_name(e.b) + " ";
  if (e.kind == 'v' || e.kind == 'i') return text + e.source.text();
  if (e.kind == 'y') {
    const Memristor& m = e.memristor;
    text += fmt::format("m ron={} roff={} beta={}", exact(m.ron), exact(m.roff), exact(m.beta));
    if (m.alpha != 0) text += " alpha=" + exact(m.alpha);
    if (m.polarity < 0) text += " polarity=-1";
    if (m.voltage_control) text += " control=voltage";
    return text + " w0=" + exact(e.initial);
  }
  text += exact(e.value);
  return std::isnan(e.initial) ? text : text + " ic=" + exact(e.initial);
}

// Sources that say the same with less.
std::vector<Source> simpler_sources(const Source& source) {
  std::vector<Source> result;
  Source same = source;
  if (source.kind == Source::Kind::pwl && source.values.size() > 4)
    for (std::size_t i = 2; i < source.values.size(); i += 2) {
      same.values = source.values;
      same.values.erase(same.values.begin() + static_cast<std::ptrdiff_t>(i),
                        same.values.begin() + static_cast<std::ptrdiff_t>(i + 2));
      result.push_back(same);
    }
  if (source.kind == Source::Kind::sine)
    for (const std::size_t i : {0u, 3u, 4u, 5u})
      if (source.values[i] != 0) {
        same.values = source.values;
        same.values[i] = 0;
        result.push_back(same);
      }
  if (source.kind == Source::Kind::sffm || source.kind == Source::Kind::am)
    result.push_back({Source::Kind::sine,
                      source.kind == Source::Kind::sffm
                          ? std::vector<double>{source.values[0], source.values[1], source.values[2], 0, 0, 0}
                          : std::vector<double>{0, source.values[0], source.values[3], 0, 0, 0}});
  if (source.kind != Source::Kind::dc) {
    const std::size_t level = source.values.size() > 3 && source.kind != Source::Kind::am ? 1 : 0;
    result.push_back({Source::Kind::dc, {source.values[level]}});
  }
  for (const int digits : {1, 2, 3}) {
    same = source;
    for (double& value : same.values) value = rounded(value, digits);
    if (same.values != source.values) result.push_back(same);
  }
  return result;
}

Netlist without(const Netlist& netlist, std::size_t place) {
  Netlist result = netlist;
  auto& elements = result.elements;
  const auto gone = static_cast<int>(place);
  elements.erase(elements.begin() + gone);
  std::erase_if(elements, [gone](const Element& e) { return e.kind == 'k' && (e.a == gone || e.b == gone); });
  for (Element& e : elements)
    if (e.kind == 'k') {
      e.a -= e.a > gone;
      e.b -= e.b > gone;
    }
  return result;
}

}  // namespace

std::string node_name(int node) {
  return node == 0 ? "0" : "n" + std::to_string(node);
}

std::string Netlist::cards() const {
  std::string result;
  for (const Element& e : elements) result += card(*this, e) + "\n";
  if (std::any_of(elements.begin(), elements.end(), [](const Element& e) { return e.kind == 'y'; }))
    result += ".model m memristor\n.save v(*) i(*) w(*)\n";
  else
    result += ".save v(*) i(*)\n";
  if (!options.empty()) result += ".options " + options + "\n";
  return result + fmt::format(".tran {} {}{}\n", exact(step), exact(stop), uic ? " uic" : "");
}

int Netlist::nodes() const {
  int result = 0;
  for (const Element& e : elements)
    if (e.kind != 'k') result = std::max({result, e.a, e.b});
  return result;
}

std::vector<double> Netlist::segments() const {
  std::vector<double> result{0, stop};
  for (const Element& e : elements)
    if (e.kind == 'v' || e.kind == 'i')
      for (const double t : e.source.corners(stop)) result.push_back(t);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

bool Netlist::connected() const {
  Groups groups(nodes() + 1);
  for (const Element& e : elements)
    if (e.kind != 'k') groups.join(e.a, e.b);
  for (const Element& e : elements)
    if (e.kind != 'k' && groups.find(e.a) != groups.find(0)) return false;
  return !elements.empty();
}

std::vector<Netlist> Netlist::simpler() const {
  std::vector<Netlist> result;
  for (std::size_t i = elements.size(); i-- > 0;) result.push_back(without(*this, i));
  for (std::size_t i = elements.size(); i-- > 0;) {  // shorted
    const Element& e = elements[i];
    if (e.kind == 'k' || e.a == e.b) continue;
    Netlist shorted = without(*this, i);
    const int kept = std::min(e.a, e.b);
    const int lost = std::max(e.a, e.b);
    for (Element& other : shorted.elements)
      if (other.kind != 'k')
        for (int* node : {&other.a, &other.b})
          if (*node == lost) *node = kept;
    bool loop = false;
    for (const Element& other : shorted.elements) loop |= other.kind != 'k' && other.a == other.b;
    if (!loop) result.push_back(shorted);
  }
  for (const double part : {0.5, 0.7, 0.9}) {
    Netlist shorter = *this;
    shorter.stop = rounded(stop * part, 2);
    if (shorter.stop < 0.95 * stop && shorter.stop > 2 * step && shorter.stop > 1e-12)
      result.push_back(shorter);
  }
  const auto changed = [&](std::size_t i, auto&& change) {
    Netlist other = *this;
    change(other.elements[i]);
    result.push_back(std::move(other));
  };
  const auto rounder = [&](std::size_t i, auto&& member) {
    const double now = member(const_cast<Element&>(elements[i]));
    for (const int digits : {1, 2, 3})
      if (rounded(now, digits) != now) changed(i, [&](Element& e) { member(e) = rounded(now, digits); });
  };
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Element& e = elements[i];
    if (e.kind == 'v' || e.kind == 'i')
      for (const Source& source : simpler_sources(e.source))
        changed(i, [&](Element& x) { x.source = source; });
    if (e.kind == 'r' || e.kind == 'l' || e.kind == 'c' || e.kind == 'k')
      rounder(i, [](Element& x) -> double& { return x.value; });
    if (!std::isnan(e.initial) && e.initial != 0) rounder(i, [](Element& x) -> double& { return x.initial; });
    if (e.kind != 'y') continue;
    if (e.memristor.alpha != 0) changed(i, [](Element& x) { x.memristor.alpha = 0; });
    rounder(i, [](Element& x) -> double& { return x.memristor.ron; });
    rounder(i, [](Element& x) -> double& { return x.memristor.roff; });
    rounder(i, [](Element& x) -> double& { return x.memristor.beta; });
    rounder(i, [](Element& x) -> double& { return x.memristor.alpha; });
  }
  Netlist round_step = *this;
  round_step.step = rounded(stop / 50, 1);
  if (round_step.step != step) result.push_back(round_step);
  return result;
}

Groups::Groups(int count) : parent_(static_cast<std::size_t>(count)) {
  for (int i = 0; i < count; ++i) parent_[static_cast<std::size_t>(i)] = i;
}

int Groups::find(int x) {
  while (parent_[static_cast<std::size_t>(x)] != x) x = parent_[static_cast<std::size_t>(x)];
  return x;
}

bool Groups::join(int a, int b) {
  a = find(a);
  b = find(b);
  if (a == b) return false;
  parent_[static_cast<std::size_t>(a)] = b;
  return true;
}

}  // namespace memspice::truth
