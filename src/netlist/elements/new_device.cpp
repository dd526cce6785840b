#include "netlist/elements/new_device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memspice {
namespace {

bool is_given(std::string_view at) {
  return !at.empty();
}

/// A device of the same letter, model type and level: what a card becomes where the first refuses its values.
const DeviceType* alternative(const Catalogue& catalogue, const DeviceType& type) {
  for (const auto& other : catalogue.types())
    if (other.get() != &type && other->letter == type.letter && other->model_type == type.model_type &&
        other->level == type.level)
      return other.get();
  return nullptr;
}

const ParameterDescription* missing_parameter(const DeviceType& type, const std::vector<double>& values) {
  for (std::size_t i = 0; i < type.parameters.size(); ++i)
    if (type.parameters[i].required && std::isnan(values[i])) return &type.parameters[i];
  return nullptr;
}

class DeviceAdder {
 public:
  DeviceAdder(CardContext& card, const NewDevice& device)
      : card_(card),
        device_(device),
        values_(card.elaboration.scratch.values),
        on_card_(card.elaboration.scratch.on_card),
        given_at_(card.elaboration.scratch.given_at),
        nodes_(card.elaboration.scratch.nodes),
        common_(card.elaboration.scratch.common) {
    if (common_.of != device.type)
      common_ = {device.type, device.type->find_card_parameter("m"),
                 device.type->find_card_parameter("noisy")};
  }

  void run() {
    choose_type();
    if (!card_.elaboration.options.swept.empty())
      set_swept_parameters(card_.elaboration, false, card_.full_name(device_.name, device_.before),
                           *device_.type, values_);
    take_defaults();
    multiply();
    finish();
    check();
    add();
  }

 private:
  [[noreturn]] void fail(const ParameterProblem& problem) const {
    std::string_view at = given_at_[problem.parameter];
    if (at.empty() && device_.model)
      if (const auto place = device_.model->type->find_card_parameter(
              device_.type->card_parameter(problem.parameter).name, DeviceType::Card::model))
        at = device_.model->given_at[*place];
    if (at.empty()) {
      const auto given = std::ranges::find_if(given_at_, is_given);
      at = given == given_at_.end() ? device_.name : *given;
    }
    throw Problem{at, problem.message, problem.hint};
  }

  /// What .options says where neither the element nor its model does.
  void take_defaults() {
    for (const ParameterDefault& preset : card_.elaboration.element_options.defaults) {
      if (preset.letter != device_.type->letter) continue;
      const std::size_t i = device_.type->find_card_parameter(preset.parameter).value();
      if (given_at_[i].empty() && (!device_.model || device_.model->given_at[i].empty()))
        values_[i] = preset.value;
    }
  }

  /// Values that this device refuses may be those of another one with the same card: a window makes a linear
  /// memristor one with a window. The two may keep their parameters in another order.
  void choose_type() {
    const DeviceType& type = *device_.type;
    if (!type.check || !type.check(std::span(values_).first(type.parameters.size()))) return;
    const DeviceType* other = alternative(*card_.circuit.catalogue, type);
    if (!other) return;
    std::vector<double> values;
    std::vector<std::string_view> given_at;
    for (std::size_t i = 0; i < other->card_parameter_count(); ++i) {
      const std::size_t place = type.find_card_parameter(other->card_parameter(i).name).value();
      values.push_back(values_[place]);
      given_at.push_back(given_at_[place]);
    }
    values_ = std::move(values);
    given_at_ = std::move(given_at);
    device_.type = other;
    common_ = {other, other->find_card_parameter("m"), other->find_card_parameter("noisy")};
  }

  void multiply() {
    copies_ = card_.scope.multiplier;
    const auto m = common_.copies;
    if (!m && copies_ != 1)
      throw Problem{device_.name,
                    fmt::format("'{}' stands for {:g} devices, and a {} has no m=", device_.name, copies_,
                                device_.type->name),
                    "leave out m= of the subcircuit that it is in"};
    if (!m) return;
    if (copies_ != 1 && values_[*m] != 1)
      card_.elaboration.dialect.name_difference(device_.name, nested_copies);
    copies_ = values_[*m] *= copies_;
  }

