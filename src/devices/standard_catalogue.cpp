#include "devices/bipolar/bipolar_transistor.hpp"
#include "devices/capacitor.hpp"
#include "devices/diodes/diode.hpp"
#include "devices/diodes/straight_diode.hpp"
#include "devices/fet/jfet.hpp"
#include "devices/fet/mesfet.hpp"
#include "devices/fet/parker_skellern.hpp"
#include "devices/fet/vdmos.hpp"
#include "devices/inductor.hpp"
#include "devices/linear_memristor.hpp"
#include "devices/memristors/iontronic.hpp"
#include "devices/memristors/memdiode.hpp"
#include "devices/memristors/metastable_switch.hpp"
#include "devices/memristors/nanowire_junction.hpp"
#include "devices/memristors/piecewise_empirical.hpp"
#include "devices/memristors/rate_balance.hpp"
#include "devices/memristors/rram.hpp"
#include "devices/memristors/symbolic_functions.hpp"
#include "devices/memristors/team.hpp"
#include "devices/memristors/threshold_memristor.hpp"
#include "devices/memristors/vteam.hpp"
#include "devices/memristors/windowed_memristor.hpp"
#include "devices/memristors/wire_network_drift.hpp"
#include "devices/memristors/yakopcic.hpp"
#include "devices/mos/mos1.hpp"
#include "devices/mos/mos2.hpp"
#include "devices/mos/mos3.hpp"
#include "devices/mos/mos6.hpp"
#include "devices/resistor.hpp"
#include "memspice/detail/symbolic.hpp"
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
    devices->add(symbolic_device_type<StraightDiode>());
    devices->add(device_type<Inductor>());
    devices->add(device_type<JunctionFet<ShichmanHodges>>());
    devices->add(parker_skellern_type());
    devices->add(device_type<JunctionFet<StatzMesfet>>());
    devices->add(symbolic_device_type<LinearMemristor>());
    devices->add(mos1_type());
    devices->add(mos2_type());
    devices->add(mos3_type());
    devices->add(mos6_type());
    devices->add(device_type<Vdmos>());
    devices->add(symbolic_device_type<WindowedMemristor>());
    devices->add(symbolic_device_type<TeamMemristor>());
    devices->add(symbolic_device_type<Yakopcic>());
    devices->add(symbolic_device_type<PiecewiseEmpirical>());
    devices->add(symbolic_device_type<ThresholdMemristor>());
    devices->add(symbolic_device_type<Vteam>());
    devices->add(symbolic_device_type<Rram>());
    devices->add(symbolic_device_type<MetastableSwitches>());
    devices->add(symbolic_device_type<NanowireJunction>());
    devices->add(symbolic_device_type<RateBalance>());
    devices->add(symbolic_device_type<WireNetworkDrift>());
    devices->add(symbolic_device_type<Iontronic>());
    devices->add(symbolic_device_type<Memdiode>());
    return devices;
  }();
  return catalogue;
}

}  // namespace memspice
