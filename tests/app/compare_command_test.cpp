#include "app/compare_command.hpp"
#include "support/places.hpp"
#include "support/program.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "app/console/text_table.hpp"
#include "support/approx.hpp"
#include "waveform/ngspice.hpp"
#include "waveform/temporary_folder.hpp"

using namespace memspice;

namespace {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

Outcome run(const CompareArguments& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_compare(arguments, out, err);
  return {code, out.str(), err.str()};
}

// Two files that differ in w(y1) by 0.01 at t = 1, with one more vector each.
struct Files {
  Files() {
    write_bytes(first, "time,v(out),w(y1),v(a)\n0,0,0.2,1\n1,2,0.7,1\n2,4,0.6,1\n");
    write_bytes(second, "time,w(y1),v(out),v(b)\n0,0.2,0,1\n1,0.71,2,1\n1.5,0.655,3,1\n");
  }
  TemporaryFolder folder;
  std::string first = folder.file("first.csv");
  std::string second = folder.file("second.csv");

  [[nodiscard]] CompareArguments arguments() const {
    CompareArguments arguments;
    arguments.first = first;
    arguments.second = second;
    return arguments;
  }
  // The output without the folder's name.
  [[nodiscard]] std::string plain(std::string text) const {
    const std::string path = folder.path().string() + "/";
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path))
      text.erase(at, path.size());
    return text;
  }
};

}  // namespace

TEST_CASE("compare prints a table, worst first, what only one file has, and a verdict") {
  const Files files;
  const Outcome outcome = run(files.arguments());
  CHECK(outcome.code == 1);
  CHECK(outcome.err.empty());
  CHECK(files.plain(outcome.out) ==
        "Transient Analysis: time = 0 .. 1.5 s, 3 points\n"
        "  first.csv covers 0 .. 2 s\n"
        "  vector  max diff  of range  at time  rms diff  of range  range\n"
        "  w(y1)       0.01  2.00e-02      1 s   0.00736  1.47e-02    0.5  too far\n"
        "  v(out)       0 V  0.00e+00      0 s       0 V  0.00e+00    3 V\n"
        "  only in first.csv: v(a)\n"
        "  only in second.csv: v(b)\n"
        "\n"
        "different: 1 of 2 vectors beyond 0.001 of the range plus 1e-12; worst is w(y1) at 20 times its "
        "tolerance\n");
}

TEST_CASE("compare says 'same' and returns 0 where all is within tolerance") {
  const Files files;
  CompareArguments arguments = files.arguments();
  arguments.reltol = 0.1;
  arguments.map = {"v(a)=v(b)"};
  const Outcome partial = run(arguments);  // the second file ends at three quarters of the first
  CHECK(partial.code == 1);
  CHECK(
      partial.out.ends_with("\ndifferent: the files do not cover the same range, in which 3 vectors are "
                            "within 0.1 of the range plus 1e-12;\n--common-range asks for no more\n"));
  arguments.common_range = true;
  const Outcome outcome = run(arguments);
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find("v(a) = v(b)") != std::string::npos);
  CHECK(outcome.out.ends_with("\nsame: 3 vectors within 0.1 of the range plus 1e-12\n"));
}

TEST_CASE("compare calls files different where one has a plot that the other lacks, and names it") {
  const Files files;
  const auto plot = [](const std::string& name) {
    return "Title: t\nDate: d\nPlotname: " + name +
           "\nFlags: real\nNo. Variables: 2\nNo. Points: 2\nVariables:\n\t0\ttime\ttime\n\t1\tv(a)\tvoltage\n"
           "Values:\n 0\t0\n\t1\n\n 1\t1\n\t2\n\n";
  };
  CompareArguments arguments;
  arguments.first = files.folder.file("first.raw");
  arguments.second = files.folder.file("second.raw");
  write_bytes(arguments.first, plot("Transient Analysis"));
  write_bytes(arguments.second, plot("Transient Analysis") + plot("Other Analysis"));
  const Outcome people = run(arguments);
  CHECK(people.code == 1);
  CHECK(files.plain(people.out)
            .ends_with("\ndifferent: Other Analysis is only in second.raw; the files have other plots in "
                       "common, in which 1 vector "
                       "is within 0.001 of the range plus 1e-12;\n--common-range asks for no more\n"));
  arguments.json = true;
  CHECK(nlohmann::json::parse(run(arguments).out)["within"] == false);
  arguments.common_range = true;
  CHECK(nlohmann::json::parse(run(arguments).out)["within"] == true);
  CHECK(run(arguments).code == 0);
}

TEST_CASE("compare's JSON holds the same numbers") {
  const Files files;
  CompareArguments arguments = files.arguments();
  arguments.json = true;
  arguments.ignore = {"v(a)", "v(b)"};
  const Outcome outcome = run(arguments);
  CHECK(outcome.code == 1);
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["within"] == false);
  CHECK(json["exceeding"] == 1);
  const auto& plot = json["plots"][0];
  CHECK(plot["scale"] == "time");
  CHECK(plot["common"]["to"] == 1.5);
  CHECK(plot["only_in_first"].empty());
  const auto& vector = plot["vectors"][0];
  CHECK(vector["first"] == "w(y1)");
  CHECK(vector["maximum"].get<double>() == testing::approx(0.01));
  CHECK(vector["relative_maximum"].get<double>() == testing::approx(0.02));
  CHECK(vector["where"] == 1.0);
  CHECK(vector["within"] == false);
}

