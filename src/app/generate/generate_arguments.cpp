#include "app/generate/generate_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <memspice/circuit.hpp>
#include <memspice/error.hpp>

#include "app/generate/generate_model.hpp"
#include "app/generate/generate_topology.hpp"
#include "app/generate/generate_values.hpp"

namespace memspice::app {

namespace {

using generate::Devices;
using generate::Drive;
using generate::Family;
using generate::Sources;
using generate::Specification;
using SourceWaveform = generate::Waveform;
using Text = GenerateArguments::Text;

void refuse_control_characters(const std::string& option, const std::string& text) {
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }))
    refuse(fmt::format("{} holds a line end or another control character", option),
           "one card in one line; repeat --card for more");
}

std::optional<std::uint64_t> whole_seed(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seed;
}

/// A waveform as a card has it. Throws UsageError with what the card's reader says of it.
void check_waveform(const std::string& text) {
  refuse_control_characters("--source", text);
  const auto deck =
      std::make_shared<const Deck>(parse_text("a source\nV1 a 0 " + text + "\nR1 a 0 1\n.op\n", "--source"));
  try {
    static_cast<void>(elaborate(deck, standard_catalogue()));
  } catch (const DeckError& error) {
    const Diagnostic& first = error.diagnostics().front();
    refuse(fmt::format("--source '{}': {}", text, first.message), first.hint);
  }
}

SourceWaveform waveform_of(const Text& text) {
  if (text && text->find('(') != std::string::npos) {
    check_waveform(*text);
    return SourceWaveform::given;
  }
  static constexpr Choice<SourceWaveform> choices[] = {{"none", SourceWaveform::none},
                                                       {"dc", SourceWaveform::dc},
                                                       {"sin", SourceWaveform::sine},
                                                       {"pulse", SourceWaveform::pulse},
                                                       {"telegraph", SourceWaveform::telegraph}};
  return text ? choose<SourceWaveform>("--source", *text, choices, "a waveform such as 'pwl(0 0 1 1)'")
              : SourceWaveform::sine;
}

void read_drive(const Text& text, Family family, Sources& sources) {
  if (!text) {
    sources.drive = family == Family::crossbar   ? Drive::rows
                    : family == Family::nanowire ? Drive::port
                                                 : Drive::all;
    return;
  }
  if (const auto fraction = signed_number(*text)) {
    if (!(*fraction > 0 && *fraction <= 1))
      refuse(fmt::format("--drive {}: a fraction of the memristors is greater than 0 and at most 1", *text),
             "--drive 0.3 puts a source in series with 30 % of them");
    sources.drive = Drive::fraction;
    sources.fraction = *fraction;
    return;
  }
  static constexpr Choice<Drive> choices[] = {
      {"all", Drive::all}, {"one", Drive::one}, {"port", Drive::port}, {"rows", Drive::rows}};
  sources.drive = choose<Drive>("--drive", *text, choices, "a fraction such as 0.3");
  if (sources.drive == Drive::rows && family != Family::crossbar)
    refuse("--drive rows is for a crossbar", "the other families have --drive port");
}

// What --compact cannot write.
void check_compact(const GenerateArguments& arguments, const Sources& sources) {
  if (!arguments.compact) return;
  if (arguments.output.value_or("-") == "-")
    refuse("--compact writes two files: give -o a name", "-o grid.cir writes grid.cir and grid.edges");
  if (arguments.output->ends_with(".edges"))
    refuse(fmt::format("--compact would write deck and edges to '{}'", *arguments.output),
           "give the deck another ending: -o grid.cir");
  const bool in_series =
      sources.drive == Drive::all || sources.drive == Drive::fraction || sources.drive == Drive::one;
  if (sources.waveform == SourceWaveform::telegraph && in_series)
    refuse("--compact has no telegraph signals in series with memristors",
           "every signal has points of its own: leave --compact out");
  if (sources.waveform == SourceWaveform::given && in_series)
    refuse("--compact has no given waveforms in series with memristors",
           "leave --compact out, or use --drive port");
}

void refuse_unused(const GenerateArguments& arguments, SourceWaveform waveform) {
  struct Rule {
    const char* option;
    const Text& text;
    bool used;
    const char* user;
  };
  const bool periodic = waveform == generate::Waveform::sine || waveform == generate::Waveform::pulse;
  const bool scaled = waveform != SourceWaveform::none && waveform != SourceWaveform::given;
  const Rule rules[] = {
      {"--drive", arguments.drive, waveform != generate::Waveform::none, "dc, sin, pulse and telegraph"},
      {"--amplitude", arguments.amplitude, scaled, "dc, sin, pulse and telegraph"},
      {"--frequency", arguments.frequency, periodic, "sin and pulse"},
      {"--phase", arguments.phase, waveform == generate::Waveform::sine, "sin"},
      {"--rate", arguments.rate, waveform == generate::Waveform::telegraph, "telegraph"}};
  for (const Rule& rule : rules)
    if (rule.text && !rule.used)
      refuse(fmt::format("{} has no meaning with --source {}", rule.option, arguments.source.value_or("sin")),
             fmt::format("it belongs to --source {}", rule.user));
}

