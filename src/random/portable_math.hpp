#pragma once

namespace memspice {

/// Natural logarithm of a normal positive number and exponential of |x| < 700, to about one unit in the last
/// place. Nothing but IEEE additions, multiplications and divisions in a fixed order, so that every machine
/// gets the same bits; the C library's functions differ from one to the next.
double portable_log(double x);
double portable_exp(double x);

}  // namespace memspice
