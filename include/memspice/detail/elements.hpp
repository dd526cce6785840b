#pragma once

#include <array>
#include <bitset>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "memspice/device.hpp"
#include "memspice/error.hpp"

namespace memspice {

using NodeId = std::uint32_t;
inline constexpr NodeId ground = 0;

/// Texts by number, each stored once in one block of characters (a million of them must not be a million
/// allocations).
class StoredTexts {
 public:
  static constexpr std::uint32_t npos = 0xffffffffu;
  /// Number of the text, which is added when it is new.
  std::uint32_t intern(std::string_view text);
  [[nodiscard]] std::uint32_t find(std::string_view text) const;
  [[nodiscard]] std::string_view operator[](std::uint32_t number) const {
    return std::string_view(characters_).substr(begin_[number], begin_[number + 1] - begin_[number]);
  }
  [[nodiscard]] std::size_t size() const { return begin_.size() - 1; }

 private:
  /// The slot of the text, or the free one where it belongs.
  [[nodiscard]] std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void make_slots(std::size_t count);
  std::string characters_;
  std::vector<std::uint32_t> begin_{0};
  // Open addressing, a power of two, at most half full. A slot has the number of a text in the bits that
  // count slots, and in the others, which the number does not need, those of the text's hash; npos: free.
  std::vector<std::uint32_t> slots_;
};

/// Names by number. Most names of a large circuit are a few beginnings with a count behind them (y1 y2 …,
/// n3_1 n3_2 …): of those nothing is kept but where they stand in the count, eight bytes each.
class NameTable {
 public:
  static constexpr std::uint32_t npos = StoredTexts::npos;
  /// Makes room for so many names.
  void reserve(std::size_t names) { places_.reserve(names); }
  /// Number of the name, which is added when it is new. Names are stored as given: lower-case them first.
  std::uint32_t intern(std::string_view name);
  [[nodiscard]] std::uint32_t find(std::string_view name) const;
  [[nodiscard]] std::string operator[](std::uint32_t id) const;
  [[nodiscard]] std::size_t size() const { return places_.size(); }

 private:
  static constexpr std::uint32_t block = 32;             // counted names
  static constexpr std::uint32_t counted = 0x80000000u;  // a bit of places_

  /// A name cut before its count; without one when `before` is the whole name.
  struct Parts {
    std::string_view before;
    std::uint32_t count = npos;
  };
  /// The counted names of one beginning.
  struct Series {
    std::vector<std::uint32_t> blocks;  // by count / block, npos: not there yet
    std::uint32_t size = 0;
  };
  struct Block {
    std::uint32_t series = 0;
    std::uint32_t first = 0;  // count
  };
  static Parts parts_of(std::string_view name);
  /// The place in numbers_; npos: it has none.
  [[nodiscard]] std::uint32_t find_counted(const Parts& parts, std::uint32_t series) const;
  /// The same, made where it is missing; npos where the count is too far from all others of its series.
  std::uint32_t make_counted(const Parts& parts, std::uint32_t series);
  /// The series of a beginning; npos: it has none.
  std::uint32_t find_series(std::string_view before);
  /// The series of a beginning, made once many names began so.
  std::uint32_t series_of(std::string_view before);

  std::vector<std::uint32_t> places_;  // by name: in numbers_ with the bit `counted`, or in texts_
  StoredTexts texts_;                  // names that are kept in full
  std::vector<std::uint32_t> of_texts_;
  std::bitset<4096> text_counts_;  // counts of names kept in full, modulo its size
  StoredTexts beginnings_;         // of the series
  std::vector<Series> series_;
  std::array<std::uint32_t, 16> recent_{};  // series, by what their beginnings look like
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> numbers_;  // of counted names, block by block; npos: no such name
  // Beginnings of late, by hash, and how many names began so.
  struct Seen {
    std::uint32_t hash = 0;
    std::uint32_t names = 0;
  };
  std::array<Seen, 64> seen_{};
};

/// A time function of an independent source, SPICE's meaning. Times in seconds; values in volt or ampere.
/// Values that the deck left out are NaN until `resolve` gives them SPICE's defaults for a transient.
struct SourceFunction {
  enum class Kind : std::uint8_t {
    pulse,                 // v1 v2 td tr tf pw per
    sine,                  // vo va freq td theta phase
    exponential,           // v1 v2 td1 tau1 td2 tau2
    piecewise_linear,      // points
    frequency_modulation,  // SFFM: vo va fc mdi fs phasec phases
    amplitude_modulation,  // AM: va vo mf fc td phases
    noise,                 // TRNOISE: na nt nalpha namp rtsam rtscapt rtsemt
    random_steps,          // TRRANDOM: type ts td p1 p2
  };
  Kind kind = Kind::sine;
  std::array<double, 7> values{};  // phases in degrees
  double cycles = not_given;       // pulse, sine: how many; NaN: without end
  double offset = 0;               // noise, random_steps: the DC value, which they are added to
  std::uint64_t seed = 0;          // noise, random_steps
  std::vector<std::pair<double, double>> points;  // piecewise_linear, and what noise and random_steps become:
                                                  // times not decreasing; equal times are a jump
  double delay = 0;                               // piecewise_linear: td
  double repeat_from = not_given;                 // piecewise_linear: r=, the time to repeat from
  double rise = 0;  // s, within which all of it rises from 0 in proportion to the time; 0: at once