Sources sources_of(const GenerateArguments& arguments, Family family) {
  Sources sources;
  sources.waveform = waveform_of(arguments.source);
  refuse_unused(arguments, sources.waveform);
  if (sources.waveform == SourceWaveform::given) sources.text = *arguments.source;
  read_drive(arguments.drive, family, sources);
  if (sources.waveform == generate::Waveform::none) sources.drive = Drive::all;
  const bool single = sources.drive == Drive::one || sources.drive == Drive::port;
  sources.amplitude = distribution_of("--amplitude", arguments.amplitude.value_or(single ? "1" : "-1:1"));
  sources.frequency = distribution_of("--frequency", arguments.frequency.value_or("1"), positive);
  sources.phase = distribution_of("--phase", arguments.phase.value_or("0"));
  sources.rate = number_argument("--rate", arguments.rate.value_or("10"), positive);
  return sources;
}

// The fraction of the devices that is turned around.
double reversed_of(const Text& text) {
  if (!text || *text == "1" || *text == "+1") return 0;
  if (*text == "-1") return 1;
  if (*text == "mixed") return 0.5;
  constexpr std::string_view mixed = "mixed:";
  if (text->starts_with(mixed)) {
    const auto fraction = signed_number(std::string_view(*text).substr(mixed.size()));
    if (fraction && *fraction >= 0 && *fraction <= 1) return *fraction;
  }
  refuse(fmt::format("--polarity wants 1, -1, mixed or mixed:FRACTION, not '{}'", *text),
         "mixed:0.3 gives 30 % of the memristors the polarity -1");
}

Devices devices_of(const GenerateArguments& arguments) {
  if (arguments.model && *arguments.model != "linear") return devices_of_level(arguments);
  if (!arguments.parameters.empty())
    refuse("--parameter is for the models of a level", "the linear memristor has --ron, --roff, --beta, ...");
  Devices devices;
  devices.ron = distribution_of("--ron", arguments.ron.value_or("100"), positive);
  devices.roff = distribution_of("--roff", arguments.roff.value_or("16k"), positive);
  if (devices.ron.largest() > devices.roff.smallest())
    refuse(fmt::format("--ron reaches {:g} ohm, but --roff begins at {:g} ohm", devices.ron.largest(),
                       devices.roff.smallest()),
           "every ron must be at most every roff");
  devices.alpha = distribution_of("--alpha", arguments.alpha.value_or("0"));
  devices.w0 = distribution_of("--w0", arguments.w0.value_or("0.3:0.7"), from_0_to_1);
  devices.reversed = reversed_of(arguments.polarity);
  devices.active = number_argument("--active", arguments.active.value_or("0"), from_0_to_1);
  static constexpr Choice<bool> controls[] = {{"current", false}, {"voltage", true}};
  devices.voltage_control =
      arguments.control ? choose<bool>("--control", *arguments.control, controls) : false;
  // So that a period of a volt stays inside the bounds; a current is divided by the resistance, too.
  const std::string beta = devices.voltage_control ? "1" : "0.05";
  devices.beta = distribution_of("--beta", arguments.beta.value_or(beta), positive);
  return devices;
}

struct Transient {
  double step = 0;
  double stop = 0;
};

// Three periods, thirty switches, the time in which the largest voltage takes a device from the middle to a
// bound, or the time of decay.
Transient default_transient(const Sources& sources, const Devices& devices) {
  switch (sources.waveform) {
    case SourceWaveform::sine:
    case SourceWaveform::pulse:
      return {0.01 / sources.frequency.largest(),
              3 / std::max(sources.frequency.smallest(), 1e-3 * sources.frequency.largest())};
    case SourceWaveform::telegraph:
      return {0.1 / sources.rate, 30 / sources.rate};
    default:
      break;
  }
  const double volts =
      std::max(std::abs(sources.amplitude.smallest()), std::abs(sources.amplitude.largest()));
  const double decay = std::max(std::abs(devices.alpha.smallest()), std::abs(devices.alpha.largest()));
  double stop = 1;
  if (!devices.level.empty()) return {stop / 200, stop};
  if (sources.waveform == generate::Waveform::dc && volts > 0) {
    stop = devices.beta.largest() / (2 * volts);
    if (!devices.voltage_control) stop *= 0.25 * devices.roff.largest() / devices.ron.smallest();
  }
  if (sources.waveform == generate::Waveform::none && decay > 0) stop = 1 / decay;
  return {stop / 200, stop};
}

