#include "devices/capacitor.hpp"
#include "devices/diode.hpp"
#include "devices/fet/jfet.hpp"
#include "devices/fet/mesfet.hpp"
#include "devices/fet/vdmos.hpp"
#include "devices/inductor.hpp"
#include "devices/linear_memristor.hpp"
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
    devices->add(device_type<JunctionFet<ShichmanHodges>>());
    devices->add(device_type<Vdmos>());
    devices->add(device_type<JunctionFet<StatzMesfet>>());
    devices->add(device_type<LinearMemristor>());
    return devices;
  }();
  return catalogue;
}

}  // namespace memspice
