#include "devices/capacitor.hpp"
#include "devices/diode.hpp"
#include "devices/inductor.hpp"
#include "devices/linear_memristor.hpp"
#include "devices/memristors/iontronic.hpp"
#include "devices/memristors/memdiode.hpp"
#include "devices/memristors/metastable_switch.hpp"
#include "devices/memristors/nanowire_junction.hpp"
#include "devices/memristors/rate_balance.hpp"
#include "devices/memristors/rram.hpp"
#include "devices/memristors/wire_network_drift.hpp"
#include "devices/resistor.hpp"
#include "memspice/model.hpp"

namespace memspice {

std::shared_ptr<const Catalogue> standard_catalogue() {
  static const std::shared_ptr<const Catalogue> catalogue = [] {
    auto devices = std::make_shared<Catalogue>();
    devices->add(device_type<Resistor>());
    devices->add(device_type<Capacitor>());
    devices->add(device_type<Diode>());
    devices->add(device_type<Inductor>());
    devices->add(device_type<LinearMemristor>());
    devices->add(device_type<Rram>());
    devices->add(device_type<MetastableSwitches>());
    devices->add(device_type<NanowireJunction>());
    devices->add(device_type<RateBalance>());
    devices->add(device_type<WireNetworkDrift>());
    devices->add(device_type<Iontronic>());
    devices->add(device_type<Memdiode>());
    return devices;
  }();
  return catalogue;
}

}  // namespace memspice
