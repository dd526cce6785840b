// Runs a harness without libFuzzer: files and folders given are read; with `seconds=N` they are changed at
// random for so long. What is being tried stands in the file `current-input`, which a crash leaves behind.
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#ifdef MEMSPICE_FUZZ_DECKS
#include "fuzz/deck_mutator.hpp"
#endif

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr long longest = 30;  // s, for one input

void change_bytes(std::string& text, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  const std::size_t at = below(text.size());
  switch (below(5)) {
    case 0:
      text.erase(at, 1 + below(16));
      break;
    case 1:
      text.insert(at, 1, static_cast<char>(random()));
      break;
    case 2:
      text.insert(at, text.substr(below(text.size()), below(64)));
      break;
    case 3:
      text.resize(at);
      break;
    default:
      if (!text.empty()) text[at] = static_cast<char>(random());
  }
}

std::string changed(const std::vector<std::string>& inputs, std::mt19937& random) {
  std::string text = inputs[random() % inputs.size()];
#ifdef MEMSPICE_FUZZ_DECKS
  if (random() % 8 == 0)
    text = memspice::fuzz::crossed_decks(text, inputs[random() % inputs.size()],
                                         static_cast<unsigned>(random()));
  if (random() % 3 != 0) return memspice::fuzz::mutated_deck(text, static_cast<unsigned>(random()));
#endif
  for (std::size_t n = 1 + random() % 8; n > 0; --n) change_bytes(text, random);
  return text;
}

void try_input(const std::string& text) {
  std::ofstream("current-input", std::ios::binary) << text;
  const itimerval limit{{0, 0}, {longest, 0}};  // of processor time: SIGPROF ends the program
  ::setitimer(ITIMER_PROF, &limit, nullptr);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<fs::path> paths;
  double seconds = 0;
  unsigned seed = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("seconds="))
      seconds = std::atof(argv[i] + 8);
    else if (word.starts_with("seed="))
      seed = static_cast<unsigned>(std::atoi(argv[i] + 5));
    else if (fs::is_directory(word))
      for (const auto& entry : fs::directory_iterator(word)) paths.push_back(entry.path());
    else
      paths.emplace_back(word);
  }
  std::ranges::sort(paths);
  std::vector<std::string> inputs;
  for (const fs::path& path : paths) inputs.push_back(bytes_of(path));
  if (inputs.empty()) inputs.emplace_back("title\n");
  long executions = 0;
  const auto start = std::chrono::steady_clock::now();
  const auto passed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  for (const std::string& input : inputs) {
    if (seconds > 0 && passed() > seconds / 2) break;
    try_input(input);
    ++executions;
  }
  for (std::mt19937 random(seed); passed() < seconds; ++executions) try_input(changed(inputs, random));
  fs::remove("current-input");
  std::printf("%ld executions in %.0f s\n", executions, passed());
}
