#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/places.hpp"

namespace {

using Names = std::set<std::string, std::less<>>;

// docs/architecture.md: which rooms of src/ and which public headers each room may include.
struct Room {
  Names rooms;
  Names public_headers;
};

const Names device_contract{"error", "waveform",         "dual",       "device", "population",
                            "model", "model_population", "device_type"};
const Names up_to_circuit{"error",  "waveform",         "dual",        "device", "population",
                          "model",  "model_population", "device_type", "deck",   "program",
                          "output", "circuit"};
const Names whole_library{"error",  "waveform",         "dual",        "device", "population",
                          "model",  "model_population", "device_type", "deck",   "program",
                          "output", "circuit",          "simulate"};

const std::map<std::string, Room, std::less<>> house{
    {"deck", {{"deck"}, {"error", "deck"}}},
    {"devices", {{"devices"}, device_contract}},
    {"waveform", {{"waveform"}, {"error", "waveform"}}},
    {"solver", {{"solver"}, {"error"}}},
    {"random", {{"random"}, {}}},
    {"generate", {{"generate", "random"}, {"error"}}},
    {"circuit", {{"circuit", "deck", "random"}, up_to_circuit}},
    {"convert", {{"convert"}, up_to_circuit}},
    {"network", {{"network", "solver", "circuit", "deck"}, up_to_circuit}},
    {"equations", {{"equations", "solver", "circuit", "deck"}, up_to_circuit}},
    {"analysis",
     {{"analysis", "equations", "network", "waveform", "solver", "circuit", "deck"}, whole_library}},
    {"app",
     {{"app", "analysis", "equations", "network", "waveform", "solver", "circuit", "devices", "generate",
       "convert", "deck"},
      whole_library}},
};

const std::regex solver_header(
    R"((ida|idas|cvode|cvodes|arkode|kinsol|nvector|sunlinsol|sunmatrix|sunnonlinsol|sundials|suitesparse)/.*)"
    R"(|(klu|cholmod\w*|umfpack\w*|amd|camd|colamd|ccolamd|btf|SuiteSparse\w*|mpi)\.h(pp)?)");
const std::regex standard_header(R"([a-z_]+)");
const std::regex include_line(R"re(^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"])re");

struct Include {
  std::size_t line;
  std::string path;
};

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> found;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string content(text.substr(begin, end - begin));
    std::smatch match;
    if (std::regex_search(content, match, include_line)) found.push_back({line + 1, match[1]});
    begin = end + 1;
  }
  return found;
}

std::string first_folder(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

// What is wrong with one include of `file` ("src/deck/cards.cpp"); empty when nothing is.
std::string objection(std::string_view file, const std::string& included) {
  const bool is_public = file.starts_with("include/");
  const bool to_public = included.starts_with("memspice/");
  if (is_public) {
    if (to_public || std::regex_match(included, standard_header)) return {};
    return "a public header includes only public and standard headers";
  }
  const std::string room = first_folder(file.substr(std::string_view("src/").size()));
  if (std::regex_match(included, solver_header) && room != "solver")
    return "only src/solver/ knows the solver libraries";
  if (included.starts_with("CLI/") && room != "app") return "only src/app/ knows the command line";
  const auto found = house.find(room);
  if (found == house.end()) return "src/" + room + "/ is not a room of docs/architecture.md";
  const Room& rules = found->second;
  const std::string folder = first_folder(included);
  if (house.contains(folder) && !rules.rooms.contains(folder)) return "the arrows between rooms point down";
  if (to_public && !rules.public_headers.contains(std::filesystem::path(included).stem().string()))
    return "src/" + room + "/ is below that part of the public library";
  if (included.starts_with(".")) return "an include begins with the room's name";
  return {};
}

std::vector<std::string> violations(const std::string& file, std::string_view text) {
  std::vector<std::string> found;
  for (const Include& include : includes_of(text)) {
    const std::string wrong = objection(file, include.path);
    if (!wrong.empty())
      found.push_back(file + ":" + std::to_string(include.line) + ": includes " + include.path + ": " +
                      wrong);
  }
  return found;
}

}  // namespace

TEST_CASE("arrows between the rooms only point down") {
  const std::filesystem::path root = memspice::testing::project_folder();
  std::size_t files = 0;
  for (const char* folder : {"src", "include"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
      std::ifstream stream(entry.path());
      const std::string text{std::istreambuf_iterator<char>(stream), {}};
      REQUIRE_FALSE(text.empty());
      ++files;
      for (const std::string& violation :
           violations(std::filesystem::relative(entry.path(), root).generic_string(), text))
        FAIL_CHECK(violation);
    }
  }
  CHECK(files > 20);
}

TEST_CASE("an include that points up is found, whatever its spelling") {
  const auto wrong = [](const char* file, const char* text) { return violations(file, text).size() == 1; };
  CHECK(wrong("src/deck/reader.cpp", "#include \"circuit/elaborate.hpp\"\n"));
  CHECK(wrong("src/circuit/elaborate.cpp", "\n  #  include <devices/resistor.hpp>\n"));
  CHECK(wrong("src/analysis/run.cpp", "#include \"devices/resistor.hpp\""));
  CHECK(wrong("src/equations/system.cpp", "#include \"network/graph.hpp\""));
  CHECK(wrong("src/solver/ida.cpp", "#include \"memspice/circuit.hpp\""));
  CHECK(wrong("src/waveform/raw.cpp", "#include <memspice/deck.hpp>"));
  CHECK(wrong("src/equations/system.cpp", "#include <klu.h>"));
  CHECK(wrong("src/network/graph.cpp", "#include <cvode/cvode.h>"));
  CHECK(wrong("src/analysis/run.cpp", "#include <CLI/CLI.hpp>"));
  CHECK(wrong("src/analysis/run.cpp", "#include \"../deck/reader.hpp\""));
  CHECK(wrong("src/attic/old.cpp", "#include <vector>"));
  CHECK(wrong("include/memspice/simulate.hpp", "#include <fmt/format.h>"));
  CHECK(wrong("include/memspice/simulate.hpp", "#include \"analysis/run.hpp\""));
}

TEST_CASE("an include that points down is allowed") {
  const auto right = [](const char* file, const char* text) { return violations(file, text).empty(); };
  CHECK(right("src/app/main.cpp", "#include \"analysis/run.hpp\"\n#include <CLI/CLI.hpp>"));
  CHECK(right("src/analysis/run.cpp", "#include \"solver/ida.hpp\"\n#include <memspice/simulate.hpp>"));
  CHECK(
      right("src/solver/ida.cpp", "#include <ida/ida.h>\n#include <klu.h>\n#include \"memspice/error.hpp\""));
  CHECK(right("src/circuit/elaborate.cpp", "#include \"deck/tokens.hpp\"\n#include <memspice/circuit.hpp>"));
  CHECK(right("include/memspice/deck.hpp", "#include <vector>\n#include \"memspice/error.hpp\""));
}
