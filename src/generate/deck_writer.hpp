#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "generate/network.hpp"
#include "generate/specification.hpp"

namespace memspice::generate {

/// A file beside the deck with a line for every memristor, which the card .edges names.
struct EdgeList {
  std::string name;
  std::function<void(std::string_view)> consume;
};

/// Writes the deck of a network, in pieces: title and head, model, elements, cards. What is the same for all
/// memristors stands on the model card, what is drawn on the elements, or as columns in `compact`. Telegraph
/// signals in series have no such form.
void write_deck(const Specification& specification, const Network& network,
                const std::function<void(std::string_view)>& consume, const EdgeList* compact = nullptr);

}  // namespace memspice::generate
