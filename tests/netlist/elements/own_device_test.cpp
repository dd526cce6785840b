// A device that a program brings beside ours (docs/adding-a-device.md): what cards make of it, and what they
// refuse.
#include "convert/deck_writer.hpp"
#include "memspice/model.hpp"
#include "support/run_deck.hpp"

using namespace memspice;

namespace {

/// The documents' example: i = v/r + k v³.
class CubicResistor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};
  static DeviceType describe() {
    DeviceType type;
    type.name = "cubic resistor";
    type.letter = 'r';
    type.model_type = "cubic";
    type.level = 2;
    type.terminals = {"n+", "n-"};
    type.branches = {{0, 1}};
    type.parameters = {
        {.name = "r",
         .unit = "ohm",
         .minimum = 0,
         .minimum_allowed = false,
         .required = true,
         .help = "resistance"},
        {.name = "k", .unit = "A/V^3", .default_value = 0, .help = "cubic coefficient"},
    };
    return type;
  }
  explicit CubicResistor(std::span<const double> values) : resistance_(values[0]), cubic_(values[1]) {}
  template <class Real>
  void equations(const Local<CubicResistor, Real>& x, Equations<CubicResistor, Real>& f) const {
    const Real& v = x.voltage[0];
    f.current[0] = v / resistance_ + cubic_ * v * v * v;
  }

 private:
  double resistance_;  // ohm
  double cubic_;       // A/V³
};

/// A conductor whose value stands behind its nodes, of a letter that no passive element has.
class Conductor {
 public:
  static constexpr int branches = 1;
  static constexpr std::array<UnknownDescription, 0> unknowns{};
  static DeviceType describe() {
    DeviceType type;
    type.name = "conductor";
    type.letter = 'n';
    type.terminals = {"n+", "n-"};
    type.branches = {{0, 1}};
    type.positional = true;
    type.parameters = {{.name = "g", .unit = "S", .required = true, .help = "conductance"}};
    return type;
  }
  explicit Conductor(std::span<const double> values) : conductance_(values[0]) {}
  template <class Real>
  void equations(const Local<Conductor, Real>& x, Equations<Conductor, Real>& f) const {
    f.current[0] = conductance_ * x.voltage[0];
  }

 private:
  double conductance_;  // S
};

std::shared_ptr<const Catalogue> own_devices() {
  auto devices = std::make_shared<Catalogue>();
  for (const auto& type : standard_catalogue()->types()) devices->add(*type);
  devices->add(device_type<CubicResistor>());
  devices->add(device_type<Conductor>());
  return devices;
}

const std::string cubic = "V1 a 0 2\n.model nl cubic(level=2 r=1 k=0.5)\n";

std::string refusal_of(const std::string& body) {
  try {
    testing::circuit_of(body, own_devices());
  } catch (const DeckError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a device of a program's own is solved beside ours") {
  const auto run = testing::run_deck(cubic + "R1 a 0 nl\nR2 a 0 4\nN1 a 0 0.25\n.op\n", own_devices());
  CHECK(run["i(v1)"][0] == doctest::Approx(-(2 + 4 + 0.5 + 0.5)));
}

TEST_CASE("copies of a subcircuit are refused where a device in it cannot be copied, not forgotten") {
  const std::string body = cubic + ".subckt s p\nR1 p 0 nl\n.ends\n.op\n";
  const std::string message = refusal_of(body + "X1 a s m=3\n");
  CHECK(message.find("'R1' stands for 3 devices, and a cubic resistor has no m=") != std::string::npos);
  CHECK(message.find("leave out m= of the subcircuit") != std::string::npos);
  CHECK(refusal_of(body + "X1 a s\n") == "none");
}

TEST_CASE("a value that depends on the running circuit makes sources of R, C and L only") {
  CHECK(refusal_of("V1 a 0 1\nN1 a 0 {1+v(a)}\n.op\n").find("v(a)") != std::string::npos);
  CHECK(refusal_of("V1 a 0 1\nR1 a 0 {1+v(a)}\n.op\n") == "none");
}

TEST_CASE("convert refuses a device that it does not know, whatever its letter") {
  const Circuit circuit = testing::circuit_of(cubic + "R1 a 0 nl\n.op\n", own_devices());
  CHECK_THROWS_WITH_AS(convert::write_deck(circuit, {}, [](std::string_view) {}),
                       doctest::Contains("convert has no counterpart for a cubic resistor"), DeckError);
}
