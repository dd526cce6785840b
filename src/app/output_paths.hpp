#pragma once

#include <map>
#include <memspice/circuit.hpp>
#include <string>

namespace memspice::app {

/// What makes two paths one file, whether it exists yet or not.
std::string file_identity(const std::string& path);

/// The files that a run is going to write: each is that of one output, and none is one that the deck was read
/// from. Devices and pipes may be named as often as one likes, standard output may not.
class OutputPaths {
 public:
  explicit OutputPaths(const Deck& deck) : deck_(deck) {}

  /// `output` is "-o" or the card, whose place is `where`; cards of one name may share a file. Throws
  /// UsageError when the path is taken, DeckError when a card names it.
  void add(const std::string& path, const std::string& output, Location where = {});
  /// Throws UsageError when one of them holds the points of a waveform.
  void check_data(const Circuit& circuit) const;

 private:
  void refuse_to_overwrite(const std::string& path, const std::string& identity) const;

  const Deck& deck_;
  std::map<std::string, std::string> outputs_;  // by identity
};

}  // namespace memspice::app
