#include "devices/memristors/windowed_memristor.hpp"

#include <algorithm>

namespace memspice {

namespace {

// Places of parameters: behind those of the linear memristor.
enum WindowedParameter : std::size_t {
  windowed_window = 8,  // the last that both have
  windowed_p,
  windowed_j,
  windowed_floor,
  windowed_aon,
  windowed_aoff,
  windowed_wc
};

DriftWindow::Kind window_kind(std::span<const double> values) {
  return static_cast<DriftWindow::Kind>(static_cast<int>(values[windowed_window]));
}

}  // namespace

WindowedMemristor::WindowedMemristor(std::span<const double> values) : LinearMemristor(values) {
  window_ = {.kind = window_kind(values),
             .p = values[windowed_p],
             .j = values[windowed_j],
             .floor = values[windowed_floor],
             .on = values[windowed_aon],
             .off = values[windowed_aoff],
             .width = values[windowed_wc]};
}

DeviceType WindowedMemristor::describe() {
  DeviceType type = LinearMemristor::describe();
  type.name = "windowed memristor";
  type.help = "linear memristor whose drift a window slows down near the bounds: level 1 with window=";
  type.network_role = NetworkRole::other;
  // The card is the linear memristor's: what it forgets is kept here.
  for (const std::string_view kept : {"p", "j", "floor", "aon", "aoff", "wc"}) {
    const auto found = std::ranges::find(type.card_parameters, kept, &ParameterDescription::name);
    type.parameters.push_back(*found);
    type.card_parameters.erase(found);
  }
  type.finish = [](std::span<double> values, const OperatingConditions&) {
    return settle_linear_memristor(values, windowed_wc + 1);
  };
  const auto check_linear = type.check;
  type.check = [check_linear](std::span<const double> values) -> std::optional<ParameterProblem> {
    std::vector<double> plain(values.begin(), values.end());
    plain[windowed_window] = 0;
    if (const auto problem = check_linear(plain)) return problem;
    return check_window(window_kind(values), values[windowed_p], windowed_p, values[windowed_wc],
                        windowed_wc);
  };
  return type;
}

}  // namespace memspice
