#pragma once

#include "random/random_stream.hpp"

namespace memspice {

/// The random functions of decks. A tolerance is absolute where the name begins with `a`, otherwise relative
/// to the nominal value.
double draw_agauss(RandomStream& stream, double nominal, double deviation, double sigma);
double draw_gauss(RandomStream& stream, double nominal, double deviation, double sigma);
double draw_aunif(RandomStream& stream, double nominal, double deviation);
double draw_unif(RandomStream& stream, double nominal, double deviation);
/// One of the two ends.
double draw_limit(RandomStream& stream, double nominal, double deviation);
/// LTspice's: a number in [0, 1) for every whole number; between them a step (`random_step`) or a smooth way
/// (`random_smooth`).
double random_step(double x);
double random_smooth(double x);

}  // namespace memspice
