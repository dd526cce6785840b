#pragma once

namespace memspice {

inline constexpr double equation_rounding = 100 * 2.2e-16;  // of what stands in an equation, relative

}  // namespace memspice
