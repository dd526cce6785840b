#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "base/characters.hpp"
#include "netlist/elaboration/card_context.hpp"
#include "netlist/elaboration/models.hpp"
#include "netlist/elements/new_device.hpp"

namespace memspice {

// ngspice's code model memristor: A1 n1 n2 model, also %gd(n1 n2) or [n1 n2]. Of its other code models none
// is known.
void read_code_model(CardContext& card) {
  constexpr std::string_view model_type = "memristor";
  constexpr int level = 5;
  const std::string_view name = card.reader.take().text;
  const DeviceType* type = card.circuit.catalogue->find_model(model_type, level);
  std::vector<std::string_view> words;
  while (!card.reader.at_end()) {
    const Token& token = card.reader.take();
    std::string_view text = token.text;
    while (text.starts_with('[')) text.remove_prefix(1);
    while (text.ends_with(']')) text.remove_suffix(1);
    if (token.is(Token::Kind::word) && !text.empty() && !same_word(text, "%gd")) words.push_back(text);
  }
  const auto refuse = [&] {
    throw Problem{name, fmt::format("memspice does not have the code model of '{}' yet", name),
                  "of ngspice's code models it has memristor: A1 n+ n- model"};
  };
  if (!type || words.size() != 3 || !model_exists(words[2], card.scope)) refuse();
  const Model* model = nullptr;
  try {
    model = &find_model(card, words[2], *type);
  } catch (const Problem&) {
    refuse();  // models of other types are unknown
  }
  if (model->type != type)
    throw Problem{words[2], fmt::format("'{}' needs a memristor of level {}", name, level),
                  "write level=5, or a parameter that only ngspice's has: rmin, rmax, vt"};
  if (!model->good) return;
  ElementScratch& scratch = card.elaboration.scratch;
  scratch.values = model->values;
  scratch.given_at.assign(scratch.values.size(), {});
  scratch.nodes = {card.node(words[0]), card.node(words[1])};
  add_device(card, {.type = type, .model = model, .name = name, .before = {}});
}

}  // namespace memspice
