#pragma once

#include <optional>
#include <span>
#include <vector>

#include "devices/memristors/memristor_functions.hpp"
#include "memspice/device.hpp"

namespace memspice {

/// The factor by which a memristor's drift slows down near the bounds of its state s, which is 0 where it
/// conducts best and 1 where it conducts worst:
///
///     none         1
///     joglekar     1 - (2 s - 1)^2p                            (Joglekar & Wolf 2009)
///     biolek       1 - s^2p upwards, 1 - (1 - s)^2p downwards  (Biolek et al. 2009)
///     prodromakis  j (1 - ((s - 1/2)² + 3/4)^p)                (Prodromakis et al. 2011)
///     kvatinsky    exp(-exp((s - off)/width)) upwards, exp(-exp((on - s)/width)) downwards
///                                                              (Kvatinsky et al. 2013, TEAM)
///
/// With a floor φ it is φ + (1 - φ) f.
struct DriftWindow {
  enum class Kind { none, joglekar, biolek, prodromakis, kvatinsky };
  Kind kind = Kind::none;
  double p = 1;
  double j = 1;
  double floor = 0;
  double on = 0;  // in the unit of s, as the two below
  double off = 1;
  double width = 1;

  /// `upwards`: where the drift drives s.
  template <class Real>
  [[nodiscard]] Real operator()(const Real& s, bool upwards) const {
    if (kind == Kind::none) return Real(1.0);
    return floor + (1 - floor) * shape(s, upwards);
  }

 private:
  template <class Real>
  [[nodiscard]] Real shape(const Real& s, bool upwards) const {
    using std::exp;
    switch (kind) {
      case Kind::joglekar: {
        const Real d = 2.0 * s - 1.0;
        return 1.0 - power(d * d, p);
      }
      case Kind::biolek: {
        const Real d = upwards ? s : 1.0 - s;
        return 1.0 - power(d * d, p);
      }
      case Kind::prodromakis: {
        const Real d = s - 0.5;
        return j * (1.0 - power(d * d + 0.75, p));
      }
      default: {
        constexpr double last = 7;  // e^-e^7 is 0
        const Real way = (upwards ? s - off : on - s) / width;
        return way > Real(last) ? Real(0.0) : exp(-exp(way));
      }
    }
  }
};

/// The words of `window=`, in the order of DriftWindow::Kind.
inline constexpr std::string_view window_words[] = {"none", "joglekar", "biolek", "prodromakis", "kvatinsky"};

/// What windows need: p above 1/2 where their slope would not be finite, and ends that are no steps. `width`
/// is that of the window kvatinsky, as a part of the range.
std::optional<ParameterProblem> check_window(DriftWindow::Kind kind, double p, std::size_t place_of_p,
                                             double width, std::size_t place_of_width);

}  // namespace memspice
