#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace memspice::testing {

using Values = std::map<std::string, double>;
using States = std::vector<double>;

/// A memristor model as its source writes it down, without anything of memspice: rates and current from
/// parameters, voltage and states. Parameters have the names of cards.
struct PublishedModel {
  std::string level;
  std::string words;  // of the .model card that have no number
  Values defaults;    // what is drawn around, by up to `spread`
  double spread = 1.3;
  std::vector<std::array<std::string, 2>> states;  // name, parameter with the initial value
  std::function<std::array<double, 2>(const Values&, std::size_t)> bounds;
  std::function<States(const Values&, double v, const States&)> rates;
  std::function<double(const Values&, double v, const States&)> current;
  std::array<double, 2> amplitude;   // V, of sources that move the state but do not blow it up
  std::array<double, 2> frequency;   // Hz
  double tolerance = 1e-5;           // of the range of every state and of the current, at reltol = 1e-7
  int most_steps = 500;              // that a cycle of a triangle of 3 V may take
  std::string network = "Y1 a 0 m";  // the device between node a, which the source drives, and ground
};

/// Levels 7 to 13.
std::vector<PublishedModel> published_models();
/// Levels 1 (with a window) to 6.
std::vector<PublishedModel> published_drifts();

}  // namespace memspice::testing
