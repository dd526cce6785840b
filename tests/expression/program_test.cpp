#include "memspice/detail/program.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>

#include "support/approx.hpp"

using namespace memspice;

namespace {

using Operation = Program::Operation;

constexpr int arguments = 4;

Probe node(std::uint32_t number) {
  return {.kind = Probe::Kind::voltage, .plus = number};
}

struct Case {
  const char* name;
  Operation operation;
  double (*expected)(double, double);
  double least, most;              // of the first operand
  double least_b = 0, most_b = 0;  // of the second; equal: the operation has one
};

const Case cases[] = {
    {"negate", Operation::negate, [](double a, double) { return -a; }, -3, 3},
    {"absolute", Operation::absolute, [](double a, double) { return std::abs(a); }, -3, 3},
    {"sine", Operation::sine, [](double a, double) { return std::sin(a); }, -9, 9},
    {"cosine", Operation::cosine, [](double a, double) { return std::cos(a); }, -9, 9},
    {"tangent", Operation::tangent, [](double a, double) { return std::tan(a); }, -1.4, 1.4},
    {"arc_sine", Operation::arc_sine, [](double a, double) { return std::asin(a); }, -0.95, 0.95},
    {"arc_cosine", Operation::arc_cosine, [](double a, double) { return std::acos(a); }, -0.95, 0.95},
    {"arc_tangent", Operation::arc_tangent, [](double a, double) { return std::atan(a); }, -9, 9},
    {"hyperbolic_sine", Operation::hyperbolic_sine, [](double a, double) { return std::sinh(a); }, -9, 9},
    {"hyperbolic_cosine", Operation::hyperbolic_cosine, [](double a, double) { return std::cosh(a); }, -9, 9},
    {"hyperbolic_tangent", Operation::hyperbolic_tangent, [](double a, double) { return std::tanh(a); }, -3,
     3},
    {"area_sine", Operation::area_sine, [](double a, double) { return std::asinh(a); }, -9, 9},
    {"area_cosine", Operation::area_cosine, [](double a, double) { return std::acosh(a); }, 1.1, 9},
    {"area_tangent", Operation::area_tangent, [](double a, double) { return std::atanh(a); }, -0.95, 0.95},
    {"exponential", Operation::exponential, [](double a, double) { return std::exp(a); }, -9, 9},
    {"logarithm", Operation::logarithm, [](double a, double) { return std::log(a); }, 0.1, 9},
    {"decimal_logarithm", Operation::decimal_logarithm, [](double a, double) { return std::log10(a); }, 0.1,
     9},
    {"square_root", Operation::square_root, [](double a, double) { return std::sqrt(a); }, 0.1, 9},
    {"ramp", Operation::ramp, [](double a, double) { return a > 0 ? a : 0; }, -3, 3},
    {"add", Operation::add, [](double a, double b) { return a + b; }, -3, 3, -3, 3},
    {"subtract", Operation::subtract, [](double a, double b) { return a - b; }, -3, 3, -3, 3},
    {"multiply", Operation::multiply, [](double a, double b) { return a * b; }, -3, 3, -3, 3},
    {"divide", Operation::divide, [](double a, double b) { return a / b; }, -3, 3, 0.2, 3},
    {"divide by less", Operation::divide, [](double a, double b) { return a / b; }, -3, 3, -3, -0.2},
    {"power", Operation::power, [](double a, double b) { return std::pow(a, b); }, 0.1, 3, -3, 3},
    {"absolute_power", Operation::absolute_power, [](double a, double b) { return std::pow(std::abs(a), b); },
     0.1, 3, -3, 3},
    {"absolute_power of less", Operation::absolute_power,
     [](double a, double b) { return std::pow(std::abs(a), b); }, -3, -0.1, -3, 3},
    {"signed_power", Operation::signed_power,
     [](double a, double b) { return a < 0 ? -std::pow(-a, b) : std::pow(a, b); }, 0.1, 3, -3, 3},
    {"signed_power of less", Operation::signed_power,
     [](double a, double b) { return a < 0 ? -std::pow(-a, b) : std::pow(a, b); }, -3, -0.1, -3, 3},
    {"minimum", Operation::minimum, [](double a, double b) { return a < b ? a : b; }, -3, 3, -3, 3},
    {"maximum", Operation::maximum, [](double a, double b) { return a > b ? a : b; }, -3, 3, -3, 3},
    {"hypotenuse", Operation::hypotenuse, [](double a, double b) { return std::hypot(a, b); }, -3, 3, -3, 3},
    {"arc_tangent_2", Operation::arc_tangent_2, [](double a, double b) { return std::atan2(a, b); }, -3, 3,
     0.1, 3},
    {"arc_tangent_2 behind", Operation::arc_tangent_2, [](double a, double b) { return std::atan2(a, b); },
     0.1, 3, -3, 3},
};

// f(a, b) of the inputs 0 and 1.
Program program_of(Operation operation) {
  Program program;
  const std::uint32_t a = program.input(node(1)), b = program.input(node(2));
  // The sum keeps both inputs alive; it is taken off again.
  program.finish(program.apply(
      Operation::add, program.apply(operation, a, b),
      program.apply(Operation::multiply, program.constant(2), program.apply(Operation::add, a, b))));
  return program;
}

double value(const Program& program, std::vector<double> x, const std::vector<double>& modes = {}) {
  Program::Workspace work;
  return program.value(x, modes, work);
}

std::vector<double> gradient(const Program& program, const std::vector<double>& x,
                             const std::vector<double>& modes = {}) {
  Program::Workspace work;
  std::vector<double> result(program.inputs().size());
  program.gradient(x, modes, result, work);
  return result;
}

// The value and the slopes of one operation at a place where its kin go astray.
struct At {
  double value;
  std::vector<double> slope;
};
At at(Operation operation, double a, double b = 0) {
  Program program;
  const std::uint32_t x = program.input(node(1)), y = program.input(node(2));
  const std::uint32_t both =
      program.apply(Operation::add, x, program.apply(Operation::multiply, y, program.constant(0x1p-1022)));
  const bool unary = operation <= Operation::ramp;
  program.finish(unary ? program.apply(operation, both) : program.apply(operation, x, y));
  return {value(program, {a, b}), gradient(program, {a, b})};
}

}  // namespace

