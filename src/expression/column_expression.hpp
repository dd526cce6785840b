#pragma once

#include <complex>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "expression/output_functions.hpp"
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
  struct Part;
  /// What is real is one program, as in the running circuit, between the complex vectors and their functions.
  struct Step {
    enum class Kind : std::uint8_t { vector, program, complex_call };
    struct Input {
      bool of_step = false;  // an earlier step's value, or else a vector's
      std::size_t index = 0;
    };
    Kind kind = Kind::vector;
    bool complex = false;   // its value
    std::size_t place = 0;  // of a vector in the row
    Program program;
    std::vector<Input> inputs;  // of the program
    ComplexForm form = nullptr;
    std::vector<std::uint32_t> operands;  // steps
  };

  std::uint32_t add_step(const VectorExpression& expression, const SourceFiles& sources,
                         std::vector<Part>& parts, std::uint32_t node);
  void build_program(Step& step, const VectorExpression& expression, const SourceFiles& sources,
                     const std::vector<Part>& parts, std::uint32_t root) const;
  [[nodiscard]] double real(std::span<const double> row, std::size_t place) const {
    return row[complex_rows_ ? 2 * place : place];
  }

  std::vector<Step> steps_;
  bool complex_rows_ = false;
  std::vector<Complex> values_;  // of the steps
  std::vector<double> reals_;    // a program's inputs
  std::vector<Complex> complexes_;
  Program::Workspace work_;
};

}  // namespace memspice
