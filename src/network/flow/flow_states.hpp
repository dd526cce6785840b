#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "network/flow/flow_engine.hpp"

namespace memspice::network {

/// Some states at points of the last step of an integrator; those that will be asked for next
/// are found along with the first.
class FlowStates {
 public:
  FlowStates(FlowEngine& engine, std::vector<std::uint32_t> states)
      : engine_(engine), which_(std::move(states)) {}

  /// The times that find() will be asked for, ascending, s.
  void expect(std::span<const double> times) { expected_.assign(times.begin(), times.end()); }
  /// The states at a time of the last step, in the order of which(); until the next call.
  std::span<const double> find(double t);
  /// How many times are kept at once. Where that is enough for those that are expected they may be asked for
  /// in any order.
  [[nodiscard]] std::size_t room() const;
  /// Another step has been made.
  void forget() { rows_.found = others_.found = 0; }
  [[nodiscard]] const std::vector<std::uint32_t>& which() const { return which_; }

 private:
  struct Block {
    std::array<double, 4 * FlowEngine::at_once> t{};  // s
    std::size_t found = 0;                            // of them
    std::vector<double> states;                       // one time after the other
  };

  FlowEngine& engine_;
  std::vector<std::uint32_t> which_;
  std::vector<double> expected_;  // s
  Block rows_, others_;           // times that were expected, and those between them
};

}  // namespace memspice::network
