#include <fmt/format.h>

#include <algorithm>

#include "circuit/elaborator.hpp"
#include "circuit/spelling.hpp"
#include "deck/characters.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

constexpr std::string_view known_options[] = {"reltol", "vntol",  "abstol",    "statetol",
                                              "interp", "maxord", "max_steps", "savecurrents"};

struct ForeignOption {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view of_integration = "IDA chooses order and step itself; use reltol and maxord";
constexpr std::string_view of_newton = "Newton's limits are chosen by the solver";
constexpr std::string_view of_listing = "memspice writes no listing";
constexpr std::string_view of_temperature = "no device depends on temperature";
constexpr std::string_view of_transistors = "there are no transistors";
constexpr std::string_view of_matrix = "pivoting and the choice of the solver are automatic";

// Options of ngspice and LTspice that mean nothing here. They are named, never passed over in silence.
constexpr ForeignOption foreign_options[] = {
    {"method", of_integration},
    {"trtol", of_integration},
    {"chgtol", of_integration},
    {"lvltim", of_integration},
    {"xmu", of_integration},
    {"ltereltol", of_integration},
    {"lteabstol", of_integration},
    {"trabstol", of_integration},
    {"bypass", of_integration},
    {"newtrunc", of_integration},
    {"maxstep", "use tmax of .tran"},
    {"gmin", "memspice adds no conductances"},
    {"rshunt", "memspice adds no resistors"},
    {"cshunt", "memspice adds no capacitors"},
    {"itl1", of_newton},
    {"itl2", of_newton},
    {"itl3", of_newton},
    {"itl4", of_newton},
    {"itl5", of_newton},
    {"itl6", of_newton},
    {"gminsteps", of_newton},
    {"srcsteps", of_newton},
    {"noopiter", of_newton},
    {"convergence", of_newton},
    {"ramptime", "sources start at once"},
    {"pivtol", of_matrix},
    {"pivrel", of_matrix},
    {"klu", of_matrix},
    {"sparse", of_matrix},
    {"solver", of_matrix},
    {"acct", of_listing},
    {"noacct", of_listing},
    {"list", of_listing},
    {"node", of_listing},
    {"opts", of_listing},
    {"nopage", of_listing},
    {"nomod", of_listing},
    {"noinit", of_listing},
    {"numdgt", of_listing},
    {"measdgt", of_listing},
    {"limpts", of_listing},
    {"plotwinsize", of_listing},
    {"warn", of_listing},
    {"maxwarns", of_listing},
    {"post", of_listing},
    {"probe", of_listing},
    {"keepopinfo", of_listing},
    {"filetype", "the suffix of the output file chooses its format"},
    {"temp", of_temperature},
    {"tnom", of_temperature},
    {"scale", of_transistors},
    {"defl", of_transistors},
    {"defw", of_transistors},
    {"defad", of_transistors},
    {"defas", of_transistors},
    {"defm", of_transistors},
    {"badmos3", of_transistors},
    {"oldlimit", of_transistors},
    {"trytocompact", of_transistors},
    {"seed", "there are no random functions"},
    {"rseed", "there are no random functions"},
    {"seedinfo", "there are no random functions"},
    {"cptime", "there is no limit of the run time"},
    {"autostop", "there are no .measure cards"},
};

}  // namespace

void Elaborator::options(const Card&, std::string_view, Scope& scope) {
  for (reader_.skip_commas(); !reader_.at_end(); reader_.skip_commas())
    attempt_assignment([&] { option(reader_.word("an option"), scope); });
}

void Elaborator::option(std::string_view at, Scope& scope) {
  const std::string name = to_lower(at);
  for (const ForeignOption& foreign : foreign_options) {
    if (foreign.name != name) continue;
    if (reader_.accept(Kind::equals)) reader_.take();
    messages_.warning(
        {at, fmt::format("option '{}' does nothing in memspice", at), std::string(foreign.why)});
    return;
  }
  if (std::find(std::begin(known_options), std::end(known_options), name) == std::end(known_options)) {
    std::vector<std::string_view> candidates(std::begin(known_options), std::end(known_options));
    for (const ForeignOption& foreign : foreign_options) candidates.push_back(foreign.name);
    throw Problem{at, fmt::format("unknown option '{}'", at), did_you_mean(name, candidates)};
  }
  if (name == "savecurrents") {
    for (const char* pattern : {"all", "i(*)"}) circuit_.saves.push_back({pattern, false, location(at)});
    return;
  }
  if (name == "interp") {
    circuit_.options.interp = !reader_.accept(Kind::equals) || value(scope, CardReader::Blanks::allowed) != 0;
    return;
  }
  reader_.expect(Kind::equals, fmt::format("'=' behind '{}'", at));
  const std::string_view value_at = reader_.peek().text;
  const double given = value(scope, CardReader::Blanks::allowed);
  const auto check = [&](bool good, std::string_view range) {
    if (!good) throw Problem{value_at, fmt::format("{} must be {}, not {:g}", at, range, given)};
  };
  const bool whole = given == std::floor(given);
  Options& options = circuit_.options;
  if (name == "reltol") {
    check(given > 0 && given < 1, "between 0 and 1");
    options.reltol = given;
  } else if (name == "maxord") {
    check(whole && given >= 1 && given <= 5, "a whole number from 1 to 5");
    options.max_order = static_cast<int>(given);
  } else if (name == "max_steps") {
    check(whole && given >= 1 && given <= 1e15, "a whole number from 1 on");
    options.max_steps = static_cast<std::uint64_t>(given);
  } else {
    check(given > 0, "greater than 0");
    (name == "vntol" ? options.vntol : name == "abstol" ? options.abstol : options.statetol) = given;
  }
}

}  // namespace memspice
