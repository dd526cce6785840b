#include "truth/memristor_oracle.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::truth {

namespace {

const Element* only(const Netlist& netlist, char kind) {
  const Element* found = nullptr;
  for (const Element& e : netlist.elements)
    if (e.kind == kind) {
      if (found) return nullptr;
      found = &e;
    }
  return found;
}

}  // namespace

bool MemristorOracle::fits(const Netlist& netlist) {
  const Element* y = only(netlist, 'y');
  const Element* r = only(netlist, 'r');
  const Element* v = only(netlist, 'v');
  const Element* i = only(netlist, 'i');
  if (netlist.elements.size() != 3 || !y || !r || (!v && !i) || y->memristor.alpha != 0) return false;
  const Source& source = v ? v->source : i->source;
  if (source.kind == Source::Kind::sffm || source.kind == Source::Kind::am ||
      source.kind == Source::Kind::exponential)
    return false;
  if (source.kind == Source::Kind::sine && source.values[4] != 0) return false;
  const Memristor& m = y->memristor;
  return m.roff >= m.ron && m.ron > 0 && m.beta > 0;
}

MemristorOracle::MemristorOracle(const Netlist& netlist) : stop_(netlist.stop) {
  const Element& y = *only(netlist, 'y');
  const Element* v = only(netlist, 'v');
  const Element& drive = v ? *v : *only(netlist, 'i');
  memristor_ = y.memristor;
  initial_ = y.initial;
  resistor_ = only(netlist, 'r')->value;
  source_ = drive.source;
  // v1 n1 0, y1 n2 0 or 0 n2; i1 n1 0 sends its current from n1 to 0
  const bool forward = y.b == 0;
  source_.scale((forward ? 1 : -1) * (v ? 1 : (drive.a == 0 ? resistor_ : -resistor_)));
  std::vector<double> times;
  for (int k = 0; k <= 400; ++k) times.push_back(stop_ * k / 400);
  // A small change of w on the way keeps its g, until a bound forgets it.
  long double steepest = 0;
  for (const double w : states(times)) {
    steepest = w <= 0 || w >= 1 ? slope(w) : std::max(steepest, slope(w));
    amplification_ = std::max(amplification_, static_cast<double>(steepest / slope(w)));
  }
}

long double MemristorOracle::g(long double w) const {
  const long double ron = memristor_.ron;
  const long double span = static_cast<long double>(memristor_.roff) - ron;
  if (!memristor_.voltage_control) return (resistor_ + ron) * w + span * w * w / 2;
  return w + (span == 0 ? resistor_ * w / ron : resistor_ / span * std::log1p(span / ron * w));
}

long double MemristorOracle::slope(long double w) const {
  const long double resistance =
      memristor_.ron + (static_cast<long double>(memristor_.roff) - memristor_.ron) * w;
  return memristor_.voltage_control ? 1 + resistor_ / resistance : resistor_ + resistance;
}

long double MemristorOracle::inverse(long double value) const {
  long double low = 0, high = 1;
  if (value <= 0) return 0;
  if (value >= g(1)) return 1;
  long double w = 0.5L;
  for (int k = 0; k < 200; ++k) {
    const long double miss = g(w) - value;
    (miss > 0 ? high : low) = w;
    long double next = w - miss / slope(w);
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (next == w || high - low < 1e-19L * high) break;
    w = next;
  }
  return w;
}

std::vector<double> MemristorOracle::states(const std::vector<double>& times) const {
  std::vector<double> ends = source_.sign_changes(stop_);
  ends.push_back(stop_);
  const long double factor = -memristor_.polarity / static_cast<long double>(memristor_.beta) *
                             (memristor_.voltage_control ? 1.0L : static_cast<long double>(memristor_.ron));
  const long double top = g(1);
  long double here = g(initial_);
  double begin = 0;
  std::size_t next = 0;
  std::vector<double> result;
  for (const double end : ends) {
    for (; next < times.size() && (times[next] <= end || end == stop_); ++next)
      result.push_back(static_cast<double>(inverse(std::clamp(
          here + (times[next] > begin ? factor * source_.integral(begin, times[next]) : 0.0L), 0.0L, top))));
    if (end > begin) here = std::clamp(here + factor * source_.integral(begin, end), 0.0L, top);
    begin = end;
  }
  return result;
}

}  // namespace memspice::truth