TEST_CASE("compare returns 2 for what cannot be compared and 3 for what cannot be read") {
  const Files files;
  CompareArguments arguments = files.arguments();
  arguments.map = {"v(a)"};
  CHECK(run(arguments).code == 2);
  CHECK(run(arguments).err == "memspice: error: --map takes 'name=name', not 'v(a)'\n");
  arguments.map = {"v(a)=v(x)"};
  CHECK(run(arguments).err == "memspice: error: no plot of the second file has a vector 'v(x)' to map\n");
  arguments = files.arguments();
  arguments.second = files.folder.file("missing.raw");
  const Outcome missing = run(arguments);
  CHECK(missing.code == 3);
  CHECK(missing.out.empty());
  CHECK(files.plain(missing.err) ==
        "memspice: error: cannot read 'missing.raw': No such file or directory\n");
}

TEST_CASE("the program compares two files and exits with the verdict") {
  const Files files;
  const auto exit_code = [&](const std::string& options) {
    const std::string command = memspice::testing::program_path() + " compare " + options + " '" +
                                files.first + "' '" + files.second + "' >/dev/null 2>&1";
    return WEXITSTATUS(std::system(command.c_str()));
  };
  CHECK(exit_code("--reltol 0.1") == 1);
  CHECK(exit_code("--reltol 0.1 --common-range") == 0);
  CHECK(exit_code("") == 1);
  CHECK(exit_code("--map 'v(x)=v(y)'") == 2);
  CHECK(exit_code("--no-such-option") == 2);
  CHECK(exit_code("/missing.raw") == 2);  // three files
}

#ifndef __SANITIZE_ADDRESS__  // which takes terabytes of addresses
TEST_CASE("compare without memory says nothing about the files, and ends with 3") {
  const TemporaryFolder folder;
  write_bytes(folder.file("big.raw"),
              "Title: t\nPlotname: x\nFlags: real\nNo. Variables: 1\nNo. Points: "
              "40000000\nVariables:\n\t0\ttime\ttime\n"
              "Binary:\n");
  std::filesystem::resize_file(folder.file("big.raw"),
                               std::filesystem::file_size(folder.file("big.raw")) + 320'000'000);
  const CommandOutcome outcome =
      run_command(folder, "ulimit -v 300000; exec $MEMSPICE compare big.raw big.raw");
  CHECK(outcome.code == 3);
  CHECK(outcome.err == "memspice: error: out of memory\n");
}
#endif

TEST_CASE("a long table is cut unless all is asked for") {
  const Files files;
  std::string names = "time";
  std::string row;
  for (int i = 0; i < 60; ++i) {
    names += ",v(" + std::to_string(i) + ")";
    row += ",1";
  }
  write_bytes(files.first, names + "\n0" + row + "\n1" + row + "\n");
  CompareArguments arguments = files.arguments();
  arguments.second = files.first;
  const Outcome cut = run(arguments);
  CHECK(cut.out.find("  and 20 more that are closer (--all lists them)\n") != std::string::npos);
  arguments.all = true;
  const Outcome whole = run(arguments);
  CHECK(std::count(whole.out.begin(), whole.out.end(), '\n') ==
        std::count(cut.out.begin(), cut.out.end(), '\n') + 19);
}

TEST_CASE("the command line of compare takes repeated maps and ignores, and refuses negative tolerances") {
  const Files files;
  const auto run_program = [&](const std::string& options) {
    return run_command(files.folder,
                       "$MEMSPICE compare " + options + " '" + files.first + "' '" + files.second + "'");
  };
  const CommandOutcome outcome = run_program(
      "--json --common-range --reltol 0.1 --ignore 'v(a)' --ignore 'v(b)' --map 'v(a)=v(b)' --map "
      "'w(y1)=w(y1)'");
  CHECK(outcome.code == 0);
  CHECK(nlohmann::json::parse(outcome.out)["vectors"] == 2);
  CHECK(run_program("--reltol -1").code == 2);
  CHECK(run_program("--unknown").code == 2);
}

TEST_CASE("ngspice's binary and ASCII file of one run are the same to compare") {
  if (!ngspice_found()) return;
  const TemporaryFolder folder;
  REQUIRE(
      run_ngspice(
          folder,
          "* RC\nv1 in 0 ac 1 pulse(0 1 0 1n 1n 1u 2u)\nr1 in out 1k\nc1 out 0 1n\n.control\n"
          "tran 10n 10u\nac dec 10 1 1meg\nset filetype=binary\nwrite binary.raw tran1.time tran1.v(out)\n"
          "set filetype=ascii\nwrite ascii.raw tran1.time tran1.v(out)\nquit\n.endc\n.end\n") == 0);
  CompareArguments arguments;
  arguments.first = folder.file("binary.raw");
  arguments.second = folder.file("ascii.raw");
  arguments.reltol = 1e-12;
  const Outcome outcome = run(arguments);
  CAPTURE(outcome.out);
  CAPTURE(outcome.err);
  CHECK(outcome.code == 0);
}

TEST_CASE("a text table aligns characters, not bytes, and leaves no blanks at line ends") {
  TextTable table({{"name", Align::left}, {"R"}, {"", Align::left}});
  table.add({"µ", "10 Ω", ""});
  table.add({"longer", "1", "x"});
  CHECK(table.text("> ") ==
        "> name       R\n"
        "> µ       10 Ω\n"
        "> longer     1  x\n");
  CHECK(with_unit(1.23456e-5, "A") == "1.23e-05 A");
  CHECK(with_unit(0.5, "") == "0.5");
}
