#include "netlist/elements/waveforms.hpp"

#include "base/characters.hpp"
#include "base/spelling.hpp"

namespace memspice {

std::span<const Waveform> waveforms() {
  using Kind = SourceFunction::Kind;
  static const std::vector<Waveform> known = {
      {"pulse",
       "",
       Kind::pulse,
       {{"v1", "source", "", "value at first"},
        {"v2", "source", "", "value of the pulse"},
        {"td", "s", "0", "when the first pulse begins"},
        {"tr", "s", "tstep", "length of the ramp from v1 to v2"},
        {"tf", "s", "tstep", "length of the ramp back"},
        {"pw", "s", "tstop", "how long v2 holds"},
        {"per", "s", "tstop", "from one pulse to the next"},
        {"np", "", "0", "number of pulses; 0: without end"}}},
      {"sin",
       "sine",
       Kind::sine,
       {{"vo", "source", "", "mean"},
        {"va", "source", "", "amplitude"},
        {"freq", "Hz", "1/tstop", "frequency"},
        {"td", "s", "0", "when the sine begins"},
        {"theta", "1/s", "0", "damping"},
        {"phase", "°", "0", "phase at td, and before"},
        {"ncycles", "", "0", "number of periods; 0: without end"}}},
      {"exp",
       "",
       Kind::exponential,
       {{"v1", "source", "", "value at first"},
        {"v2", "source", "", "value that it tends to from td1 on"},
        {"td1", "s", "tstep", "when the rise begins"},
        {"tau1", "s", "tstep", "time constant of the rise"},
        {"td2", "s", "td1 + tstep", "when the fall begins"},
        {"tau2", "s", "tstep", "time constant of the fall"}}},
      {"sffm",
       "",
       Kind::frequency_modulation,
       {{"vo", "source", "", "mean"},
        {"va", "source", "", "amplitude"},
        {"fc", "Hz", "1/tstop", "frequency of the carrier"},
        {"mdi", "", "0", "modulation index"},
        {"fs", "Hz", "1/tstop", "frequency of the signal"},
        {"phasec", "°", "0", "phase of the carrier"},
        {"phases", "°", "0", "phase of the signal"}}},
      {"am",
       "",
       Kind::amplitude_modulation,
       {{"va", "source", "", "amplitude"},
        {"vo", "", "", "offset of the signal, whose amplitude is 1"},
        {"mf", "Hz", "0", "frequency of the signal"},
        {"fc", "Hz", "0", "frequency of the carrier"},
        {"td", "s", "0", "when it begins; before, it is 0"},
        {"phases", "°", "0", "phase of the signal and of the carrier"}}},
      {"trnoise",
       "",
       Kind::noise,
       {{"na", "source", "", "standard deviation of the white noise; 0: none"},
        {"nt", "s", "", "distance of the random numbers"},
        {"nalpha", "", "0", "exponent of 1/f noise, between 0 and 2"},
        {"namp", "source", "0", "deviation of the 1/f noise; 0: none"},
        {"rtsam", "source", "0", "height of the telegraph signal; 0: none"},
        {"rtscapt", "s", "0", "how long it stays low on average"},
        {"rtsemt", "s", "0", "how long it stays high on average"}}},
      {"trrandom",
       "",
       Kind::random_steps,
       {{"type", "", "", "1 uniform, 2 normal, 3 exponential, 4 Poisson"},
        {"ts", "s", "", "how long a number holds"},
        {"td", "s", "0", "when it begins; before, it is 0"},
        {"p1", "source", "1", "range, deviation, mean, mean"},
        {"p2", "source", "0", "what is added to every number"}}},
      {"pwl", "", Kind::piecewise_linear, {}},
  };
  return known;
}

const Waveform* find_waveform(std::string_view name) {
  for (const Waveform& waveform : waveforms()) {
    bool is_this = same_word(name, waveform.name);
    for_each_alias(waveform.aliases, [&](std::string_view alias) { is_this |= same_word(name, alias); });
    if (is_this) return &waveform;
  }
  return nullptr;
}

}  // namespace memspice