// The card, and where the run ends.
std::string transient_card(const Text& text, const Sources& sources, const Devices& devices, double& stop) {
  if (!text && sources.waveform == SourceWaveform::given)
    refuse("--source with a waveform of your own needs --tran 'tstep tstop'", "for example --tran \"10m 3\"");
  if (!text || *text == "none") {
    const Transient transient = default_transient(sources, devices);
    stop = transient.stop;
    return text ? std::string() : fmt::format(".tran {:.2g} {:.2g}", transient.step, transient.stop);
  }
  std::vector<double> times;
  bool understood = true;
  std::string_view rest = *text;
  while (!rest.empty() && understood) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (word.empty() || (word == "uic" && rest.empty())) continue;
    const auto time = signed_number(word);
    understood = time && *time >= 0;
    if (understood) times.push_back(*time);
  }
  if (understood && !times.empty()) stop = times.size() == 1 ? times[0] : times[1];
  if (!understood || times.size() > 4 || !(stop > 0))
    refuse(fmt::format("--tran wants 'tstep tstop' in seconds, or none, not '{}'", *text),
           "for example --tran \"10m 3\"");
  return ".tran " + *text;
}

std::vector<std::string> cards_of(const GenerateArguments& arguments, Specification& specification) {
  const Sources& sources = specification.sources;
  std::vector<std::string> cards;
  if (std::string card = transient_card(arguments.tran, sources, specification.devices, specification.stop);
      !card.empty())
    cards.push_back(std::move(card));
  for (const std::string& card : arguments.cards) {
    if (card.size() < 2 || card[0] != '.')
      refuse(fmt::format("--card wants a card of the netlist language, not '{}'", card),
             "for example --card .omega or --card \".options reltol=1e-6\"");
    cards.push_back(card);
  }
  if (cards.empty())
    refuse("--tran none leaves the deck without anything to do", "add --card .op or another analysis");
  constexpr double most_switches = 1e6;
  if (sources.waveform == generate::Waveform::telegraph && sources.rate * specification.stop > most_switches)
    refuse(fmt::format("{:.2g} switches of every source are too many: {:g} per second until {:g} s",
                       sources.rate * specification.stop, sources.rate, specification.stop),
           "a smaller --rate or a shorter --tran");
  const std::string states = state_vectors(specification.devices);
  if (arguments.save && arguments.save->find_first_not_of(' ') == std::string::npos)
    refuse("--save wants the names of vectors", "for example --save \"w(*) v(n1)\", or --save all");
  const bool terminals = sources.waveform != generate::Waveform::none &&
                         (sources.drive == Drive::port || sources.drive == Drive::rows);
  cards.push_back(".save " + arguments.save.value_or(terminals ? states + " i(v*)" : states));
  return cards;
}

// As a shell reads it back.
std::string quoted_for_shell(const std::string& word) {
  constexpr std::string_view plain = "+-.,:/=_@%";
  const bool bare = !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           plain.find(c) != plain.npos;
  });
  if (bare) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// The command that makes this deck again, without where it goes.
std::string command_of(const GenerateArguments& a, std::uint64_t seed) {
  std::string command = fmt::format("memspice generate {}", a.family);
  const std::pair<const char*, const Text&> options[] = {
      {"size", a.size},           {"degree", a.degree}, {"probability", a.probability},
      {"rewire", a.rewire},       {"links", a.links},   {"rline", a.rline},
      {"density", a.density},     {"length", a.length}, {"rcontact", a.rcontact},
      {"source", a.source},       {"drive", a.drive},   {"amplitude", a.amplitude},
      {"frequency", a.frequency}, {"phase", a.phase},   {"rate", a.rate},
      {"model", a.model},         {"ron", a.ron},       {"roff", a.roff},
      {"alpha", a.alpha},         {"beta", a.beta},     {"w0", a.w0},
      {"polarity", a.polarity},   {"active", a.active}, {"control", a.control},
      {"tran", a.tran},           {"save", a.save}};
  const auto append = [&](const std::string& option, const std::string& text) {
    refuse_control_characters("--" + option, text);
    command += fmt::format(" --{} {}", option, quoted_for_shell(text));
  };
  for (const auto& [option, text] : options)
    if (text) append(option, *text);
  for (const std::string& parameter : a.parameters) append("parameter", parameter);
  for (const std::string& card : a.cards) append("card", card);
  if (a.compact) command += " --compact";
  return fmt::format("{} --seed {}", command, seed);
}

}  // namespace

std::pair<std::uint64_t, std::uint64_t> seeds_of(const GenerateArguments::Text& text) {
  if (!text) return {1, 1};
  const std::size_t colon = text->find(':');
  const auto first = whole_seed(std::string_view(*text).substr(0, colon));
  const auto last =
      colon == std::string::npos ? first : whole_seed(std::string_view(*text).substr(colon + 1));
  if (!first || !last || *last < *first)
    refuse(fmt::format("--seed wants a whole number from 0 to 2^64 - 1, or FIRST:LAST, not '{}'", *text), "");
  return {*first, *last};
}

Specification specification_of(const GenerateArguments& arguments) {
  Specification specification;
  specification.topology = topology_of(arguments);
  specification.seed = seeds_of(arguments.seed).first;
  specification.sources = sources_of(arguments, specification.topology.family);
  check_compact(arguments, specification.sources);
  specification.devices = devices_of(arguments);
  specification.command = command_of(arguments, specification.seed);
  specification.cards = cards_of(arguments, specification);
  return specification;
}

}  // namespace memspice::app
