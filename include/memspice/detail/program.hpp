#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memspice {

/// A quantity of the running circuit that an expression reads.
struct Probe {
  enum class Kind : std::uint8_t {
    voltage,     // of node `plus` against node `minus`, V
    element,     // `accessor` of an element: i, p, w, r, …, in the accessor's unit
    time,        // s; 0 at the operating point
    frequency,   // Hz; 0 outside of .ac and .noise
    integral,    // Circuit::auxiliaries[auxiliary] over time
    derivative,  // Circuit::auxiliaries[auxiliary] by time, 1/s
  };
  Kind kind = Kind::voltage;
  std::uint32_t plus = 0;  // nodes
  std::uint32_t minus = 0;
  std::uint32_t element = 0;  // in Circuit::element_names
  std::string accessor = {};
  std::uint32_t auxiliary = 0;

  friend bool operator==(const Probe&, const Probe&) = default;
};

/// An expression of the running circuit, compiled once: parameters are numbers, functions are expanded, what
/// is constant is folded. Straight-line code over registers, one an instruction; a condition computes both
/// of its sides and selects one. Its gradient is exact, by one sweep backwards over the same code.
///
/// Newton's method goes astray before it converges: beyond the ends of its domain a function goes on (a
/// square root is 0 for negative numbers, a logarithm stays at that of 1e-300, an exponential is a straight
/// line from 1e99 on, a divisor is at least 1e-32), and a slope that would be infinite is large instead.
/// Nothing that is not a number comes of numbers, nor leaks from the side that a condition leaves aside.
///
/// Conditions (comparisons, u, sgn, floor, …: all that jumps) are the program's events. While the circuit is
/// integrated they are held at the mode they had when the smooth segment began, so that what the integrator
/// sees is smooth; the integrator's driver watches event values for a change of sign.
class Program {
 public:
  enum class Operation : std::uint8_t {
    constant,
    input,
    // one operand
    negate,
    absolute,
    sine,
    cosine,
    tangent,
    arc_sine,
    arc_cosine,
    arc_tangent,
    hyperbolic_sine,
    hyperbolic_cosine,
    hyperbolic_tangent,
    area_sine,
    area_cosine,
    area_tangent,
    exponential,
    logarithm,
    decimal_logarithm,
    square_root,
    ramp,
    // two operands
    add,
    subtract,
    multiply,
    divide,
    power,           // real; 0 for a negative number to the power of one that is not whole
    absolute_power,  // |a|^b
    signed_power,    // sgn(a) |a|^b
    minimum,
    maximum,
    hypotenuse,
    arc_tangent_2,
    table,   // piecewise linear of operand a through tables[b]; constant outside
    step,    // event: 1 where a > 0, otherwise 0
    round,   // a to a whole number, down (b = 0), up (1), towards 0 (2), nearest (3): jumps, derivative 0
    random,  // LTspice's rand() of operand a, which only jumps: derivative 0
    select,  // three operands: a != 0 ? b : c
  };
  struct Instruction {
    Operation operation = Operation::constant;
    std::uint32_t a = 0;  // earlier instructions; input: number of the input; table: b is the table
    std::uint32_t b = 0;
    std::uint32_t c = 0;
    double constant = 0;
  };
  using Table = std::vector<std::pair<double, double>>;  // arguments ascending
  /// Scratch of an evaluation, to be reused: no allocation once it has been used with the program.
  struct Workspace {
    std::vector<double> value;
    std::vector<double> adjoint;
  };
  static constexpr std::uint32_t none = 0xffffffffu;

  // Building: every call returns the instruction's number; equal inputs and constant operands are folded.
  std::uint32_t constant(double value);
  std::uint32_t input(const Probe& probe);
  std::uint32_t apply(Operation operation, std::uint32_t a, std::uint32_t b = 0, std::uint32_t c = 0);
  std::uint32_t table(std::uint32_t argument, Table points);
  /// The value of another program, which has been finished. An instruction of `inputs` (where there is one
  /// and it is not `none`) takes the place of an input of it.
  std::uint32_t append(const Program& other, std::span<const std::uint32_t> inputs = {});
  /// Makes this instruction the value. Removes what it does not need.
  void finish(std::uint32_t result);

  [[nodiscard]] std::span<const Probe> inputs() const { return inputs_; }
  [[nodiscard]] std::span<Probe> inputs() { return inputs_; }  // to resolve what a deck names later
  [[nodiscard]] bool is_constant() const { return inputs_.empty(); }
  /// The instructions of a finished program, the last one its value, and what its `table` refers to.
  [[nodiscard]] std::span<const Instruction> code() const { return code_; }
  [[nodiscard]] std::span<const Table> tables() const { return tables_; }
  /// Number of `step` and `round` instructions.
  [[nodiscard]] std::size_t events() const { return events_; }

  /// The value for one number an input. `modes` holds the result of each event; empty: decided by the inputs.
  double value(std::span<const double> x, std::span<const double> modes, Workspace& work) const;
  /// The same; the derivative by each input into `gradient`.
  double gradient(std::span<const double> x, std::span<const double> modes, std::span<double> gradient,
                  Workspace& work) const;
  /// What each event depends on (`argument`) and what it yields there (`mode`), conditions before it held at
  /// `modes` (or decided by the inputs when empty). A step changes where its argument changes sign, a round
  /// where its argument passes a whole number (a half for the nearest).
  void events(std::span<const double> x, std::span<const double> modes, std::span<double> argument,
              std::span<double> mode, Workspace& work) const;
  /// The modes at x, where x is known to `tolerance` only: an event keeps its held mode, given in `mode`, as
  /// long as that holds somewhere within what the tolerances make of its argument. Without this a quantity
  /// that rests at its threshold would change the mode with every rounding.
  void settled_modes(std::span<const double> x, std::span<const double> tolerance, std::span<double> mode,
                     Workspace& work) const;

 private:
  std::uint32_t add(const Instruction& instruction);
  std::uint32_t simplify(Operation operation, std::uint32_t a, std::uint32_t b);
  [[nodiscard]] bool is_constant(std::uint32_t instruction) const {
    return code_[instruction].operation == Operation::constant;
  }
  void grow_slots();
  void run(std::span<const double> x, std::span<const double> modes, double* value) const;
  /// The value of one instruction that is neither an input nor an event.
  double compute(const Instruction& instruction, const double* value) const;

  std::vector<Instruction> code_;
  std::vector<Probe> inputs_;
  std::vector<Table> tables_;
  std::size_t events_ = 0;
  std::vector<std::uint32_t> slots_;  // while building: open addressing by an instruction's hash
};

}  // namespace memspice
