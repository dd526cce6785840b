#pragma once

#include <cstdint>
#include <string>

#include "generate/deck_text.hpp"
#include "generate/network.hpp"
#include "generate/specification.hpp"

namespace memspice::generate {

/// What was asked for: "grid of 30 x 30 nodes", "random network of 1000 nodes", ...
std::string describe(const Topology& topology);
/// What came of it: "900 nodes, 1740 memristors, 841 independent loops".
std::string describe(const Network& network);
/// What was drawn and not kept, a sentence; empty when nothing was.
std::string describe_loss(const Network& network);

/// How many of the memristors a fraction of them is.
std::uint32_t part_of(const Network& network, double fraction);
/// How many memristors have a source in series.
std::uint32_t driven_memristors(const Sources& sources, const Network& network);

/// Title and comments: how the deck was made, what it holds, what its names mean.
void write_head(DeckText& deck, const Specification& specification, const Network& network);

}  // namespace memspice::generate
