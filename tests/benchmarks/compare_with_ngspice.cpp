// memspice and ngspice on the same memristive grid: whole processes, alternating runs, medians, errors.
//
//   compare_with_ngspice MEMSPICE SIZE smooth|saturating [RUNS [ngspice-seconds [ngspice-tmax]]]
//
// The network is docs/performance.md's: an SIZE × SIZE grid, on every edge one memristor in series with one
// source. ngspice gets what `memspice convert` writes. Both runs are compared with memspice at reltol = 1e-8;
// a run of ngspice is ended after ngspice-seconds (default 600).

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "convert/deck_writer.hpp"
#include "memspice/circuit.hpp"
#include "memspice/waveform.hpp"

namespace {

using Clock = std::chrono::steady_clock;
constexpr double infinity_seconds = 1e9;

struct Grid {
  int size;
  double amplitude;   // V: sources are SIN(0 a 1) with a uniform in ±amplitude
  double step, stop;  // s
};

struct Run {
  double wall = 0, cpu = 0;  // s
  double memory = 0;         // MB
  bool finished = false;
};

std::string node(const Grid& grid, int i, int j) {
  const int k = i * grid.size + j;
  return k == 0 ? "0" : fmt::format("n{}", k);
}

template <class Callable>
void for_each_edge(const Grid& grid, Callable&& callable) {
  std::mt19937_64 random(1);
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * (static_cast<double>(random() >> 11) * 0x1p-53);
  };
  int k = 0;
  for (int i = 0; i < grid.size; ++i) {
    for (int j = 0; j < grid.size; ++j) {
      for (const auto& [a, b] : {std::pair{i, j + 1}, std::pair{i + 1, j}}) {
        if (a >= grid.size || b >= grid.size) continue;
        const double amplitude = uniform(-grid.amplitude, grid.amplitude);
        callable(++k, node(grid, i, j), node(grid, a, b), amplitude, uniform(0.3, 0.7));
      }
    }
  }
}

void write_memspice(const Grid& grid, const std::string& path) {
  std::ofstream deck(path);
  deck << fmt::format("{0}x{0} grid of memristors\n", grid.size);
  deck << ".model mem memristor(ron=100 roff=1600 alpha=0.1 beta=1)\n";
  for_each_edge(grid, [&](int k, const std::string& a, const std::string& b, double amplitude, double w0) {
    deck << fmt::format("V{0} x{0} {1} SIN(0 {2:.6f} 1)\nY{0} x{0} {3} mem w0={4:.6f}\n", k, a, amplitude, b,
                        w0);
  });
  deck << fmt::format(".tran {} {}\n.save w(*)\n.end\n", grid.step, grid.stop);
}

/// What `memspice convert` makes of it, but with ngspice's own tolerances, and `tmax` as the largest step
/// (empty: ngspice's default), as a user would run it.
void write_ngspice(const std::string& deck, const std::string& tmax, const std::string& path) {
  const memspice::Circuit circuit = memspice::elaborate(memspice::parse_file(deck));
  memspice::convert::Request request;
  request.peer = memspice::convert::Peer::ngspice;
  for (const memspice::DeviceGroup& group : circuit.groups)
    for (const std::uint32_t name : group.names)
      request.vectors.push_back(fmt::format("w({})", circuit.element_names[name]));
  std::string text;
  memspice::convert::write_deck(circuit, request, [&](std::string_view piece) { text += piece; });
  std::istringstream lines(text);
  std::ofstream out(path);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(".options")) continue;
    if (line.starts_with(".tran")) line = line.substr(0, line.find_last_of(' ') + 1) + tmax;
    out << line << "\n";
  }
}

Run measure(const std::vector<std::string>& command, double limit) {
  const auto begin = Clock::now();
  const pid_t child = fork();
  if (child == 0) {
    if (freopen("/dev/null", "w", stdout) == nullptr || freopen("/dev/null", "w", stderr) == nullptr)
      _exit(126);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  Run run;
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, WNOHANG, &usage) == 0) {
    usleep(200);
    if (std::chrono::duration<double>(Clock::now() - begin).count() > limit) kill(child, SIGKILL);
  }
  run.wall = std::chrono::duration<double>(Clock::now() - begin).count();
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  run.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  run.memory = static_cast<double>(usage.ru_maxrss) / 1024;
  run.finished = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return run;
}