  /// Multiplies all that is a voltage or current.
  void scale(double factor);
  /// SPICE's defaults: tr = tf = step, pw = per = stop, freq = 1/stop, …
  void resolve(double step, double stop);
  /// Value at time t on the smooth piece that contains `inside`. Passing a time inside the current segment
  /// makes a corner's left and right limits distinct, whatever rounding did to t.
  [[nodiscard]] double value(double t, double inside) const;
  /// First corner or jump later than t; infinity when there is none.
  [[nodiscard]] double next_breakpoint(double t) const;
  /// Shortest period of a smooth oscillation, s; infinity: there is none.
  [[nodiscard]] double shortest_period() const;

 private:
  [[nodiscard]] double risen(double t, double inside) const;  // what value() is behind the rise
  [[nodiscard]] double next_corner(double t) const;
};

/// Numbers of instances, of a device or of a waveform, the same parameters of each. A parameter that has one
/// value in all of them, as most of a model's have, is kept once.
class ParameterTable {
 public:
  [[nodiscard]] double operator()(std::size_t instance, std::size_t parameter) const {
    const Column& column = columns_[parameter];
    return column.each.empty() ? column.common : column.each[instance];
  }
  void set(std::size_t instance, std::size_t parameter, double value);
  /// Another instance; all have equally many parameters.
  void add(std::span<const double> values);
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Whether all instances have one value of the parameter.
  [[nodiscard]] bool is_common(std::size_t parameter) const { return columns_[parameter].each.empty(); }
  /// Those of one instance.
  [[nodiscard]] std::vector<double> row(std::size_t instance) const;
  /// Those of these instances, one instance after the other.
  [[nodiscard]] std::vector<double> rows(std::span<const std::uint32_t> instances) const;
  /// Those of all instances, one instance after the other.
  [[nodiscard]] std::vector<double> rows() const;
  /// How many instances there may be: room is made for them where they differ.
  void expect(std::size_t instances) { expected_ = instances; }

 private:
  struct Column {
    double common = 0;
    std::vector<double> each;  // by instance; empty: all have the common value
  };
  void differ(Column& column) const;
  std::vector<Column> columns_;
  std::size_t count_ = 0;
  std::size_t expected_ = 0;
};

/// The time functions of a circuit's sources, by number. Of a plain one only the values that were given are
/// kept, and of those only what differs among all of its kind: a million sines of different amplitude cost
/// thirteen bytes each.
class SourceFunctions {
 public:
  /// Makes room for so many functions.
  void reserve(std::size_t functions);
  void push_back(SourceFunction function);
  [[nodiscard]] SourceFunction operator[](std::size_t number) const;
  [[nodiscard]] std::size_t size() const { return shape_.size(); }
  [[nodiscard]] SourceFunction::Kind kind(std::size_t number) const {
    return shape_[number] == whole ? whole_[place_[number]]->kind : shapes_[shape_[number]].kind;
  }
  /// Numbers of functions, ascending, in which everything occurs but levels and amplitudes: where many differ
  /// in these alone (values 0 and 1, which are 0 in both or in neither), the first of them.
  [[nodiscard]] std::vector<std::uint32_t> distinct_in_time() const;
  /// All of them with SPICE's defaults for a transient of this step and stop time, s.
  [[nodiscard]] std::vector<SourceFunction> resolved(double step, double stop) const;

  class Iterator {
   public:
    Iterator(const SourceFunctions& of, std::size_t number) : of_(of), number_(number) {}
    SourceFunction operator*() const { return of_[number_]; }
    Iterator& operator++() {
      ++number_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return number_ == other.number_; }

   private:
    const SourceFunctions& of_;
    std::size_t number_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size()}; }

 private:
  /// Plain functions of one kind with equally many values.
  struct Shape {
    SourceFunction::Kind kind = SourceFunction::Kind::sine;
    std::size_t count = 0;  // of values, those behind are NaN
    ParameterTable values;
  };
  static constexpr std::uint8_t whole = 0xff;  // no shape: there is more than values
  std::uint8_t shape_of(const SourceFunction& function);

  std::vector<std::uint8_t> shape_;   // by function, in shapes_
  std::vector<std::uint32_t> place_;  // among those of the shape, or in whole_
  std::vector<Shape> shapes_;
  std::vector<std::shared_ptr<const SourceFunction>> whole_;
  std::size_t expected_ = 0;
};

/// What few of many owners have: as large as a pointer where it is missing, copied with its owner.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(const Rare& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }
  ~Rare() = default;

  /// Where it is missing: that of a T with nothing given.
  const T* operator->() const {
    static const T none{};
    return held_ ? held_.get() : &none;
  }
  /// To be changed; made where it is missing.
  T& edit() {
    if (!held_) held_ = std::make_unique<T>();
    return *held_;
  }

 private:
  std::unique_ptr<T> held_;
};

