#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/messages.hpp"
#include "expression/environment.hpp"
#include "expression/functions.hpp"
#include "memspice/circuit.hpp"
#include "random/random_stream.hpp"

namespace memspice {

inline constexpr const char* power_warning = "'^' is a power here; LTspice and Xyce take it for exclusive or";

/// Warns of `(a > b) ^ (c > d)`, which is an exclusive or elsewhere.
void warn_of_exclusive_or(const Expression& expression, const Expression::Node& power, Messages& messages);

/// Throws Problem when a function called at `at` does not take that many arguments; `most` < 0: any number.
void check_argument_count(std::string_view at, std::size_t given, int least, int most);

/// Gives expressions their values. Members throw Problem.
class Evaluator {
 public:
  /// The seed is read when an expression first asks for a random number.
  Evaluator(const Options& options, Messages& messages) : options_(options), messages_(messages) {}

  double value(const Expression& expression, Environment& environment);
  /// What a name without arguments is worth: a parameter, a constant, the temperature.
  std::optional<double> named_value(const std::string& name, Environment& environment);
  /// A function of the table with numbers for all its arguments; random ones are drawn.
  double call(const Function& function, const Expression::Node& node, std::span<const double> arguments);
  /// Whether a call with this number of arguments is drawn.
  static bool draws(const Function& function, std::size_t arguments);
  /// Refuses a name that has no value.
  [[noreturn]] static void fail_unknown(const Expression::Node& node, const Environment& environment);
  /// Every run of the same seed has random numbers of its own. Nothing: the seed of the options.
  void seed(std::optional<std::uint64_t> seed, std::uint64_t run);
  /// A seed that follows from that one, the run and a name.
  [[nodiscard]] std::uint64_t seed_for(std::string_view name) const;
  /// One part of an expression, evaluated here or put into a program: counts it. Throws DeckError when the
  /// budget of all expressions is used up.
  void work(std::string_view at) {
    if (++work_ > options_.budgets.limit(Resource::expressions)) refuse_more_work(at);
  }

 private:
  struct Frame {  // a function's arguments
    const FunctionDefinition* function = nullptr;
    std::vector<double> values;
    const Frame* caller = nullptr;
  };
  double evaluate(const Expression& expression, std::uint32_t node, Environment& environment,
                  const Frame* frame);
  double variable(const Expression::Node& node, Environment& environment, const Frame* frame);
  double call(const Expression& expression, const Expression::Node& node, Environment& environment,
              const Frame* frame);
  double call_defined(const FunctionDefinition& function, std::vector<double> arguments,
                      const Expression::Node& node, Environment& environment, const Frame* frame);
  [[noreturn]] void refuse_more_work(std::string_view at);
  void warn_of_power(const Expression& expression, const Expression::Node& node, double base, double exponent,
                     double result);

  int depth_ = 0;
  std::size_t steps_ = 0;  // evaluations for one value
  double work_ = 0;        // of all expressions
  const Options& options_;
  Messages& messages_;
  std::optional<std::uint64_t> seed_;
  std::uint64_t run_ = 0;
  std::optional<RandomStream> random_;
};

}  // namespace memspice
