#include "solver/vector.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <type_traits>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(MEMSPICE_SANITIZE)
// One binary for every x86-64: the loader picks the widest version the processor has. (Sanitizers cannot run
// the resolvers that early.)
#define MEMSPICE_WIDEST __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define MEMSPICE_WIDEST
#endif

namespace memspice {

namespace {

struct Content {
  double* data;
  sunindextype size;
};

Content& content(N_Vector v) {
  return *static_cast<Content*>(v->content);
}
double* data(N_Vector v) {
  return content(v).data;
}
std::size_t size(N_Vector v) {
  return static_cast<std::size_t>(content(v).size);
}

MEMSPICE_WIDEST void linear_sum(std::size_t n, double a, const double* x, double b, const double* y,
                                double* z) {
  for (std::size_t i = 0; i < n; ++i) z[i] = a * x[i] + b * y[i];
}

MEMSPICE_WIDEST void scale(std::size_t n, double a, const double* x, double* z) {
  for (std::size_t i = 0; i < n; ++i) z[i] = a * x[i];
}

MEMSPICE_WIDEST void add_scaled(std::size_t n, double a, const double* x, double* z) {
  for (std::size_t i = 0; i < n; ++i) z[i] += a * x[i];
}

MEMSPICE_WIDEST void add_two_scaled(std::size_t n, double a, const double* x, double b, const double* y,
                                    double* z) {
  for (std::size_t i = 0; i < n; ++i) z[i] += a * x[i] + b * y[i];
}

MEMSPICE_WIDEST void multiply(std::size_t n, const double* x, const double* y, double* z) {
  for (std::size_t i = 0; i < n; ++i) z[i] = x[i] * y[i];
}

/// Largest |product(i)|; NaN when any is not a number, which a plain maximum would swallow.
template <class Product>
[[gnu::always_inline]] inline double largest_magnitude(std::size_t n, const Product& product) {
  constexpr std::size_t lanes = 16;
  double largest[lanes] = {};
  double poison[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) {
      const double x = product(i + j);
      const double magnitude = x < 0 ? -x : x;
      largest[j] = magnitude > largest[j] ? magnitude : largest[j];
      poison[j] += x * 0.0;
    }
  }
  double norm = 0;
  double nan = 0;
  for (std::size_t j = 0; j < lanes; ++j) {
    norm = std::max(norm, largest[j]);
    nan += poison[j];
  }
  for (; i < n; ++i) {
    norm = std::max(norm, std::abs(product(i)));
    nan += product(i) * 0.0;
  }
  return std::isnan(nan) ? std::numeric_limits<double>::quiet_NaN() : norm;
}

MEMSPICE_WIDEST double weighted_maximum(std::size_t n, const double* x, const double* w) {
  return largest_magnitude(
      n, [=](std::size_t i) __attribute__((always_inline)) { return x[i] * w[i]; });
}

/// The same over the components whose id is not 0.
MEMSPICE_WIDEST double masked_maximum(std::size_t n, const double* x, const double* w, const double* id) {
  return largest_magnitude(
      n, [=](std::size_t i) __attribute__((always_inline)) { return id[i] != 0 ? x[i] * w[i] : 0.0; });
}

N_Vector clone(N_Vector v) {
  return new_vector(size(v), v->sunctx);
}

void destroy(N_Vector v) {
  if (v == nullptr) return;
  if (v->content != nullptr) std::free(data(v));
  delete static_cast<Content*>(v->content);
  v->content = nullptr;
  N_VFreeEmpty(v);
}

int linear_combination(int count, sunrealtype* c, N_Vector* x, N_Vector z) {
  const std::size_t n = size(z);
  if (count == 1) {
    scale(n, c[0], data(x[0]), data(z));
    return 0;
  }
  int next = 2;
  if (x[0] == z && c[0] == 1.0) {
    next = 1;
  } else {
    linear_sum(n, c[0], data(x[0]), c[1], data(x[1]), data(z));
  }
  for (; next + 1 < count; next += 2)
    add_two_scaled(n, c[next], data(x[next]), c[next + 1], data(x[next + 1]), data(z));
  if (next < count) add_scaled(n, c[next], data(x[next]), data(z));
  return 0;
}

int scale_add_multi(int count, sunrealtype* a, N_Vector x, N_Vector* y, N_Vector* z) {
  for (int i = 0; i < count; ++i) linear_sum(size(x), a[i], data(x), 1.0, data(y[i]), data(z[i]));
  return 0;
}

int scale_vectors(int count, sunrealtype* c, N_Vector* x, N_Vector* z) {
  for (int i = 0; i < count; ++i) scale(size(x[i]), c[i], data(x[i]), data(z[i]));
  return 0;
}

void set_operations(N_Vector_Ops ops) {
  ops->nvgetvectorid = [](N_Vector) { return SUNDIALS_NVEC_CUSTOM; };
  ops->nvclone = clone;
  ops->nvcloneempty = clone;
  ops->nvdestroy = destroy;
  ops->nvgetarraypointer = [](N_Vector v) { return data(v); };
  ops->nvgetlength = [](N_Vector v) { return content(v).size; };
  ops->nvlinearsum = [](sunrealtype a, N_Vector x, sunrealtype b, N_Vector y, N_Vector z) {
    linear_sum(size(z), a, data(x), b, data(y), data(z));
  };
  ops->nvconst = [](sunrealtype c, N_Vector z) { std::fill_n(data(z), size(z), c); };
  ops->nvprod = [](N_Vector x, N_Vector y, N_Vector z) { multiply(size(z), data(x), data(y), data(z)); };
  ops->nvdiv = [](N_Vector x, N_Vector y, N_Vector z) {
    std::transform(data(x), data(x) + size(x), data(y), data(z), [](double a, double b) { return a / b; });
  };
  ops->nvscale = [](sunrealtype c, N_Vector x, N_Vector z) {
    if (c == 1.0 && x != z) {
      std::copy_n(data(x), size(x), data(z));
    } else {
      scale(size(z), c, data(x), data(z));
    }
  };
  ops->nvabs = [](N_Vector x, N_Vector z) {
    std::transform(data(x), data(x) + size(x), data(z), [](double a) { return std::abs(a); });
  };
  ops->nvinv = [](N_Vector x, N_Vector z) {
    std::transform(data(x), data(x) + size(x), data(z), [](double a) { return 1 / a; });
  };
  ops->nvaddconst = [](N_Vector x, sunrealtype b, N_Vector z) {
    std::transform(data(x), data(x) + size(x), data(z), [b](double a) { return a + b; });
  };
  ops->nvdotprod = [](N_Vector x, N_Vector y) {
    double sum = 0;
    for (std::size_t i = 0; i < size(x); ++i) sum += data(x)[i] * data(y)[i];
    return sum;
  };
  ops->nvmaxnorm = [](N_Vector x) {
    double norm = 0;
    for (const double value : values(x)) norm = std::max(norm, std::abs(value));
    return norm;
  };
  ops->nvwrmsnormmask = [](N_Vector x, N_Vector w, N_Vector id) {
    return masked_maximum(size(x), data(x), data(w), data(id));
  };
  ops->nvwrmsnorm = [](N_Vector x, N_Vector w) { return weighted_maximum(size(x), data(x), data(w)); };
  ops->nvmin = [](N_Vector x) { return *std::min_element(data(x), data(x) + size(x)); };
  ops->nvlinearcombination = linear_combination;
  ops->nvscaleaddmulti = scale_add_multi;
  ops->nvscalevectorarray = scale_vectors;
}

}  // namespace

N_Vector new_vector(std::size_t size, SUNContext context) {
  const auto free_block = [](double* block) { std::free(block); };
  std::unique_ptr<std::remove_pointer_t<N_Vector>, void (*)(N_Vector)> v(N_VNewEmpty(context), N_VFreeEmpty);
  if (v == nullptr) throw std::bad_alloc();
  set_operations(v->ops);
  constexpr std::size_t alignment = 64;
  const std::size_t bytes =
      (std::max<std::size_t>(size, 1) * sizeof(double) + alignment - 1) / alignment * alignment;
  std::unique_ptr<double, void (*)(double*)> block(static_cast<double*>(std::aligned_alloc(alignment, bytes)),
                                                   free_block);
  if (block == nullptr) throw std::bad_alloc();
  v->content = new Content{block.get(), static_cast<sunindextype>(size)};
  static_cast<void>(block.release());
  return v.release();
}

std::span<double> values(N_Vector v) {
  return {data(v), size(v)};
}

}  // namespace memspice

#undef MEMSPICE_WIDEST
