#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expression/functions.hpp"
#include "netlist/elaboration/scope.hpp"
#include "random/random_stream.hpp"

namespace memspice {

/// The function of the deck that a name means in this scope; nullptr: none.
const FunctionDefinition* find_deck_function(std::string_view name, const Scope& scope);
/// Throws Problem when a function called at `at` does not take that many arguments; `most` < 0: any number.
inline constexpr const char* power_warning = "'^' is a power here; LTspice and Xyce take it for exclusive or";

/// Warns of `(a > b) ^ (c > d)`, which is an exclusive or elsewhere.
void warn_of_exclusive_or(const Expression& expression, const Expression::Node& power, Messages& messages);

void check_argument_count(std::string_view at, std::size_t given, int least, int most);

/// Gives expressions their values. Parameters are evaluated when first asked for, so that their order is
/// free. Members throw Problem.
class Evaluator {
 public:
  /// The temperature and the seed are read when an expression first asks for them.
  Evaluator(const Options& options, Messages& messages) : options_(options), messages_(messages) {}

  double value(const Expression& expression, Scope& scope);
  /// A parameter of this very scope.
  double parameter(Scope& scope, std::uint32_t number);
  /// What a name without arguments is worth: a parameter, a constant, the temperature.
  std::optional<double> named_value(const std::string& name, Scope& scope);
  /// A function of the table with numbers for all its arguments; random ones are drawn.
  double call(const Function& function, const Expression::Node& node, std::span<const double> arguments);
  /// Whether a call with so many arguments is drawn.
  static bool draws(const Function& function, std::size_t arguments);
  /// Refuses a name that has no value.
  [[noreturn]] static void fail_unknown(const Expression::Node& node, const Scope& scope);
  /// Every run of the same seed has random numbers of its own. Nothing: the seed of the options.
  void seed(std::optional<std::uint64_t> seed, std::uint64_t run);
  /// A seed that follows from that one, the run and a name.
  [[nodiscard]] std::uint64_t seed_for(std::string_view name) const;

 private:
  struct Frame {  // a function's arguments
    const FunctionDefinition* function = nullptr;
    std::vector<double> values;
    const Frame* caller = nullptr;
  };
  double evaluate(const Expression& expression, std::uint32_t node, Scope& scope, const Frame* frame);
  double variable(const Expression::Node& node, Scope& scope, const Frame* frame);
  double call(const Expression& expression, const Expression::Node& node, Scope& scope, const Frame* frame);
  double call_defined(const FunctionDefinition& function, std::vector<double> arguments,
                      const Expression::Node& node, Scope& scope, const Frame* frame);
  [[noreturn]] void fail_cycle(const Scope& scope, std::uint32_t number) const;
  void warn_of_power(const Expression& expression, const Expression::Node& node, double base, double exponent,
                     double result);

  struct Active {
    const Scope* scope;
    std::uint32_t number;
  };
  std::vector<Active> active_;  // parameters being evaluated
  std::map<std::pair<const Scope*, std::uint32_t>, Problem> failures_;
  int depth_ = 0;
  std::size_t steps_ = 0;  // evaluations for one value
  const Options& options_;
  Messages& messages_;
  std::optional<std::uint64_t> seed_;
  std::uint64_t run_ = 0;
  std::optional<RandomStream> random_;
};

}  // namespace memspice
