#pragma once

#include <memspice/device.hpp>
#include <string>

namespace memspice::app {

/// What `--help-device` prints: the devices of that name, model type or letter (in any case), each with its
/// form and its parameters; of all of them one line each when `name` is empty. Throws UsageError with the
/// names that exist when there is no such device.
std::string device_help(const Catalogue& catalogue, const std::string& name);

}  // namespace memspice::app
