#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generate/distribution.hpp"

namespace memspice::generate {

enum class Family {
  ring,
  complete,
  grid,
  torus,
  ladder,
  random,
  regular,
  small_world,
  scale_free,
  crossbar,
  nanowire
};

enum class Waveform { none, dc, sine, pulse, telegraph, given };

enum class Drive {
  all,       // an EMF in series with every memristor
  fraction,  // ... with a random fraction of them
  one,       // ... with one, chosen at random among those that close a loop
  port,      // one source from ground to a terminal: the farthest node, the electrode, the first row
  rows       // a source from ground to every row of a crossbar
};

/// The graph. Only what a family uses has a meaning for it.
struct Topology {
  Family family = Family::ring;
  std::uint32_t rows = 0;         // of grid, torus, crossbar; 2 for a ladder, 1 for what has no rows
  std::uint32_t columns = 0;      // ... or the number of nodes (of wires) of what has no rows
  std::uint32_t degree = 0;       // regular, small world
  double probability = 0;         // random: of an edge
  double rewire = 0;              // small world
  std::uint32_t links = 0;        // scale-free
  double wire_length = 0;         // nanowire, in units of the box's side
  double line_resistance = 0;     // crossbar, ohm, from one crossing to the next
  double contact_resistance = 0;  // nanowire, ohm, from an electrode to a wire
};

struct Sources {
  Waveform waveform = Waveform::sine;
  Drive drive = Drive::all;
  double fraction = 0;     // Drive::fraction
  Distribution amplitude;  // V
  Distribution frequency;  // Hz; sine and pulse
  Distribution phase;      // degrees; sine
  double rate = 0;         // telegraph: switches per second
  std::string text;        // given: as a card has it, `PWL(0 0 1 1)`
};

/// A parameter of a memristor with a level, as its card names it.
struct ModelParameter {
  std::string name;
  std::string word;  // in place of a number
  Distribution law;
};

/// Ideal linear memristors, or, where `level` is not empty, those of that level, which have `parameters`
/// alone.
struct Devices {
  std::string level;  // its name
  std::vector<ModelParameter> parameters;
  Distribution ron, roff;  // ohm; no ron is above a roff
  Distribution alpha;      // 1/s
  Distribution beta;       // V.s
  Distribution w0;
  double reversed = 0;  // the fraction with polarity -1
  double active = 0;    // the fraction with negative resistance
  bool voltage_control = false;
};

/// All that a deck is made from; the same specification gives the same deck, byte for byte, everywhere.
struct Specification {
  Topology topology;
  Sources sources;
  Devices devices;
  std::uint64_t seed = 1;
  double stop = 0;                 // s, where random waveforms end
  std::vector<std::string> cards;  // analyses and outputs, as they are written
  std::string command;             // what the head of the deck says it was made with
};

}  // namespace memspice::generate
