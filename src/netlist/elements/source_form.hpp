#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string_view>

#include "netlist/elaboration/card_context.hpp"
#include "netlist/elements/waveforms.hpp"

namespace memspice {

/// What the card of an independent source says beside its name and nodes: `DC value AC magnitude phase
/// waveform(values)`, each value with where it stands.
struct SourceForm {
  static constexpr std::size_t dc = 0, ac_magnitude = 1,
                               ac_phase = 2;  // places of values, V or A and degrees
  static constexpr std::size_t first = 3;     // those of the waveform begin here
  static constexpr std::size_t most = 11;

  std::array<double, most> values{};
  std::array<std::string_view, most> at{};  // empty: not given
  bool ac = false;                          // alone it is 1 V or A
  const Waveform* waveform = nullptr;       // none, or one of values
  std::string_view waveform_at;
  std::size_t count = 0;  // values of the waveform

  [[nodiscard]] bool has(std::size_t place) const { return !at[place].empty(); }
};

/// Reads the value that comes next, for this place of the form.
using ReadSourceValue = std::function<double(std::size_t place)>;

/// Reads what comes next on the card of the source called `name` when it is a part of the form: `DC value`,
/// `AC …`, a waveform of values, or else a value alone. Throws Problem.
bool read_source_part(CardContext& card, std::string_view name, SourceForm& form,
                      const ReadSourceValue& read);

/// The function of time of the form's waveform. Throws Problem.
SourceFunction waveform_function(CardContext& card, const SourceForm& form);

/// Gives the source its value and its function, those of `copies` side by side.
void give_source_values(CardContext& card, std::string_view name, const SourceForm& form,
                        std::optional<SourceFunction>&& function, double copies, Source& source);

}  // namespace memspice
