#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "equations/rows/entry_sink.hpp"
#include "equations/rows/modes.hpp"

namespace memspice {

/// Where an input of an expression comes from.
struct Reading {
  enum class Kind : std::uint8_t { difference, unknown, derivative, time, frequency, source_current };
  Kind kind = Kind::difference;
  std::uint32_t index = 0;  // unknown, derivative: number of the auxiliary row, once attached index in y;
                            // source_current: of the source
  Ends ends = {};           // difference

  [[nodiscard]] double value(const AuxiliaryPoint& at) const;
};

/// The programs of a circuit (Circuit::programs) as the equations read them: values, slopes, conditions.
class Expressions final : public Modes {
 public:
  explicit Expressions(const Circuit& circuit) : circuit_(circuit) {}
  /// Finds the source of every input: `find(probe)`.
  void connect(const std::function<Reading(const Probe&)>& find);
  /// The first auxiliary unknown is y[first].
  void attach(const PotentialForest& forest, std::uint32_t first);

  [[nodiscard]] const std::vector<Reading>& readings(std::uint32_t program) const {
    return compiled_[program].readings;
  }
  [[nodiscard]] std::size_t count() const { return compiled_.size(); }
  [[nodiscard]] double value(std::uint32_t program, const AuxiliaryPoint& at);
  /// Slopes by the inputs.
  const std::vector<double>& gradient(std::uint32_t program, const AuxiliaryPoint& at);
  /// Those of the last evaluation.
  [[nodiscard]] const std::vector<double>& last_gradient(std::uint32_t program) const {
    return compiled_[program].gradient;
  }
  /// Adds scale × the slopes to an equation, and with the other sign to `opposite` where there is one.
  void entries(std::uint32_t program, std::uint32_t row, double scale, const AuxiliaryPoint& at,
               EntrySink& emit, std::uint32_t opposite = no_row);
  /// Adds weight × Σ ∂²P/∂uᵢ∂uⱼ directionⱼ to gradientᵢ: differences on the smooth piece at the point.
  template <class Number>
  void second_derivatives(std::uint32_t program, const AuxiliaryPoint& at, Number weight,
                          std::span<const Number> direction, std::vector<Number>& gradient);
  /// By how much the inputs may be wrong, absolutely, as the tolerances of the run have it.
  [[nodiscard]] const std::vector<double>& tolerances(std::uint32_t program) const {
    return compiled_[program].tolerance;
  }

  /// While frozen, conditions keep their modes; otherwise the point decides.
  void freeze(bool frozen) { frozen_ = frozen; }
  /// While so, programs count as 0 where they have no value or no slope (0/0, log(0)).
  void leave_out_undefined(bool leave_out) { leave_out_undefined_ = leave_out; }
  /// Whether all programs have values and slopes at the point.
  [[nodiscard]] bool is_defined(const AuxiliaryPoint& at);
  [[nodiscard]] bool reads_time() const { return reads_time_; }

  [[nodiscard]] bool has_events() const override;
  void event_arguments(const AuxiliaryPoint& at, std::vector<double>& arguments) override;
  [[nodiscard]] bool changed(const AuxiliaryPoint& at) override;
  bool decide(const AuxiliaryPoint& at) override;
  void adopt(const Modes& other) override;
  void exchange(Archive& archive) override;

 private:
  struct Compiled {
    const Program* program = nullptr;
    std::vector<Reading> readings;
    std::vector<double> x, tolerance, gradient, modes, argument, decided;
    Program::Workspace work;
    void read_inputs(const AuxiliaryPoint& at);
  };
  [[nodiscard]] std::span<const double> modes(const Compiled& compiled) const;
  /// Value and slopes of a program; whether it has them: finite ones, and no pole.
  bool evaluate(Compiled& compiled, const AuxiliaryPoint& at, double& value) const;
  void find_modes(Compiled& compiled, const AuxiliaryPoint& at) const;

  const Circuit& circuit_;
  std::vector<Compiled> compiled_;
  bool frozen_ = false;
  bool leave_out_undefined_ = false;
  bool decided_ = false;  // modes hold what a point decided
  bool reads_time_ = false;
};

}  // namespace memspice
