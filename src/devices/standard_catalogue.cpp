#include "devices/bipolar_transistor.hpp"
#include "devices/capacitor.hpp"
#include "devices/diode.hpp"
#include "devices/fet/jfet.hpp"
#include "devices/fet/vdmos.hpp"
#include "devices/inductor.hpp"
#include "devices/linear_memristor.hpp"
#include "devices/mos1.hpp"
#include "devices/mos2.hpp"
#include "devices/mos3.hpp"
#include "devices/mos6.hpp"
#include "devices/resistor.hpp"
#include "devices/straight_diode.hpp"
#include "memspice/model.hpp"

namespace memspice {

std::shared_ptr<const Catalogue> standard_catalogue() {
  static const std::shared_ptr<const Catalogue> catalogue = [] {
    auto devices = std::make_shared<Catalogue>();
    devices->add(device_type<Resistor>());
    devices->add(bipolar_transistor_type());
    devices->add(device_type<Capacitor>());
    devices->add(device_type<Diode>());
    devices->add(shaped_diode_type());
    devices->add(device_type<StraightDiode>());
    devices->add(device_type<Inductor>());
    devices->add(device_type<JunctionFet<ShichmanHodges>>());
    devices->add(device_type<Vdmos>());
    devices->add(device_type<LinearMemristor>());
    devices->add(mos1_type());
    devices->add(mos2_type());
    devices->add(mos3_type());
    devices->add(mos6_type());
    return devices;
  }();
  return catalogue;
}

}  // namespace memspice
