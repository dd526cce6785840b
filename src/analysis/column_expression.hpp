#pragma once

#include <complex>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "circuit/output_functions.hpp"
#include "memspice/circuit.hpp"

namespace memspice {

/// A VectorExpression bound to the places of its vectors in a row.
class ColumnExpression {
 public:
  using Complex = std::complex<double>;
  struct Place {
    std::size_t index = 0;
    bool complex = false;
  };
  struct Binding {
    bool complex_rows = false;  // two numbers a value
    std::function<Place(const VectorExpression::Node&)> vector;
    std::function<double(const VectorExpression::Node&)> measure;
    /// Nothing, or no function: the parameter is the same in every row.
    std::function<std::optional<Place>(const VectorExpression::Node&)> parameter = {};
  };

  /// Throws DeckError for a function that has no meaning for the complex values it gets.
  ColumnExpression(const VectorExpression& expression, const SourceFiles& sources, const Binding& binding);

  /// Whether values have an imaginary part.
  [[nodiscard]] bool complex() const { return steps_.back().complex; }
  [[nodiscard]] Complex value(std::span<const double> row);

 private:
  struct Step {
    enum class Kind : std::uint8_t { number, vector, real_call, complex_call };
    Kind kind = Kind::number;
    bool complex = false;  // its value
    double number = 0;
    std::size_t place = 0;
    Program program;  // real call: as in the running circuit, of the operands that are no numbers
    ComplexForm form = nullptr;
    std::vector<std::uint32_t> operands;
  };
  [[nodiscard]] Step call(const VectorExpression::Node& node, const SourceFiles& sources) const;
  void bind_real(Step& step, const OutputFunction& function, const VectorExpression::Node& node,
                 const SourceFiles& sources) const;
  std::vector<Step> steps_;
  bool complex_rows_ = false;
  std::vector<Complex> values_;  // of the steps
  std::vector<double> reals_;    // of a step's operands
  Program::Workspace work_;
  std::vector<Complex> complexes_;
};

}  // namespace memspice
