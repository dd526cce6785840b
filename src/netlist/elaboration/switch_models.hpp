#pragma once

#include <span>
#include <string_view>

#include "memspice/device.hpp"
#include "netlist/elaboration/scope.hpp"

namespace memspice {

/// What a switch's model says. With hysteresis: closed above threshold + hysteresis, open below threshold -
/// hysteresis. Smooth: closed from the control value `on`, open from `off`, in between a cubic in the
/// logarithm of the resistance.
struct SwitchLaw {
  bool smooth = false;
  double threshold = 0;
  double hysteresis = 0;
  double on = 1;
  double off = 0;
  double on_resistance = 1;
  double off_resistance = 1e12;
};

/// The device types that stand for switches' .model cards (see find_switch_model).
std::span<const DeviceType> switch_models();

/// The device type that stands for a switch's .model card (its parameters, their units and defaults; it has
/// no equations of its own); nullptr for any other type of model. sw, csw: ngspice and LTspice. vswitch,
/// iswitch, switch: PSpice and Xyce.
const DeviceType* find_switch_model(std::string_view model_type);

/// Whether an element that wants `wanted` can use this model: one of its letter, and all of them for
/// `switch`, whose element brings its own control expression.
bool suits(const DeviceType& wanted, const DeviceType& model_type);

/// Throws Problem for values that make no switch.
SwitchLaw switch_law(const Model& model);

}  // namespace memspice
