#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "convert/peer.hpp"
#include "memspice/detail/program.hpp"

namespace memspice::convert {

inline constexpr std::size_t longest_expression = 1u << 16;

/// A program as an expression of the peer's behavioural sources. `input` gives the text of a probe, `share`
/// may give another text for one that is used several times. Nothing when the text would be longer than
/// longest_expression: what a program computes once stands in it as often as it is used.
std::optional<std::string> program_text(const Program& program, Peer peer,
                                        const std::function<std::string(const Probe&)>& input,
                                        const std::function<std::string(std::string)>& share = {});

}  // namespace memspice::convert
