#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "network/flow/flux_rows.hpp"

namespace memspice::network {

/// States of some memristors at points of the last step of an integrator; those that will be asked for next
/// are found along with the first.
class FlowStates {
 public:
  FlowStates(FluxRows& rows, std::vector<std::uint32_t> memristors)
      : finder_(rows), memristors_(std::move(memristors)) {}

  /// The times that find() will be asked for, ascending, s.
  void expect(std::span<const double> times) { expected_.assign(times.begin(), times.end()); }
  /// w at a time of the last step, in the order of memristors(); until the next call.
  std::span<const double> find(double t);
  /// Another step has been made.
  void forget() { rows_.found = others_.found = 0; }
  [[nodiscard]] const std::vector<std::uint32_t>& memristors() const { return memristors_; }

 private:
  struct Block {
    std::array<double, FluxRows::at_once> t{};  // s
    std::size_t found = 0;                      // of them
    std::vector<double> states;                 // one time after the other
  };

  FluxRows& finder_;
  std::vector<std::uint32_t> memristors_;
  std::vector<double> expected_;  // s
  Block rows_, others_;           // times that were expected, and those between them
};

}  // namespace memspice::network