/// Largest |w - reference| over all states, at the times of `plot`; the reference has an even, fine grid.
double largest_error(const memspice::Plot& plot, const memspice::Plot& reference, bool ngspice) {
  double largest = 0;
  const std::vector<double>& times = reference.columns[0];
  for (std::size_t v = 1; v < reference.vectors.size(); ++v) {
    const std::string& name = reference.vectors[v].name;  // w(yK)
    const std::string number = name.substr(3, name.size() - 4);
    const std::size_t column = plot.find(ngspice ? fmt::format("v(w_y{})", number) : name);
    if (column == memspice::Plot::npos) return std::nan("");
    for (std::size_t i = 0; i < plot.rows(); ++i) {
      const double t = plot.columns[0][i];
      const auto after = std::lower_bound(times.begin(), times.end(), t);
      const std::size_t k =
          std::clamp<std::size_t>(static_cast<std::size_t>(after - times.begin()), 1, times.size() - 1);
      const double fraction = (t - times[k - 1]) / (times[k] - times[k - 1]);
      const double value = reference.columns[v][k - 1] * (1 - fraction) + reference.columns[v][k] * fraction;
      largest = std::max(largest, std::abs(plot.columns[column][i] - value));
    }
  }
  return largest;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void print_line(const std::string& name, const std::vector<Run>& runs, double error) {
  std::vector<double> wall, cpu, memory;
  for (const Run& run : runs) {
    wall.push_back(run.wall);
    cpu.push_back(run.cpu);
    memory.push_back(run.memory);
  }
  fmt::print("{:<10} {:>10.4f} {:>10.4f} {:>10.1f} {:>12.2e} {}\n", name, median(wall), median(cpu),
             median(memory), error, runs.front().finished ? "" : "not finished");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr,
               "usage: compare_with_ngspice MEMSPICE SIZE smooth|saturating [RUNS [ngspice-seconds "
               "[ngspice-tmax]]]\n");
    return 2;
  }
  const std::string memspice = argv[1];
  const int size = std::stoi(argv[2]);
  const bool saturating = std::string(argv[3]) == "saturating";
  const int runs = argc > 4 ? std::stoi(argv[4]) : 5;
  const double limit = argc > 5 ? std::stod(argv[5]) : 600;
  const Grid grid = saturating ? Grid{size, 20, 0.1, 4} : Grid{size, 1, 0.05, 2};

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("memspice-bench-{}", getpid());
  std::filesystem::create_directories(folder);
  const auto file = [&](const char* name) { return (folder / name).string(); };
  write_memspice(grid, file("grid.cir"));
  write_ngspice(file("grid.cir"), argc > 6 ? argv[6] : "", file("grid.ngspice.cir"));
  {
    std::ifstream deck(file("grid.cir"));
    std::ofstream tight(file("tight.cir"));
    for (std::string line; std::getline(deck, line);) {
      if (line.starts_with(".tran"))
        line = fmt::format(".tran {} {}\n.options reltol=1e-8 interp", grid.stop / 4000, grid.stop);
      tight << line << "\n";
    }
  }
  measure({memspice, file("tight.cir"), "-o", file("tight.raw"), "-q"}, infinity_seconds);

  std::vector<Run> ours, theirs;
  bool with_ngspice = limit > 0;
  for (int i = 0; i <= runs; ++i) {  // the first round warms the caches and does not count
    ours.push_back(measure({memspice, file("grid.cir"), "-o", file("memspice.raw"), "-q"}, infinity_seconds));
    if (with_ngspice)
      theirs.push_back(
          measure({"ngspice", "-b", file("grid.ngspice.cir"), "-r", file("ngspice.raw")}, limit));
    if (with_ngspice && !theirs.back().finished)
      with_ngspice = false;  // once is enough of a run that does not end
  }
  // Read only now: a child's peak memory counts what its parent held when it was forked.
  const memspice::Plot reference = memspice::read_waveforms(file("tight.raw")).at(0);
  ours.erase(ours.begin());
  if (theirs.size() > 1) theirs.erase(theirs.begin());

  fmt::print("{0}x{0} grid, {1}, {2} memristors, {3} s, {4} runs\n", size, argv[3], 2 * size * (size - 1),
             grid.stop, runs);
  fmt::print("{:<10} {:>10} {:>10} {:>10} {:>12}\n", "", "wall s", "cpu s", "peak MB", "largest |Δw|");
  print_line("memspice", ours,
             largest_error(memspice::read_waveforms(file("memspice.raw")).at(0), reference, false));
  if (!theirs.empty()) {
    double error = std::nan("");
    if (theirs.back().finished)
      error = largest_error(memspice::read_waveforms(file("ngspice.raw")).at(0), reference, true);
    print_line("ngspice", theirs, error);
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
      ratios.push_back(theirs[i].wall / ours[i].wall);
    fmt::print("ngspice / memspice, wall time, pair by pair: median {:.0f}, {:.0f} to {:.0f}{}\n",
               median(ratios), *std::ranges::min_element(ratios), *std::ranges::max_element(ratios),
               theirs.back().finished ? "" : " at least");
  }
  std::filesystem::remove_all(folder);
  return 0;
}
