#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/characters.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/option_tables.hpp"
#include "netlist/elaborator.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

std::vector<std::string_view> option_names() {
  std::vector<std::string_view> names;
  const auto append = [&names](std::string_view name) { names.push_back(name); };
  for (const OptionDescription& option : option_descriptions()) {
    append(option.name);
    for_each_alias(option.aliases, append);
  }
  for (const ForeignOptions& foreign : foreign_options()) for_each_alias(foreign.names, append);
  return names;
}

}  // namespace

void Elaborator::options(const Card&, std::string_view, Scope& scope) {
  const OptionGroup* group = nullptr;
  if (reader_.peek().is(Kind::word) && !reader_.at_assignment())
    group = find_option_group(to_lower(reader_.peek().text));
  if (group) xyce_at_ = reader_.take().text;
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas())
    attempt_assignment([&] {
      const std::string_view at = reader_.word("an option");
      const std::string name = to_lower(at);
      const std::string_view here = group ? name_in_group(*group, name) : std::string_view(name);
      if (const ForeignOptions* foreign = find_foreign_option(here))
        return option_without_effect(at, foreign->why);
      if (group && here.empty()) return option_without_effect(at, group->why);
      const OptionDescription* known = find_option(here);
      if (!known)
        throw Problem{at, fmt::format("unknown option '{}'", at), did_you_mean(name, option_names())};
      option(at, known->name, scope);
      // Xyce's absolute tolerance holds for all unknowns.
      if (group && name == "abstol") circuit_.options.statetol = circuit_.options.vntol;
    });
}

void Elaborator::option_without_effect(std::string_view at, std::string_view why) {
  if (reader_.accept(Kind::equals)) {
    do {
      reader_.take();
    } while (reader_.accept(Kind::comma) && !reader_.at_assignment());
  }
  messages_.warning({at, fmt::format("option '{}' does nothing in memspice", at), std::string(why)});
}

void Elaborator::option(std::string_view at, std::string_view name, Scope& scope) {
  Options& options = circuit_.options;
  if (name == "savecurrents" || name == "interp") {  // alone, or with 0 or 1
    const bool on = !reader_.accept(Kind::equals) || value(scope, CardReader::Blanks::allowed) != 0;
    if (name == "interp") {
      options.interp = on;
    } else if (on) {
      for (const char* pattern : {"all", "i(*)"}) circuit_.saves.push_back({pattern, location(at)});
    }
    return;
  }
  reader_.expect(Kind::equals, fmt::format("'=' behind '{}'", at));
  const std::string_view value_at = reader_.peek().text;
  if (name == "seed" && reader_.accept_word("random")) {
    if (seed_given_) return;
    options.seed = std::random_device{}();
    messages_.warning({value_at, fmt::format("the seed of this run is {}", *options.seed),
                       fmt::format(".options seed={} repeats it", *options.seed)});
    return;
  }
  if (name == "method") return integration_method();
  const double given = value(scope, CardReader::Blanks::allowed);
  const auto check = [&](bool good, std::string_view range) {
    if (!good) throw Problem{value_at, fmt::format("{} must be {}, not {:g}", at, range, given)};
  };
  const bool whole = given == std::floor(given);
  if (name == "reltol") {
    check(given > 0 && given < 1, "between 0 and 1");
    options.reltol = given;
  } else if (name == "maxord") {
    check(whole && given >= 1 && given <= 5, "a whole number from 1 to 5");
    options.max_order = static_cast<int>(given);
    // A step h of an oscillation omega multiplies it by 1 + (h omega)^4/4 at order 3; orders 2 and 5 damp it.
    if (given == 3 || given == 4)
      messages_.warning({value_at, fmt::format("with {}={:g} oscillations without damping grow", at, given),
                         "the integration formulas of orders 3 and 4 are unstable there: write 2 or 5"});
  } else if (name == "nfreqs") {
    check(whole && given >= 2 && given <= 10000, "a whole number from 2 to 10000");
    options.harmonics = static_cast<int>(given);
  } else if (name == "max_steps") {
    check(whole && given >= 1 && given <= 1e15, "a whole number from 1 on");
    options.max_steps = static_cast<std::uint64_t>(given);
  } else if (name == "maxrows") {
    check(whole && given >= 1, "a whole number from 1 on");
    options.max_rows = given;
  } else if (name == "seed") {
    check(whole && given >= 0 && given <= 1e15, "a whole number from 0 on, or 'random'");
    options.seed = static_cast<std::uint64_t>(given);
  } else if (name == "temp" || name == "tnom") {
    check(given > absolute_zero, "above -273.15 degrees Celsius");
    (name == "temp" ? options.temperature : options.nominal_temperature) = given;
  } else {
    check(given > 0, "greater than 0");
    if (name == "vntol") options.vntol = given;
    if (name == "abstol") options.abstol = given;
    if (name == "statetol") options.statetol = given;
    if (name == "maxstep") max_step_ = given;
    if (name == "initial_interval") {
      output_interval_ = given;
      output_interval_at_ = value_at;
      if (!reader_.at_end() && !reader_.at_assignment())
        throw Problem{reader_.peek().text, "memspice does not change the interval of rows during a run"};
    }
  }
}

void Elaborator::integration_method() {
  constexpr std::string_view known[] = {"gear",    "bdf", "trap", "trapezoidal",
                                        "modtrap", "7",   "8"};  // 7, 8: Xyce's
  const std::string_view at = reader_.take().text;
  if (std::ranges::find(known, to_lower(at)) == std::end(known))
    messages_.warning({at, fmt::format("method '{}' does nothing in memspice", at),
                       "gear and trap both mean BDF with error control; use reltol and maxord"});
}

void Elaborator::apply_options_to_transients() {
  for (AnalysisCard& card : circuit_.analyses) {
    auto* transient = std::get_if<TransientCard>(&card);
    if (!transient) continue;
    transient->max_step = std::min(transient->max_step, max_step_);
    if (output_interval_ > 0) attempt([&] { apply_output_interval(*transient); });
  }
  if (output_interval_ > 0) circuit_.options.interp = true;
}

void Elaborator::apply_output_interval(TransientCard& transient) {
  const double span = transient.stop - transient.start;
  check_row_distance(output_interval_, span, {output_interval_at_, {}, "a longer interval has fewer"});
  if (output_interval_ > span)
    messages_.warning(
        {output_interval_at_,
         fmt::format("rows {:g} s apart are those at {:g} s and {:g} s: the .tran at {} has no others",
                     output_interval_, transient.start, transient.stop, line_of(transient.where))});
  transient.step = std::min(output_interval_, transient.stop);
}

}  // namespace memspice