TEST_CASE("every operation has its value, and the slopes that central differences find") {
  std::mt19937 random(1);
  for (const Case& c : cases) {
    const Program program = program_of(c.operation);
    REQUIRE(program.inputs().size() == 2);
    for (int i = 0; i < 200; ++i) {
      const auto draw = [&](double from, double to) {
        return from + (to - from) * std::generate_canonical<double, 53>(random);
      };
      const double a = draw(c.least, c.most), b = draw(c.least_b, c.most_b);
      const bool kink = (c.operation == Operation::minimum || c.operation == Operation::maximum)
                            ? std::abs(a - b) < 1e-3
                            : std::abs(a) < 1e-3;
      if (kink) continue;
      CAPTURE(c.name);
      CAPTURE(a);
      CAPTURE(b);
      const double expected = c.expected(a, b);
      CHECK(value(program, {a, b}) - 2 * (a + b) == testing::approx(expected).epsilon(1e-12).scale(1));
      const double h = 1e-5;
      const std::vector<double> slopes = gradient(program, {a, b});
      const double by_a = (c.expected(a + h, b) - c.expected(a - h, b)) / (2 * h);
      CHECK(slopes[0] - 2 == testing::approx(by_a).epsilon(1e-6).scale(1));
      if (c.least_b == c.most_b) continue;
      const double by_b = (c.expected(a, b + h) - c.expected(a, b - h)) / (2 * h);
      CHECK(slopes[1] - 2 == testing::approx(by_b).epsilon(1e-6).scale(1));
    }
  }
}

TEST_CASE("values and slopes stay finite at the edges of every domain and beyond") {
  for (int o = static_cast<int>(Operation::negate); o <= static_cast<int>(Operation::arc_tangent_2); ++o)
    for (const double a : {0.0, -0.0, 1.0, -1.0, 1e-320, -1e-320, 2.0, -2.5, 1e-40, -1e-40, 1000.0, -1000.0})
      for (const double b : {0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 3.0, 1e-320, 1e-40}) {
        CAPTURE(o);
        CAPTURE(a);
        CAPTURE(b);
        const At here = at(static_cast<Operation>(o), a, b);
        CHECK(std::isfinite(here.value));
        for (const double slope : here.slope) CHECK(std::isfinite(slope));
      }
}

TEST_CASE("functions go on beyond their domains as documented") {
  CHECK(at(Operation::square_root, -4).value == 0);
  CHECK(at(Operation::square_root, -4).slope[0] == 0);
  CHECK(at(Operation::logarithm, -1).value == testing::approx(std::log(1e-300)));
  CHECK(at(Operation::divide, 1, 0).value == testing::approx(1e32));
  CHECK(at(Operation::divide, 0, 0).value == 0);
  CHECK(at(Operation::exponential, 300).value == testing::approx(1e99 * (1 + 300 - 227.9559242064105)));
  CHECK(at(Operation::exponential, 300).slope[0] == testing::approx(1e99));
  CHECK(at(Operation::power, -2, 3).value == -8);
  CHECK(at(Operation::power, -2, 2).value == 4);
  CHECK(at(Operation::power, -2, 3).slope[0] == testing::approx(12));
  CHECK(at(Operation::power, -2, 0.5).value == 0);
  CHECK(at(Operation::power, 0, 2).slope[0] == 0);
  CHECK(at(Operation::power, 0, 0).value == 1);
  CHECK(at(Operation::absolute_power, -2, 3).value == 8);
  CHECK(at(Operation::absolute_power, -2, 3).slope[0] == -12);
  CHECK(at(Operation::signed_power, -2, 2).value == -4);
  CHECK(at(Operation::signed_power, -2, 2).slope[0] == 4);
  CHECK(at(Operation::hypotenuse, 0, 0).slope == std::vector<double>{0, 0});
}

