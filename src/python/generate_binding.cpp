#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <map>
#include <utility>

#include "app/generate/generate_arguments.hpp"
#include "base/usage_error.hpp"
#include "generate/build.hpp"
#include "generate/deck_writer.hpp"
#include "python/bindings.hpp"

namespace nb = nanobind;

namespace memspice::python {

namespace {

using Arguments = app::GenerateArguments;

/// Where an option of `memspice generate` stands.
constexpr std::pair<const char*, Arguments::Text Arguments::*> options[] = {
    {"size", &Arguments::size},
    {"seed", &Arguments::seed},
    {"degree", &Arguments::degree},
    {"probability", &Arguments::probability},
    {"rewire", &Arguments::rewire},
    {"links", &Arguments::links},
    {"density", &Arguments::density},
    {"length", &Arguments::length},
    {"rline", &Arguments::rline},
    {"rcontact", &Arguments::rcontact},
    {"source", &Arguments::source},
    {"drive", &Arguments::drive},
    {"amplitude", &Arguments::amplitude},
    {"frequency", &Arguments::frequency},
    {"phase", &Arguments::phase},
    {"rate", &Arguments::rate},
    {"ron", &Arguments::ron},
    {"roff", &Arguments::roff},
    {"alpha", &Arguments::alpha},
    {"beta", &Arguments::beta},
    {"w0", &Arguments::w0},
    {"polarity", &Arguments::polarity},
    {"active", &Arguments::active},
    {"control", &Arguments::control},
    {"tran", &Arguments::tran},
    {"save", &Arguments::save},
    {"model", &Arguments::model}};

std::string generate_deck(const std::string& family, const std::map<std::string, std::string>& given,
                          const std::vector<std::string>& parameters, const std::vector<std::string>& cards) {
  Arguments arguments;
  arguments.family = family;
  arguments.parameters = parameters;
  arguments.cards = cards;
  for (const auto& [name, text] : given) {
    bool known = false;
    for (const auto& [option, member] : options) {
      if (name != option) continue;
      arguments.*member = text;
      known = true;
    }
    if (!known) throw UsageError("a network has no option '" + name + "'");
  }
  const nb::gil_scoped_release free;
  const generate::Specification specification = app::specification_of(arguments);
  std::string deck;
  generate::write_deck(specification, generate::build(specification),
                       [&](std::string_view text) { deck += text; });
  return deck;
}

}  // namespace

void bind_generate(nb::module_& module) {
  module.def("generate_deck", &generate_deck, nb::arg("family"), nb::arg("options"), nb::arg("parameters"),
             nb::arg("cards"));
}

}  // namespace memspice::python
