#include "solver/vector.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "solver/sundials_handles.hpp"
#include "support/approx.hpp"
#include "support/random.hpp"

using namespace memspice;
using memspice::testing::Random;
namespace handles = memspice::sundials;

namespace {

struct Vectors {
  handles::Context context;
  std::size_t size;
  Random random{5};

  explicit Vectors(std::size_t n) : size(n) {}

  handles::Vector zero() {
    handles::Vector v(new_vector(size, context.get()));
    N_VConst(0.0, v.get());
    return v;
  }
  handles::Vector any() {
    handles::Vector v = zero();
    for (double& value : values(v.get())) value = random.uniform(-2, 2);
    return v;
  }
};

std::vector<double> copy(const handles::Vector& v) {
  const auto all = values(v.get());
  return {all.begin(), all.end()};
}

double distance(const handles::Vector& v, const std::vector<double>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    largest = std::max(largest, std::abs(values(v.get())[i] - expected[i]));
  return largest;
}

// Around the width of the vector loops: their remainders are where mistakes hide.
const std::vector<std::size_t> sizes{1, 2, 15, 16, 17, 31, 33, 100};

}  // namespace

TEST_CASE("the weighted norm is the largest weighted magnitude, not a mean") {
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    Vectors make(size);
    for (std::size_t where = 0; where < size; ++where) {
      const auto x = make.zero();
      const auto w = make.any();
      for (double& weight : values(w.get())) weight = std::abs(weight) + 0.1;
      values(x.get())[where] = -3;
      CHECK(N_VWrmsNorm(x.get(), w.get()) == 3 * values(w.get())[where]);
    }
  }
}

TEST_CASE("the weighted norm is not a number when any component is not finite") {
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    Vectors make(size);
    for (const double poison :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
      for (std::size_t where = 0; where < size; ++where) {
        const auto x = make.any();
        const auto w = make.any();
        values(x.get())[where] = poison;
        CHECK(std::isnan(N_VWrmsNorm(x.get(), w.get())));
      }
    }
  }
}

TEST_CASE("linear sums and combinations are exact for every length and every aliasing IDA uses") {
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    Vectors make(size);
    const auto x = make.any();
    const auto y = make.any();
    const auto expect = [&](double a, double b) {
      std::vector<double> sum(size);
      for (std::size_t i = 0; i < size; ++i) sum[i] = a * values(x.get())[i] + b * values(y.get())[i];
      return sum;
    };
    const auto z = make.zero();
    N_VLinearSum(2.5, x.get(), -1, y.get(), z.get());
    CHECK(distance(z, expect(2.5, -1)) < 1e-15);
    N_VScale(1.0, x.get(), z.get());
    N_VLinearSum(0.5, z.get(), 3, y.get(), z.get());
    CHECK(distance(z, expect(0.5, 3)) < 1e-14);

    for (int count = 1; count <= 6; ++count) {
      for (const bool accumulate : {false, true}) {
        std::vector<handles::Vector> owned;
        std::vector<N_Vector> pointers;
        std::vector<double> c;
        for (int i = 0; i < count; ++i) {
          owned.push_back(make.any());
          pointers.push_back(owned.back().get());
          c.push_back(accumulate && i == 0 ? 1.0 : 0.5 + i);
        }
        std::vector<double> expected(size, 0.0);
        for (int i = 0; i < count; ++i) {
          for (std::size_t k = 0; k < size; ++k)
            expected[k] += c[static_cast<std::size_t>(i)] * values(pointers[static_cast<std::size_t>(i)])[k];
        }
        const auto result = make.zero();
        N_Vector target = accumulate ? pointers[0] : result.get();
        REQUIRE(N_VLinearCombination(count, c.data(), pointers.data(), target) == 0);
        CHECK(distance(accumulate ? owned[0] : result, expected) < 1e-13);
      }
    }
  }
}

TEST_CASE("the operations on one or two vectors do what SUNDIALS' own do") {
  for (const std::size_t size : sizes) {
    CAPTURE(size);
    Vectors make(size);
    const auto x = make.any();
    const auto y = make.any();
    const auto z = make.zero();
    const auto expect = [&](auto&& f) {
      std::vector<double> expected(size);
      for (std::size_t i = 0; i < size; ++i) expected[i] = f(values(x.get())[i], values(y.get())[i]);
      return expected;
    };
    N_VProd(x.get(), y.get(), z.get());
    CHECK(distance(z, expect([](double a, double b) { return a * b; })) == 0);
    N_VDiv(x.get(), y.get(), z.get());
    CHECK(distance(z, expect([](double a, double b) { return a / b; })) == 0);
    N_VAbs(x.get(), z.get());
    CHECK(distance(z, expect([](double a, double) { return std::abs(a); })) == 0);
    N_VInv(x.get(), z.get());
    CHECK(distance(z, expect([](double a, double) { return 1 / a; })) == 0);
    N_VAddConst(x.get(), 7, z.get());
    CHECK(distance(z, expect([](double a, double) { return a + 7; })) == 0);
    N_VScale(-2, x.get(), z.get());
    CHECK(distance(z, expect([](double a, double) { return -2 * a; })) == 0);
    double dot = 0;
    double largest = 0;
    double smallest = 1e9;
    for (std::size_t i = 0; i < size; ++i) {
      dot += values(x.get())[i] * values(y.get())[i];
      largest = std::max(largest, std::abs(values(x.get())[i]));
      smallest = std::min(smallest, values(x.get())[i]);
    }
    CHECK(N_VDotProd(x.get(), y.get()) == testing::approx(dot));
    CHECK(N_VMaxNorm(x.get()) == largest);
    CHECK(N_VMin(x.get()) == smallest);
    CHECK(static_cast<std::size_t>(N_VGetLength(x.get())) == size);

    // Several at once, the result in place of an operand.
    std::vector<handles::Vector> owned;
    std::vector<N_Vector> pointers;
    for (int i = 0; i < 3; ++i) {
      owned.push_back(make.any());
      pointers.push_back(owned.back().get());
    }
    std::vector<std::vector<double>> before;
    for (const auto& v : owned) before.push_back(copy(v));
    double a[] = {2, -1, 0.5};
    REQUIRE(N_VScaleAddMulti(3, a, x.get(), pointers.data(), pointers.data()) == 0);
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t i = 0; i < size; ++i) before[j][i] += a[j] * values(x.get())[i];
      CHECK(distance(owned[j], before[j]) < 1e-14);
    }
    REQUIRE(N_VScaleVectorArray(3, a, pointers.data(), pointers.data()) == 0);
    for (std::size_t j = 0; j < 3; ++j) {
      for (double& value : before[j]) value *= a[j];
      CHECK(distance(owned[j], before[j]) < 1e-14);
    }
  }
}

TEST_CASE("a clone has memory of its own") {
  Vectors make(5);
  const auto x = make.any();
  const handles::Vector twin(N_VClone(x.get()));
  N_VConst(1.0, twin.get());
  values(x.get())[0] = 9;
  CHECK(values(twin.get())[0] == 1);
}