TEST_CASE("the side that a condition leaves aside leaks nothing") {
  Program program;
  const std::uint32_t x = program.input(node(1));
  const std::uint32_t huge = program.constant(1e300);
  const std::uint32_t infinite =
      program.apply(Operation::multiply, program.apply(Operation::multiply, huge, x), huge);
  const std::uint32_t bad = program.apply(Operation::subtract, infinite, infinite);
  program.finish(program.apply(Operation::select, program.apply(Operation::step, x), x, bad));
  CHECK(value(program, {2}) == 2);
  CHECK(gradient(program, {2}) == std::vector<double>{1});
}

TEST_CASE("constants are folded and equal parts are computed once") {
  Program program;
  const std::uint32_t x = program.input(node(1));
  CHECK(program.input(node(1)) == x);
  CHECK(program.constant(2) == program.constant(2));
  CHECK(program.apply(Operation::add, program.constant(1), program.constant(2)) == program.constant(3));
  const std::uint32_t y = program.input(node(2));
  CHECK(program.apply(Operation::add, x, y) == program.apply(Operation::add, y, x));
  CHECK(program.apply(Operation::subtract, x, y) != program.apply(Operation::subtract, y, x));
  CHECK(program.apply(Operation::add, x, program.constant(0)) == x);
  CHECK(program.apply(Operation::multiply, program.constant(1), x) == x);
  CHECK(program.apply(Operation::multiply, x, program.constant(0)) == program.constant(0));
  CHECK(program.apply(Operation::absolute_power, x, program.constant(2)) ==
        program.apply(Operation::multiply, x, x));
  CHECK(program.apply(Operation::select, program.constant(1), x, y) == x);
  CHECK(program.apply(Operation::step, program.constant(0)) == program.constant(0));
  CHECK(program.apply(Operation::round, program.constant(2.5), 3) == program.constant(2));
  CHECK(program.table(program.constant(0.5), {{0, 0}, {1, 10}}) == program.constant(5));
  program.finish(program.apply(Operation::sine, y));
  REQUIRE(program.inputs().size() == 1);
  CHECK(program.inputs()[0] == node(2));
  CHECK(value(program, {1}) == std::sin(1));
}

TEST_CASE("a program of constants has no inputs") {
  Program program;
  program.input(node(1));
  program.finish(program.constant(7));
  CHECK(program.is_constant());
  CHECK(value(program, {}) == 7);
  CHECK(gradient(program, {}).empty());
}

TEST_CASE("a table is straight between its points and constant outside") {
  Program program;
  program.finish(program.table(program.input(node(1)), {{0, 1}, {1, 3}, {3, -1}}));
  CHECK(value(program, {-1}) == 1);
  CHECK(value(program, {0.5}) == 2);
  CHECK(value(program, {2}) == 1);
  CHECK(value(program, {9}) == -1);
  CHECK(gradient(program, {-1})[0] == 0);
  CHECK(gradient(program, {0.5})[0] == 2);
  CHECK(gradient(program, {2})[0] == -2);
  CHECK(gradient(program, {9})[0] == 0);
}

TEST_CASE("events tell where they change, and modes hold them") {
  Program program;
  const std::uint32_t x = program.input(node(1)), y = program.input(node(2));
  const std::uint32_t above = program.apply(Operation::step, program.apply(Operation::subtract, x, y));
  const std::uint32_t whole = program.apply(Operation::round, y, 0);
  program.finish(program.apply(Operation::select, above, program.apply(Operation::add, x, whole), y));
  REQUIRE(program.events() == 2);
  Program::Workspace work;
  std::vector<double> argument(2), mode(2);
  program.events(std::vector<double>{3, 1.5}, {}, argument, mode, work);
  CHECK(argument == std::vector<double>{1.5, 1.5});
  CHECK(mode == std::vector<double>{1, 1});
  CHECK(value(program, {3, 1.5}) == 4);
  // Held: the inputs have moved on, the modes have not.
  CHECK(value(program, {1, 2.5}, {1, 1}) == 2);
  CHECK(gradient(program, {1, 2.5}, {1, 1}) == std::vector<double>{1, 0});
  CHECK(gradient(program, {1, 2.5}) == std::vector<double>{0, 1});
  program.events(std::vector<double>{1, 2.5}, std::vector<double>{1, 1}, argument, mode, work);
  CHECK(argument == std::vector<double>{-1.5, 2.5});
  CHECK(mode == std::vector<double>{0, 2});
}

