#include "app/generate/generate_topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/generate/generate_values.hpp"

namespace memspice::app {

namespace {

using generate::Family;
using generate::Topology;
using Text = GenerateArguments::Text;

struct FamilyInfo {
  std::string_view name;
  Family family;
  const char* noun;     // in messages
  std::uint32_t least;  // nodes, or rows and columns
  bool two_sizes;       // --size ROWSxCOLUMNS
  const char* example;  // a command that works
};

constexpr FamilyInfo families[] = {
    {"ring", Family::ring, "a ring", 3, false, "ring --size 10"},
    {"complete", Family::complete, "a complete graph", 3, false, "complete --size 10"},
    {"grid", Family::grid, "a grid", 2, true, "grid --size 30x30"},
    {"torus", Family::torus, "a torus", 3, true, "torus --size 30x30"},
    {"ladder", Family::ladder, "a ladder", 2, false, "ladder --size 10"},
    {"random", Family::random, "a random network", 2, false, "random --size 1000 --degree 4"},
    {"regular", Family::regular, "a regular network", 4, false, "regular --size 1000 --degree 4"},
    {"small-world", Family::small_world, "a small world", 4, false, "small-world --size 1000 --rewire 0.1"},
    {"scale-free", Family::scale_free, "a scale-free network", 3, false, "scale-free --size 1000 --links 2"},
    {"crossbar", Family::crossbar, "a crossbar", 2, true, "crossbar --size 16x16 --rline 2"},
    {"nanowire", Family::nanowire, "a nanowire network", 3, false, "nanowire --size 500 --density 10"},
};

const FamilyInfo& family_of(const std::string& name) {
  for (const FamilyInfo& info : families)
    if (info.name == name) return info;
  const std::vector<std::string_view> names = family_names();
  const std::string all = fmt::format("one of {}", list(names, "or"));
  if (name.empty()) refuse("generate what? no family given", all);
  const std::string guess = did_you_mean(name, names);
  refuse(fmt::format("unknown family '{}'", name), guess.empty() ? all : guess);
}

void refuse_foreign(const GenerateArguments& arguments, const FamilyInfo& info) {
  struct Rule {
    const char* option;
    const Text& text;
    std::vector<Family> users;
  };
  const Rule rules[] = {
      {"--degree", arguments.degree, {Family::random, Family::regular, Family::small_world}},
      {"--probability", arguments.probability, {Family::random}},
      {"--rewire", arguments.rewire, {Family::small_world}},
      {"--links", arguments.links, {Family::scale_free}},
      {"--rline", arguments.rline, {Family::crossbar}},
      {"--density", arguments.density, {Family::nanowire}},
      {"--length", arguments.length, {Family::nanowire}},
      {"--rcontact", arguments.rcontact, {Family::nanowire}}};
  for (const Rule& rule : rules) {
    if (!rule.text || std::find(rule.users.begin(), rule.users.end(), info.family) != rule.users.end())
      continue;
    std::vector<std::string_view> users;
    for (const FamilyInfo& other : families)
      if (std::find(rule.users.begin(), rule.users.end(), other.family) != rule.users.end())
        users.push_back(other.name);
    refuse(fmt::format("{} has no {}", info.noun, rule.option), fmt::format("it belongs to {}", list(users)));
  }
}

void read_size(const Text& text, const FamilyInfo& info, Topology& topology) {
  const std::string example = fmt::format("for example memspice generate {}", info.example);
  if (!text) refuse(fmt::format("{} needs --size", info.noun), example);
  constexpr double most = 1e8;
  const auto whole = [&](std::string_view digits) {
    const auto number = signed_number(digits);
    if (!number || *number != std::floor(*number) || *number < 0)
      refuse(fmt::format("--size wants {}, not '{}'",
                         info.two_sizes ? "ROWSxCOLUMNS or one number for both" : "a whole number", *text),
             example);
    return static_cast<std::uint32_t>(std::min(*number, most + 1));
  };
  const std::size_t cross = info.two_sizes ? text->find_first_of("xX") : std::string::npos;
  topology.rows = whole(std::string_view(*text).substr(0, cross));
  topology.columns =
      cross == std::string::npos ? topology.rows : whole(std::string_view(*text).substr(cross + 1));
  if (std::min(topology.rows, topology.columns) < info.least)
    refuse(fmt::format("--size {}: {} has at least {} {}", *text, info.noun, info.least,
                       info.two_sizes                    ? "rows and columns"
                       : info.family == Family::ladder   ? "rungs"
                       : info.family == Family::nanowire ? "wires"
                                                         : "nodes"),
           example);
  if (!info.two_sizes) topology.rows = info.family == Family::ladder ? 2 : 1;
}

void read_random(const GenerateArguments& arguments, Topology& topology) {
  const std::uint32_t n = topology.columns;
  if (arguments.degree && arguments.probability)
    refuse("--degree and --probability both say how many edges there are", "give one of them");
  if (arguments.probability) {
    topology.probability = number_argument("--probability", *arguments.probability, from_0_to_1);
    return;
  }
  const double degree =
      arguments.degree ? number_argument("--degree", *arguments.degree, positive) : std::min(4.0, n - 1.0);
  if (degree > n - 1.0)
    refuse(fmt::format("--degree {}: a node has at most {} neighbours among {} nodes", *arguments.degree,
                       n - 1, n),
           "");
  topology.probability = degree / (n - 1.0);
}

void read_degree(const GenerateArguments& arguments, const FamilyInfo& info, Topology& topology) {
  const std::uint32_t n = topology.columns;
  const bool regular = info.family == Family::regular;
  const std::string text = arguments.degree.value_or(regular && n == 4 ? "3" : n == 4 ? "2" : "4");
  topology.degree = whole_argument("--degree", text, regular ? 3 : 2);
  if (topology.degree >= n)
    refuse(fmt::format("--degree {}: a node has at most {} neighbours among {} nodes", text, n - 1, n), "");
  if (regular && std::uint64_t{n} * topology.degree % 2 != 0)
    refuse(fmt::format("{} nodes of degree {} do not exist: an edge has two ends", n, topology.degree),
           "make the size or the degree even");
  if (!regular && topology.degree % 2 != 0)
    refuse(fmt::format("--degree {}: a small world begins as a ring with an even degree", text),
           fmt::format("--degree {} or {}", topology.degree - 1, topology.degree + 1));
}

void read_wires(const GenerateArguments& arguments, Topology& topology) {
  if (arguments.density && arguments.length)
    refuse("--density and --length both say how long the wires are",
           "density = size * length^2; give one of them");
  if (arguments.length) {
    topology.wire_length = number_argument("--length", *arguments.length, positive);
  } else {
    const double density = number_argument("--density", arguments.density.value_or("10"), positive);
    topology.wire_length = std::sqrt(density / topology.columns);
  }
  constexpr double diagonal = std::numbers::sqrt2;
  if (topology.wire_length > diagonal)
    refuse(
        fmt::format("wires of length {:.3g} are longer than the diagonal of the box", topology.wire_length),
        arguments.length ? "its sides have length 1" : "a larger --size or a smaller --density");
  topology.contact_resistance = number_argument("--rcontact", arguments.rcontact.value_or("10"), positive);
}

// A good guess before anything is built.
double expected_memristors(const Topology& topology) {
  const double rows = topology.rows, n = topology.columns;
  switch (topology.family) {
    case Family::ring:
      return n;
    case Family::complete:
      return 0.5 * n * (n - 1);
    case Family::grid:
    case Family::torus:
      return 2 * rows * n;
    case Family::ladder:
      return 3 * n;
    case Family::random:
      return 0.5 * n * (n - 1) * topology.probability;
    case Family::regular:
    case Family::small_world:
      return 0.5 * n * topology.degree;
    case Family::scale_free:
      return n * topology.links;
    case Family::crossbar:
      return rows * n;
    case Family::nanowire:
      return n * n * topology.wire_length * topology.wire_length / std::numbers::pi;
  }
  return 0;
}

}  // namespace

std::vector<std::string_view> family_names() {
  std::vector<std::string_view> names;
  for (const FamilyInfo& info : families) names.push_back(info.name);
  return names;
}

Topology topology_of(const GenerateArguments& arguments) {
  const FamilyInfo& info = family_of(arguments.family);
  refuse_foreign(arguments, info);
  Topology topology;
  topology.family = info.family;
  read_size(arguments.size, info, topology);
  switch (info.family) {
    case Family::random:
      read_random(arguments, topology);
      break;
    case Family::regular:
      read_degree(arguments, info, topology);
      break;
    case Family::small_world:
      read_degree(arguments, info, topology);
      topology.rewire = number_argument("--rewire", arguments.rewire.value_or("0.1"), from_0_to_1);
      break;
    case Family::scale_free:
      topology.links = whole_argument("--links", arguments.links.value_or("2"), 1);
      if (topology.links >= topology.columns)
        refuse(fmt::format("--links {}: must be less than the {} nodes", topology.links, topology.columns),
               "");
      break;
    case Family::crossbar:
      topology.line_resistance = number_argument("--rline", arguments.rline.value_or("1"), not_negative);
      break;
    case Family::nanowire:
      read_wires(arguments, topology);
      break;
    default:
      break;
  }
  constexpr double most = 1e8;
  if (const double count = std::max(expected_memristors(topology), static_cast<double>(topology.columns));
      count > most)
    refuse(fmt::format("that would be {:.2g} memristors; {:g} are the most", count, most),
           "a smaller --size");
  return topology;
}

}  // namespace memspice::app
