#include "netlist/elaboration/model_bins.hpp"

#include <fmt/format.h>

#include <array>

#include "base/characters.hpp"
#include "base/problem.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/models.hpp"

namespace memspice {
namespace {

/// The definition of a bin in the scopes that see it; nullptr: there is none.
const ModelDefinition* bin_of(std::string_view name, int number, const Scope& scope) {
  const std::string key = fmt::format("{}.{}", to_lower(name), number);
  for (const Scope* at = &scope; at; at = at->caller)
    if (const auto found = at->body->model_numbers.find(key); found != at->body->model_numbers.end())
      return &at->body->models[found->second];
  return nullptr;
}

/// The bins of a model, numbered from 0 or 1 on without a gap.
std::vector<const ModelDefinition*> bins_of(std::string_view name, const Scope& scope) {
  std::vector<const ModelDefinition*> bins;
  for (int number = 0;; ++number) {
    const ModelDefinition* bin = bin_of(name, number, scope);
    if (bin) bins.push_back(bin);
    if (!bin && number > 0) return bins;
  }
}

/// A side of the element, m: what its card says, or .options, or the model.
double side(CardContext& card, const Model& model, std::size_t parameter) {
  const std::string_view name = model.type->card_parameter(parameter).name;
  double value = model.values[parameter];
  for (const ParameterDefault& preset : card.elaboration.element_options.defaults)
    if (preset.letter == model.type->letter && preset.parameter == name) value = preset.value;
  const CardReader element = card.reader;
  for (card.reader.skip_to_assignment(); !card.reader.at_end(); card.reader.skip_to_assignment()) {
    const bool meant = same_word(card.reader.take().text, name);
    card.reader.take();  // =
    if (meant) value = card.value(CardReader::Blanks::allowed);
  }
  card.reader = element;
  return value;
}

/// "l from 1e-06 to 2e-06 m", without what limits nothing; empty where both do. `before` stands before it.
std::string limits_text(std::string_view before, std::string_view letter, double least, double most) {
  std::string text;
  if (least > 0) text += fmt::format(" from {:g}", least);
  if (most < infinity) text += fmt::format(" to {:g}", most);
  return text.empty() ? text : fmt::format("{}{}{} m", before.empty() ? "" : ", ", letter, text);
}

}  // namespace

bool has_bins(std::string_view name, const Scope& scope) {
  return bin_of(name, 1, scope) || bin_of(name, 0, scope);
}

std::string_view choose_bin(CardContext& card, std::string_view name, const DeviceType& wanted) {
  std::string bins;
  std::array<double, 2> sides{};
  for (const ModelDefinition* bin : bins_of(name, card.scope)) {
    const Model& model = find_model(card, bin->at, wanted);
    bool inside = true;
    std::string range;
    for (const std::size_t i : {0, 1}) {
      const std::string_view letter = i == 0 ? "l" : "w";
      const auto limit = [&](std::string_view end) {
        const auto found =
            model.type->find_card_parameter(fmt::format("{}{}", letter, end), DeviceType::Card::model);
        if (!found)
          throw Problem{name, fmt::format("models of {} have no bins", with_article(model.type->name))};
        return model.values[*found];
      };
      const double least = limit("min"), most = limit("max");
      sides[i] = side(card, model, *model.type->find_card_parameter(letter));
      inside &= sides[i] >= least && sides[i] < most;
      range += limits_text(range, letter, least, most);
    }
    if (inside) return bin->at;
    bins += fmt::format("{}{}: {}", bins.empty() ? "" : "; ", bin->at, range);
  }
  throw Problem{name, fmt::format("no bin of model '{}' is for l={:g} m, w={:g} m", name, sides[0], sides[1]),
                std::move(bins)};
}

}  // namespace memspice