TEST_CASE("an event keeps its mode within the tolerance of what it depends on") {
  Program program;
  const std::uint32_t x = program.input(node(1)), y = program.input(node(2));
  const std::uint32_t ten = program.apply(Operation::multiply, program.constant(10), x);
  const std::uint32_t above = program.apply(Operation::step, program.apply(Operation::subtract, ten, y));
  const std::uint32_t whole = program.apply(Operation::round, ten, 0);
  program.finish(program.apply(Operation::add, above, whole));
  REQUIRE(program.events() == 2);
  Program::Workspace work;
  const auto settled = [&](double x_value, std::vector<double> held,
                           std::vector<double> tolerance = {0.01, 0}) {
    program.settled_modes(std::vector<double>{x_value, 2}, tolerance, held, work);
    return held;
  };
  // Ten times 0.01 on either side of 2.
  CHECK(settled(0.205, {0, 1}) == std::vector<double>{0, 1});
  CHECK(settled(0.205, {1, 2}) == std::vector<double>{1, 2});
  CHECK(settled(0.195, {1, 2}) == std::vector<double>{1, 2});
  CHECK(settled(0.215, {0, 1}) == std::vector<double>{1, 2});
  CHECK(settled(0.185, {1, 2}) == std::vector<double>{0, 1});
  CHECK(settled(0.205, {0, 7}) == std::vector<double>{0, 2});
  CHECK(settled(0.2, {1, 1}, {0, 0}) == std::vector<double>{0, 2});
  CHECK(settled(0.2 + 1e-12, {0, 1}, {0, 0}) == std::vector<double>{1, 2});
}

TEST_CASE("rounding goes down, up, towards zero or to the nearest") {
  const auto rounded = [](std::uint32_t how, double x) {
    Program program;
    program.finish(program.apply(Operation::round, program.input(node(1)), how));
    return value(program, {x});
  };
  CHECK(rounded(0, -1.5) == -2);
  CHECK(rounded(1, -1.5) == -1);
  CHECK(rounded(2, -1.5) == -1);
  CHECK(rounded(3, 2.5) == 2);
  CHECK(rounded(3, 3.5) == 4);
}

TEST_CASE("a workspace serves programs of all sizes and does not grow once it fits") {
  Program large, small;
  std::uint32_t sum = large.input(node(1));
  for (int i = 0; i < 1000; ++i) sum = large.apply(Operation::sine, sum);
  large.finish(sum);
  small.finish(small.apply(Operation::negate, small.input(node(1))));
  Program::Workspace work;
  const std::vector<double> x{0.5};
  std::vector<double> slope(1);
  large.gradient(x, {}, slope, work);
  const double* const value_at = work.value.data();
  const double* const adjoint_at = work.adjoint.data();
  CHECK(small.gradient(x, {}, slope, work) == -0.5);
  CHECK(slope[0] == -1);
  large.gradient(x, {}, slope, work);
  CHECK(work.value.data() == value_at);
  CHECK(work.adjoint.data() == adjoint_at);
}

TEST_CASE("a random program's gradient is that of central differences") {
  std::mt19937 random(7);
  const Operation smooth[] = {Operation::add,         Operation::subtract, Operation::multiply,
                              Operation::sine,        Operation::cosine,   Operation::arc_tangent,
                              Operation::arc_tangent, Operation::area_sine};
  for (int trial = 0; trial < 50; ++trial) {
    Program program;
    std::vector<std::uint32_t> parts;
    for (std::uint32_t i = 0; i < arguments; ++i) parts.push_back(program.input(node(i)));
    for (int i = 0; i < 40; ++i) {
      const auto pick = [&] { return parts[random() % parts.size()]; };
      const std::uint32_t a = pick(), b = pick();
      parts.push_back(program.apply(smooth[random() % std::size(smooth)], a, b));
    }
    program.finish(program.apply(Operation::hyperbolic_tangent, parts.back()));
    std::vector<double> x(program.inputs().size());
    for (double& value_of : x) value_of = std::generate_canonical<double, 53>(random);
    const std::vector<double> exact = gradient(program, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double h = 1e-6;
      std::vector<double> up = x, down = x;
      up[i] += h;
      down[i] -= h;
      CHECK(exact[i] ==
            testing::approx((value(program, up) - value(program, down)) / (2 * h)).epsilon(1e-5).scale(1));
    }
  }
}
