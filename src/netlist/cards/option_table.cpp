#include "netlist/cards/option_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <random>
#include <type_traits>
#include <utility>

#include "base/characters.hpp"
#include "base/spelling.hpp"

namespace memspice {
namespace {

bool is_whole(double value, double least, double most) {
  return value == std::floor(value) && value >= least && value <= most;
}

constexpr OptionRange on_or_off{};
constexpr OptionRange positive_number{[](double v) { return v > 0; }, "greater than 0"};
// What doubles can tell apart.
constexpr OptionRange relative_tolerance{[](double v) { return v >= 1e-16 && v < 1; }, "between 1e-16 and 1"};
// Their squares and inverses are added up in weights.
constexpr OptionRange absolute_tolerance{[](double v) { return v >= 1e-150 && v <= 1e150; },
                                         "from 1e-150 to 1e150"};
constexpr OptionRange junction_conductance{[](double v) { return v >= 0 && v <= 1e6; }, "from 0 to 1e6 S"};
constexpr OptionRange transistor_length{[](double v) { return v >= 1e-12 && v <= 1e3; },
                                        "from 1e-12 to 1000 m"};
constexpr OptionRange transistor_area{[](double v) { return v >= 0 && v <= 1e6; }, "from 0 to 1e6 m²"};
constexpr OptionRange celsius{[](double v) { return v > absolute_zero && v <= 3000; },
                              "above -273.15 and at most 3000 degrees Celsius"};
constexpr OptionRange order{[](double v) { return is_whole(v, 1, 5); }, "a whole number from 1 to 5"};
constexpr OptionRange harmonics{[](double v) { return is_whole(v, 2, 10000); },
                                "a whole number from 2 to 10000"};
constexpr OptionRange steps{[](double v) { return is_whole(v, 1, 1e15); }, "a whole number from 1 on"};
constexpr OptionRange rows{[](double v) { return is_whole(v, 1, infinity); }, "a whole number from 1 on"};
constexpr OptionRange memory{[](double v) { return v >= 3e7; }, "at least 3e7 bytes"};
constexpr OptionRange seeds{[](double v) { return is_whole(v, 0, 1e15); },
                            "a whole number from 0 on, or 'random'"};

template <class T>
struct Stored {
  using type = T;
};
template <class T>
struct Stored<std::optional<T>> {
  using type = T;
};

/// Stores a value in this member of Circuit::options.
template <auto member>
void set(Elaboration& elaboration, double value) {
  auto& place = elaboration.circuit.options.*member;
  using Type = typename Stored<std::remove_cvref_t<decltype(place)>>::type;
  if constexpr (std::is_same_v<Type, bool>)
    place = value != 0;
  else
    place = static_cast<Type>(value);
}

/// Of a budget; what is spent already counts.
template <Resource resource>
void set_budget(Elaboration& elaboration, double value) {
  elaboration.circuit.options.budgets.set_by_deck(resource, value);
}
template <Resource resource>
void check_budget(const GivenOption& option, double) {
  spend(option.card.elaboration, resource, 0, option.at);
}

/// A default of MOS transistors; the option is called as the parameter is, behind `def`.
void set_default(const GivenOption& option, double value) {
  const auto name = option.at.substr(3);
  for (const std::string_view parameter : {"l", "w", "ad", "as"})
    if (same_word(name, parameter))
      option.card.elaboration.element_options.defaults.push_back({'m', parameter, value});
}

void allow_dangling(Elaboration& elaboration, double value) {
  elaboration.element_options.dangling_nodes_are_meant = value != 0;
}

/// The same of Elaboration::transients.
template <auto member>
void set_for_transients(Elaboration& elaboration, double value) {
  elaboration.transients.*member = value;
}

bool read_method(const GivenOption& option) {
  constexpr std::string_view known[] = {"gear",    "bdf", "trap", "trapezoidal",
                                        "modtrap", "7",   "8"};  // 7, 8: Xyce's
  const std::string_view at = option.card.reader.take().text;
  if (std::ranges::find(known, to_lower(at)) == std::end(known))
    option.card.messages.warning({at, fmt::format("method '{}' does nothing in memspice", at),
                                  "gear and trap both mean BDF with error control; use reltol and maxord"});
  return true;
}

/// Sets what a word stands for; false: it is none of the words.
template <class T>
bool choose(std::string_view word, std::initializer_list<std::pair<std::string_view, T>> choices, T& place) {
  const auto found = std::ranges::find(choices, to_lower(word), &std::pair<std::string_view, T>::first);
  if (found == choices.end()) return false;
  place = found->second;
  return true;
}

bool read_integrator(const GivenOption& option) {
  const std::string_view at = option.card.reader.take().text;
  if (!choose(at,
              {{"auto", Integrator::automatic}, {"ida", Integrator::ida}, {"network", Integrator::network}},
              option.card.circuit.options.integrator))
    throw Problem{at, fmt::format("there is no integrator '{}'", at), "write auto, ida or network"};
  return true;
}

bool read_solver(const GivenOption& option) {
  constexpr std::string_view of_ltspice[] = {"normal", "alternate", "norm", "alt"};
  const std::string_view at = option.card.reader.take().text;
  if (choose(at,
             {{"auto", LinearSolver::automatic},
              {"klu", LinearSolver::klu},
              {"cholmod", LinearSolver::cholmod},
              {"pcg", LinearSolver::gradients}},
             option.card.circuit.options.solver))
    return true;
  if (std::ranges::find(of_ltspice, to_lower(at)) == std::end(of_ltspice))
    throw Problem{at, fmt::format("there is no solver '{}'", at), "write auto, klu, cholmod or pcg"};
  option.card.messages.warning(
      {at, fmt::format("solver '{}' does nothing in memspice", at), "solver=auto chooses by the circuit"});
  return true;
}

bool read_random(const GivenOption& option) {
  CardContext& card = option.card;
  if (!card.reader.accept_word("random")) return false;
  if (card.elaboration.options.seed) return true;
  const std::uint64_t seed = std::random_device{}();
  card.circuit.options.seed = seed;
  card.messages.warning({option.value_at, fmt::format("the seed of this run is {}", seed),
                         fmt::format(".options seed={} repeats it", seed)});
  return true;
}

// A step h of an oscillation omega multiplies it by 1 + (h omega)^4/4 at order 3; orders 2 and 5 damp it.
void warn_of_growth(const GivenOption& option, double order) {
  if (order != 3 && order != 4) return;
  option.card.messages.warning(
      {option.value_at, fmt::format("with {}={:g} oscillations without damping grow", option.at, order),
       "the integration formulas of orders 3 and 4 are unstable there: write 2 or 5"});
}

void save_currents(const GivenOption& option, double on) {
  if (on == 0) return;
  for (const char* pattern : {"all", "i(*)"})
    option.card.circuit.outputs.saves.push_back({pattern, option.card.location(option.at)});
}

void keep_place_of_interval(const GivenOption& option, double) {
  const CardReader& reader = option.card.reader;
  option.card.elaboration.transients.interval_at = option.value_at;
  if (!reader.at_end() && !reader.at_assignment())
    throw Problem{reader.peek().text, "memspice does not change the interval of rows during a run"};
}

// clang-format off
constexpr OptionRow option_table[] = {
    {{"reltol", "", "1e-4", "reltol=1e-6", "relative tolerance; the absolute ones follow it unless given"},
     relative_tolerance, set<&Options::reltol>},
    {{"vntol", "absv", "reltol × 10 mV", "vntol=1u", "absolute tolerance of voltages, V"},
     absolute_tolerance, set<&Options::vntol>},
    {{"abstol", "absi", "reltol × 10 nA", "abstol=1p", "absolute tolerance of currents, A, and of states where statetol is not given"},
     absolute_tolerance, set<&Options::abstol>},
    {{"statetol", "", "reltol × 0.01", "statetol=1e-9", "absolute tolerance of the states of memristors"},
     absolute_tolerance, set<&Options::statetol>},
    {{"interp", "", "0", "interp", "rows exactly on the tstep grid"},
     on_or_off, set<&Options::interp>},
    {{"initial_interval", "", "", "initial_interval=10u", "rows exactly at multiples of this time, s, whatever the tstep of .tran"},
     positive_number, set_for_transients<&TransientOptions::output_interval>, nullptr, keep_place_of_interval},
    {{"maxord", "", "5", "maxord=2", "highest order of the integrator, 1 to 5; with 3 and 4 undamped oscillations grow"},
     order, set<&Options::max_order>, nullptr, warn_of_growth},
    {{"method", "", "gear", "method=trap",
      "gear, bdf, trap, trapezoidal, modtrap, 7 or 8: all mean BDF of orders 1 to maxord with error control"},
     {}, nullptr, read_method},
    {{"integrator", "", "auto", "integrator=ida",
      "what integrates every .tran: ida; network: for memristors whose current is a conductance of their state times "
      "their voltage, resistors and independent sources, whose potentials are polynomials in every step; auto: "
      "network where it covers all elements and there are 1000 linear memristors with a roff of at most 1000 ron, or "
      "100 others, else ida"},
     {}, nullptr, read_integrator},
    {{"solver", "", "auto", "solver=pcg",
      "what solves the linear equations: klu; cholmod, where they are symmetric; pcg, conjugate gradients, with the "
      "network integrator; auto: cholmod where they are symmetric, pcg where its factor would fill in, else klu"},
     {}, nullptr, read_solver},
    {{"verify", "", "0", "verify",
      "integrates the first tenth of every .tran with both integrators, and warns when a state differs by more than "
      "10 reltol"},
     on_or_off, set<&Options::verify>},
    {{"maxstep", "delmax", "", "maxstep=1u", "largest internal step of every .tran, s"},
     positive_number, set_for_transients<&TransientOptions::max_step>},
    {{"max_steps", "", "", "max_steps=1000000", "the number of internal steps after which a .tran gives up"},
     steps, set<&Options::max_steps>},
    {{"maxrows", "", "", "maxrows=1e6",
      "the most rows that all analyses may write at all points: more are an error, found before they run; "
      "without it more than 1e7 give a warning"},
     rows, set<&Options::max_rows>},
    {{"dangling", "", "0", "dangling", "nodes with one connection are meant: no warning names them"},
     on_or_off, allow_dangling},
    {{"max_bytes", "", "1e11", "max_bytes=1e9", "budget of bytes read: of the deck, of what it includes, each time, and of data"},
     rows, set_budget<Resource::bytes>, nullptr, check_budget<Resource::bytes>},
    {{"max_files", "", "1e5", "max_files=100", "budget of files and sections of libraries that .include and .lib read"},
     rows, set_budget<Resource::files>, nullptr, check_budget<Resource::files>},
    {{"max_elements", "", "", "max_elements=1e6", "budget of elements, those in instances of subcircuits, and of pairs of coupled inductors"},
     rows, set_budget<Resource::elements>, nullptr, check_budget<Resource::elements>},
    {{"max_instances", "", "5e6", "max_instances=1e4", "budget of instances of subcircuits"},
     rows, set_budget<Resource::instances>, nullptr, check_budget<Resource::instances>},
    {{"max_expressions", "", "", "max_expressions=1e8", "budget of operations and names in expressions, with those of the functions that they call"},
     rows, set_budget<Resource::expressions>},
    {{"max_corners", "", "1e12", "max_corners=1e7", "budget of steps that corners and periods of sources ask for, and of points of random waveforms"},
     rows, set_budget<Resource::corners>},
    {{"max_points", "", "1e9", "max_points=1e4", "budget of the values of sweeps, steps and frequencies, and of their combinations"},
     rows, set_budget<Resource::points>, nullptr, check_budget<Resource::points>},
    {{"max_analyses", "", "", "max_analyses=100", "budget of the analyses that cards, commands and objectives ask for"},
     rows, set_budget<Resource::analyses>},
    {{"max_columns", "", "", "max_columns=1000", "budget of the columns of the tables of .print"},
     rows, set_budget<Resource::columns>},
    {{"max_memory", "", "", "max_memory=4e9", "budget of memory, bytes; obeyed by the program, not the library"},
     memory, set_budget<Resource::memory>},
    {{"max_seconds", "", "", "max_seconds=3600", "budget of time for the run, s; obeyed by the program, not the library"},
     positive_number, set_budget<Resource::seconds>},
    {{"savecurrents", "", "0", "savecurrents", ".save all i(*): the currents of all elements too"},
     on_or_off, nullptr, nullptr, save_currents},
    {{"nfreqs", "", "10", "nfreqs=20", "harmonics that .four finds, the mean included"},
     harmonics, set<&Options::harmonics>},
    {{"temp", "", "27", "temp=85", "temperature of the circuit, °C"},
     celsius, set<&Options::temperature>},
    {{"tnom", "", "27", "tnom=25", "temperature at which the parameters of devices are given, °C"},
     celsius, set<&Options::nominal_temperature>},
    {{"gmin", "", "1e-12", "gmin=1e-15", "conductance across every junction of a semiconductor, S"},
     junction_conductance, set<&Options::gmin>},
    {{"defl", "", "1e-4", "defl=1u", "length of MOS transistors whose cards do not say it, m"},
     transistor_length, nullptr, nullptr, set_default},
    {{"defw", "", "1e-4", "defw=10u", "width of MOS transistors whose cards do not say it, m"},
     transistor_length, nullptr, nullptr, set_default},
    {{"defad", "", "0", "defad=10p", "area of the drains of MOS transistors whose cards do not say it, m²"},
     transistor_area, nullptr, nullptr, set_default},
    {{"defas", "", "0", "defas=10p", "area of the sources of MOS transistors whose cards do not say it, m²"},
     transistor_area, nullptr, nullptr, set_default},
    {{"seed", "rseed", "", "seed=42", "whole number with which the random functions begin; random: draws one and says which"},
     seeds, set<&Options::seed>, read_random},
};
// clang-format on

}  // namespace

std::span<const OptionRow> option_rows() {
  return option_table;
}

const OptionRow* find_option(std::string_view name) {
  for (const OptionRow& row : option_table) {
    bool is_this = row.description.name == name;
    for_each_alias(row.description.aliases, [&](std::string_view alias) { is_this |= alias == name; });
    if (is_this) return &row;
  }
  return nullptr;
}

void read_option(CardContext& card, std::string_view at, const OptionRow& row) {
  GivenOption option{card, at, {}};
  const bool is_switch = row.range.holds == nullptr && row.read_word == nullptr;
  double value = 1;  // of a switch that stands alone
  if (!is_switch || card.reader.peek().is(Token::Kind::equals)) {
    card.reader.expect(Token::Kind::equals, fmt::format("'=' behind '{}'", at));
    option.value_at = card.reader.peek().text;
    if (row.read_word && row.read_word(option)) return;
    value = card.value(CardReader::Blanks::allowed);
    if (row.range.holds && !row.range.holds(value))
      throw Problem{option.value_at, fmt::format("{} must be {}, not {:g}", at, row.range.text, value)};
  }
  if (row.set) row.set(card.elaboration, value);
  if (row.then) row.then(option, value);
}

}  // namespace memspice
