#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memspice {

/// The physical kind of a vector, spelled in a raw file as ngspice spells it.
enum class Quantity {
  time,
  frequency,
  voltage,
  current,
  power,
  impedance,
  voltage_density,  // V/√Hz, of noise
  current_density,  // A/√Hz
  rate,             // 1/s, of poles and zeros: in raw files notype
  notype,           // the last one
};

struct VectorInfo {
  std::string name;  // lower case, without blanks: `time`, `v(out)`, `w(y1)`
  Quantity quantity = Quantity::notype;
};

struct PlotInfo {
  std::string title;
  std::string name;  // ngspice's plot name: `Transient Analysis`, `Operating Point`, …
  bool complex = false;
  std::vector<VectorInfo> vectors;  // the first one is the scale (time) where there is one
};

/// Where rows go while an analysis runs. A sink never keeps the rows of a streaming format in memory.
class WaveformSink {
 public:
  virtual ~WaveformSink() = default;
  virtual void begin_plot(const PlotInfo& plot) = 0;
  /// One value per vector; a complex plot passes real and imaginary parts side by side.
  virtual void row(std::span<const double> values) = 0;
  virtual void end_plot() = 0;
  /// Makes what was written final. `mark` is empty for a complete run and otherwise says why the rows end
  /// early
  /// ("interrupted at 0.31 s"); formats with room for a remark store it. Throws FileError.
  virtual void commit(std::string_view mark = {}) = 0;
};

/// `tsv`: as `csv`, with tabs between the columns. `hdf5`: where libhdf5 was there when memspice was built.
enum class WaveformFormat { raw_binary, raw_ascii, csv, tsv, hdf5 };

struct SinkOptions {
  /// Raw files: the line `Command: ngspice-compatible, memspice …`, by which spicelib knows the dialect and
  /// which PySpice's and vlsirtools' readers refuse.
  bool command_line = false;
};

/// Writes to a temporary file beside `path`; commit() renames it. A sink destroyed without commit() removes
/// the temporary file and leaves `path` as it was. Throws FileError at once when the folder cannot be
/// written.
std::unique_ptr<WaveformSink> open_sink(const std::string& path, WaveformFormat format,
                                        SinkOptions options = {});

/// A plot in memory: column by column, real parts and (for complex plots) imaginary parts.
struct Plot : PlotInfo {
  std::vector<std::vector<double>> columns;
  std::vector<std::vector<double>> imaginary;  // empty unless complex
  std::string mark = {};  // why the rows end early, where the file says that they do: `interrupted at 0.31 s`

  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  /// The values of a vector by its name (any case), of a complex plot their real parts; valid while the plot
  /// is. Throws std::out_of_range for a name that the plot does not have, and says which it has.
  [[nodiscard]] std::span<const double> operator[](std::string_view vector) const;
  /// The same with imaginary parts, 0 where the plot is not complex.
  [[nodiscard]] std::vector<std::complex<double>> complex_values(std::string_view vector) const;
  /// Index of the vector with this name (any case), or npos.
  [[nodiscard]] std::size_t find(std::string_view vector) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

/// Collects plots in memory, for programs that use memspice as a library, and for tests.
class MemorySink : public WaveformSink {
 public:
  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override {}
  void commit(std::string_view mark = {}) override { mark_ = mark; }

  [[nodiscard]] const std::vector<Plot>& plots() const { return plots_; }
  [[nodiscard]] const std::string& mark() const { return mark_; }

 private:
  std::vector<Plot> plots_;
  std::string mark_;
};

/// Reads every plot of a waveform file: raw as ngspice (binary, ASCII, several plots, complex), LTspice
/// (UTF-16 header, float32 traces) and Xyce write it, or CSV; told apart by content. Throws FileError.
std::vector<Plot> read_waveforms(const std::string& path);

}  // namespace memspice
