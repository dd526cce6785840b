#include "devices/capacitor.hpp"
#include "devices/diode.hpp"
#include "devices/inductor.hpp"
#include "devices/linear_memristor.hpp"
#include "devices/resistor.hpp"
#include "devices/team.hpp"
#include "devices/threshold_memristor.hpp"
#include "devices/vteam.hpp"
#include "devices/windowed_memristor.hpp"
#include "devices/yakopcic.hpp"
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
    devices->add(device_type<WindowedMemristor>());
    devices->add(device_type<Team>());
    devices->add(device_type<Yakopcic>());
    devices->add(device_type<ThresholdMemristor>());
    devices->add(device_type<Vteam>());
    return devices;
  }();
  return catalogue;
}

}  // namespace memspice