/// What a source may have beside its value and its waveform.
struct SourceExtras {
  double ac_magnitude = 0;  // V or A, .ac
  double ac_phase = 0;      // degrees
  double copies = 1;        // of a current source, side by side: dc, ac_magnitude and function are of all
};

/// Independent sources of one kind. Current of an I source flows from plus through the source to minus.
struct Source {
  static constexpr std::uint32_t constant = 0xffffffffu;
  std::uint32_t name = 0;  // in Circuit::element_names, e.g. "v1", "x1.i2"
  NodeId plus = ground;
  NodeId minus = ground;
  std::uint32_t function = constant;  // in Circuit::functions
  double dc = 0;                      // V or A: operating point; the transient too when there is no function
  Rare<SourceExtras> extras;
  Location where;
};

/// A voltage or a current given by an expression: B, E, F, G, H. A current flows from plus through the source
/// to minus.
struct BehaviouralSource {
  std::uint32_t name = 0;  // in Circuit::element_names
  NodeId plus = ground;
  NodeId minus = ground;
  bool voltage = false;
  std::uint32_t program = 0;  // in Circuit::programs: V or A
  Location where;
  double per_gain = not_given;  // a linear E, F, G or H: program = gain per_gain (its only input)
  static constexpr std::uint32_t noiseless = 0xffffffffu;
  std::uint32_t resistance = noiseless;  // of a resistor with noisy=1, in Circuit::programs: ohm
};

/// The argument of a ddt() or idt() in an expression.
struct Auxiliary {
  bool integral = false;
  std::uint32_t program = 0;  // in Circuit::programs
  double initial = 0;         // of an integral
};

/// A switch with hysteresis (S, W): closed once its control exceeds threshold + hysteresis, open once it
/// falls below threshold - hysteresis.
struct Switch {
  std::uint32_t name = 0;
  NodeId plus = ground;
  NodeId minus = ground;
  std::uint32_t control = 0;  // in Circuit::programs: V or A
  double on_resistance = 1;   // ohm
  double off_resistance = 1e12;
  double threshold = 0;       // V or A
  double hysteresis = 0;      // at least 0
  bool initially_on = false;  // between the two thresholds at the operating point
  Location where;
};

/// Two inductors that share flux (K): M = k sqrt(L1 L2).
struct Coupling {
  std::uint32_t name = 0;
  std::uint32_t first = 0;  // names of the inductors, in Circuit::element_names
  std::uint32_t second = 0;
  double coefficient = 0;  // -1 … 1
  Location where;
};

/// A lossless line (T): v1 - z i1 = v2 + z i2 one delay ago, and v2 - z i2 = v1 + z i1 one delay ago.
struct TransmissionLine {
  std::uint32_t name = 0;
  std::array<NodeId, 4> nodes{};    // port 1: plus, minus; port 2: plus, minus
  double impedance = 50;            // ohm
  double delay = 0;                 // s
  std::array<double, 4> initial{};  // V A V A: v1 i1 v2 i2 with uic
  Location where;
};

/// All elements of one device type, in deck order.
struct DeviceGroup {
  const DeviceType* type = nullptr;
  std::vector<std::uint32_t> names;  // in Circuit::element_names
  std::vector<NodeId> nodes;         // count × terminals
  ParameterTable parameters;    // count × type->parameters.size(); NaN where neither given nor defaulted
  std::vector<Location> where;  // the element's card

  [[nodiscard]] std::size_t count() const { return names.size(); }
  [[nodiscard]] double parameter(std::size_t instance, std::size_t place) const {
    return parameters(instance, place);
  }
  /// Whether an instance is a short circuit by its resistance.
  [[nodiscard]] bool has_no_resistance(std::size_t instance) const {
    return type->resistance && parameter(instance, *type->resistance) == 0;
  }
};

/// A resistor that is another one to small signals: ac=, noisy=0, temp=, dtemp=.
struct SmallSignalResistor {
  std::uint32_t group = 0;         // in Circuit::groups
  std::uint32_t index = 0;         // in the group
  double resistance = 0;           // ohm, in .ac and .noise; 0: the same as otherwise
  double temperature = not_given;  // degrees Celsius, of its noise; NaN: the circuit's
  bool noisy = true;

  /// Its noise power over that at the circuit's temperature.
  [[nodiscard]] double noise_factor(double circuit_kelvin) const {
    if (!noisy) return 0;
    return std::isnan(temperature) ? 1 : (temperature + 273.15) / circuit_kelvin;
  }
};

/// What a card makes of the value it gives: m=, temperature coefficients, scale.
struct ValueFactor {
  std::uint32_t group = 0;      // in Circuit::groups
  std::uint32_t index = 0;      // in the group
  std::uint32_t parameter = 0;  // of the device
  double factor = 1;            // stored value over the card's
};

}  // namespace memspice
