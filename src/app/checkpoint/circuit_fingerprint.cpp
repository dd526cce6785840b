#include "app/checkpoint/circuit_fingerprint.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memspice/error.hpp>
#include <span>

#include "base/fingerprint.hpp"

namespace memspice::app {

namespace {

void add_file(Fingerprint& hash, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (const int error = errno; !file) throw FileError(fmt::format("cannot read '{}'", path), path, error);
  std::array<char, 1u << 16> bytes{};
  while (file.read(bytes.data(), bytes.size()) || file.gcount() > 0)
    hash.add(std::as_bytes(std::span(bytes).first(static_cast<std::size_t>(file.gcount()))));
}

template <class T>
void add_numbers(Fingerprint& hash, const std::vector<T>& numbers) {
  hash.add(numbers.size());
  hash.add(std::as_bytes(std::span(numbers)));
}

}  // namespace

std::uint64_t fingerprint_of(const Circuit& circuit, const std::vector<std::string>& words) {
  Fingerprint hash;
  for (const std::string& word : words) hash.add_text(word);
  for (std::uint32_t file = 0; file < circuit.sources->size(); ++file)
    hash.add_text(circuit.sources->text(file));
  for (const std::string& path : circuit.origin.data_files) add_file(hash, path);
  for (const NameTable* names : {&circuit.node_names, &circuit.element_names}) {
    hash.add(names->size());
    for (std::uint32_t i = 0; i < names->size(); ++i) hash.add_text((*names)[i]);
  }
  // What is not in the texts: edge lists, random numbers.
  for (const DeviceGroup& group : circuit.groups) {
    hash.add_text(group.type->name);
    add_numbers(hash, group.names);
    add_numbers(hash, group.nodes);
    add_numbers(hash, group.parameters.rows());
  }
  for (const std::vector<Source>* sources : {&circuit.voltage_sources, &circuit.current_sources})
    for (const Source& source : *sources) {
      hash.add_text(
          fmt::format("{} {} {} {} {}", source.name, source.plus, source.minus, source.function, source.dc));
    }
  return hash.value();
}

}  // namespace memspice::app
