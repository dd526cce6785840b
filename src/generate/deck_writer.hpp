#pragma once

#include <functional>
#include <string_view>

#include "generate/network.hpp"
#include "generate/specification.hpp"

namespace memspice::generate {

/// Writes the deck of a network, in pieces: title and head, model, elements, cards. What is the same for all
/// memristors stands on the model card, what is drawn on the elements.
void write_deck(const Specification& specification, const Network& network,
                const std::function<void(std::string_view)>& consume);

}  // namespace memspice::generate
