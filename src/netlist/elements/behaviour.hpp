#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "netlist/elaboration/card_context.hpp"

namespace memspice {

/// What the name x means in an expression: the quantity of the element itself.
using SelfProbe = std::function<std::uint32_t(Program&)>;

/// Compiles an expression of the running circuit into a program, which stays unfinished; returns the
/// instruction of the value. What it names may stand later in the deck. Throws Problem.
std::uint32_t compile_into(CardContext& card, Program& program, const Expression& expression,
                           const SelfProbe& x = {});
/// The same times a factor, as a program of its own; returns its number in Circuit::programs.
std::uint32_t compile(CardContext& card, const Expression& expression, double factor = 1);

/// Reads the value of an R, C or L when it depends on the running circuit; its nodes have been read. False,
/// and nothing read, when it is a number. Throws Problem.
bool behavioural_passive(CardContext& card, std::string_view name,
                         const std::array<std::string_view, 2>& node_words, std::span<const NodeId> nodes);

}  // namespace memspice
