#pragma once

#include <limits>
#include <string>
#include <vector>

#include "truth/random.hpp"
#include "truth/source.hpp"

namespace memspice::truth {

struct Memristor {
  double ron = 100;
  double roff = 16000;
  double alpha = 0;
  double beta = 1;
  double polarity = 1;
  bool voltage_control = false;

  [[nodiscard]] double resistance(double w) const { return ron + (roff - ron) * w; }
};

struct Element {
  char kind = 'r';   // r l c k v i y
  std::string name;  // with the letter: "r1"
  int a = 0;         // nodes, 0 is ground; of a coupling the places of its inductors
  int b = 0;
  double value = 0;                                           // of r l c k
  double initial = std::numeric_limits<double>::quiet_NaN();  // ic= and w0=; NaN: not given
  Source source = {};
  Memristor memristor = {};
};

/// A circuit that an oracle understands: the generators make it, the minimiser takes it apart.
struct Netlist {
  std::vector<Element> elements;
  double step = 0;
  double stop = 1;
  bool uic = false;
  std::string options;  // further words of .options

  /// All cards between title and .end; currents and potentials of everything are saved.
  [[nodiscard]] std::string cards() const;
  [[nodiscard]] int nodes() const;  // the largest number of one
  /// Corners of all sources, ascending, and both ends.
  [[nodiscard]] std::vector<double> segments() const;
  /// Every node hangs together with ground.
  [[nodiscard]] bool connected() const;
  /// All that is one step simpler: without an element, an element shorted, two digits instead of all, half
  /// the time.
  [[nodiscard]] std::vector<Netlist> simpler() const;
};

std::string node_name(int node);

/// Groups that edges join.
class Groups {
 public:
  explicit Groups(int count);
  int find(int x);
  /// False when they are in one group already.
  bool join(int a, int b);

 private:
  std::vector<int> parent_;
};

}  // namespace memspice::truth