  void finish() {
    on_card_.clear();
    if (!device_.type->finish) return;
    const Options& options = card_.circuit.options;
    if (device_.model || copies_ != 1 || std::any_of(given_at_.begin() + 1, given_at_.end(), is_given)) {
      const auto stored = static_cast<std::ptrdiff_t>(device_.type->parameters.size());
      on_card_.assign(values_.begin(), values_.begin() + stored);
    }
    if (const auto problem =
            device_.type->finish(values_, {options.temperature, options.nominal_temperature, options.gmin}))
      fail(*problem);
  }

  void check() const {
    if (const ParameterDescription* missing = missing_parameter(*device_.type, values_))
      throw Problem{device_.name,
                    fmt::format("'{}' has no {} ({})", device_.name, missing->name, missing->help),
                    device_.type->positional ? std::string("write its value behind the nodes")
                                             : fmt::format("give {}=", missing->name)};
    if (device_.type->check)
      if (const auto problem = device_.type->check(std::span(values_).first(device_.type->parameters.size())))
        fail(*problem);
  }

  void add() {
    DeviceGroups& devices = card_.elaboration.devices;
    const std::uint32_t element = card_.new_element(device_.name, device_.before);
    add_parasitics(card_, device_.parasitics, copies_, device_.name, nodes_[0], nodes_[1]);
    if (device_.type->letter == 'l' && values_[0] == 0)  // no state: as a resistor of 0 ohm
      return devices.add_linear('r', element, nodes_[0], nodes_[1], 0, card_.where);
    const std::uint32_t number = devices.group_of(*device_.type);
    DeviceGroup& group = card_.circuit.groups[number];
    group.names.push_back(element);
    group.nodes.insert(group.nodes.end(), nodes_.begin(), nodes_.end());
    group.parameters.add(std::span(values_).first(device_.type->parameters.size()));
    group.where.push_back(card_.where);
    const auto index = static_cast<std::uint32_t>(group.count() - 1);
    for (std::uint32_t i = 0; i < on_card_.size(); ++i)
      if (std::isfinite(on_card_[i]) && on_card_[i] != 0 && values_[i] != on_card_[i])
        card_.circuit.records.value_factors.push_back({number, index, i, values_[i] / on_card_[i]});
    if (device_.model || std::ranges::any_of(given_at_, is_given)) note_small_signal({number, index});
  }

  // Keeps what the noise of the element just stored is.
  void note_small_signal(SmallSignalResistor resistor) {
    const auto noisy = common_.noisy;
    if (!noisy) return;
    const double resistance = values_[device_.type->find_card_parameter("ac").value()];
    if (!std::isnan(resistance)) resistor.resistance = resistance;
    resistor.noisy = values_[*noisy] != 0;
    resistor.temperature = values_[device_.type->find_card_parameter("temp").value()];
    const double difference = values_[device_.type->find_card_parameter("dtemp").value()];
    if (std::isnan(resistor.temperature) && difference != 0)
      resistor.temperature = card_.circuit.options.temperature + difference;
    if (!resistor.noisy || resistor.resistance != 0 || !std::isnan(resistor.temperature))
      card_.circuit.records.small_signal_resistors.push_back(resistor);
  }

  CardContext& card_;
  NewDevice device_;
  double copies_ = 1;
  std::vector<double>& values_;
  std::vector<double>& on_card_;  // the stored parameters before `finish`
  std::vector<std::string_view>& given_at_;
  std::vector<NodeId>& nodes_;
  CommonParameters& common_;
};

}  // namespace

void add_device(CardContext& card, const NewDevice& device) {
  DeviceAdder(card, device).run();
}

}  // namespace memspice
