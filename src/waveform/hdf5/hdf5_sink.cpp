#include "waveform/hdf5/hdf5_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <memspice/error.hpp>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/stopwatch.hpp"
#include "waveform/hdf5/calls.hpp"
#include "waveform/output_file.hpp"
#include "waveform/partial_result.hpp"
#include "waveform/quantity.hpp"
#include "waveform/row_check.hpp"

namespace memspice {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20;
constexpr std::size_t title_room = 60000;  // of the 64 KiB that an attribute may have
constexpr std::size_t state_room = 200;
constexpr unsigned truncate = 2;  // H5F_ACC_TRUNC, which calls the library by name
constexpr double seconds_between_flushes = 1;

class Hdf5Sink final : public FileSink {
 public:
  explicit Hdf5Sink(const std::string& path);
  ~Hdf5Sink() override {
    values_ = {};
    groups_.clear();
    if (id_ >= 0) call_.H5Fclose(id_);
  }

  void begin_plot(const PlotInfo& plot) override;
  void row(std::span<const double> values) override;
  void end_plot() override;
  void commit(std::string_view mark) override;
  void flush() override;
  [[nodiscard]] std::string path() const override { return file_.path(); }
  void exchange(Archive&) override { throw std::logic_error("an HDF5 file is not gone on with"); }
  [[nodiscard]] bool can_go_on() const override { return false; }

 private:
  /// The outcome of a call, which is negative where it failed.
  template <class Outcome>
  Outcome check(Outcome outcome) {
    if (const int error = errno; outcome < 0)
      throw FileError(fmt::format("cannot write '{}': {}", file_.path(),
                                  error != 0 ? std::strerror(error) : "libhdf5 cannot say why"),
                      file_.path(), error);
    return outcome;
  }
  Hdf5Object own(hid_t id) { return Hdf5Object(check(id)); }
  Hdf5Object data_properties();
  Hdf5Object text_type(std::size_t length);
  void add_attribute(hid_t of, const char* name, std::string_view text, std::size_t room);
  void add_texts(hid_t group, const char* name, const std::vector<std::string>& texts);
  void add_values(hid_t group, const PlotInfo& plot);
  void set_state(hid_t group, std::string_view text);
  void write_block();

  const Hdf5Calls& call_;
  OutputFile file_;  // the library writes into its temporary file
  hid_t id_ = -1;
  std::map<std::string, std::size_t> plots_of_name_;
  std::vector<Hdf5Object> groups_;  // a plot each
  std::optional<OpenPlot> plot_;
  Hdf5Object values_;  // its dataset
  Hdf5Object cell_;    // the type of a value
  struct {
    std::vector<double> numbers;  // of rows that are not in the file yet
    std::size_t rows = 0;         // with which it is full
    hsize_t before = 0;           // rows in the file
  } block_;
  std::size_t width_ = 0;  // vectors
  Stopwatch since_flush_;
};

Hdf5Sink::Hdf5Sink(const std::string& path) : call_(hdf5_calls()), file_(path) {
  const OutputTarget& target = file_.target();
  if (!target.is_temporary())
    throw FileError(fmt::format("cannot write '{}': HDF5 needs a regular file", path), path);
  const std::filesystem::path temporary = target.place().parent_path() / target.temporary();
  errno = 0;
  id_ = check(call_.H5Fcreate(temporary.c_str(), truncate, H5P_DEFAULT, H5P_DEFAULT));
  add_attribute(id_, "program", "memspice " MEMSPICE_VERSION, 0);
}

/// Of new datasets, without the time: the same run is the same bytes.
Hdf5Object Hdf5Sink::data_properties() {
  Hdf5Object properties = own(call_.H5Pcreate(call_.creation));
  check(call_.H5Pset_obj_track_times(properties.id(), false));
  return properties;
}

Hdf5Object Hdf5Sink::text_type(std::size_t length) {
  Hdf5Object type = own(call_.H5Tcopy(call_.characters));
  check(call_.H5Tset_size(type.id(), std::max<std::size_t>(length, 1)));
  check(call_.H5Tset_cset(type.id(), H5T_CSET_UTF8));
  return type;
}

void Hdf5Sink::add_attribute(hid_t of, const char* name, std::string_view text, std::size_t room) {
  std::string padded(text);
  padded.resize(std::max(text.size() + 1, room));
  const Hdf5Object type = text_type(padded.size()), space = own(call_.H5Screate(H5S_SCALAR));
  const Hdf5Object attribute =
      own(call_.H5Acreate2(of, name, type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT));
  check(call_.H5Awrite(attribute.id(), type.id(), padded.data()));
}

void Hdf5Sink::add_texts(hid_t group, const char* name, const std::vector<std::string>& texts) {
  std::size_t length = 1;
  for (const std::string& text : texts) length = std::max(length, text.size() + 1);
  std::string all(length * texts.size(), '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i].copy(&all[i * length], texts[i].size());
  const hsize_t count = texts.size();
  const Hdf5Object type = text_type(length), space = own(call_.H5Screate_simple(1, &count, nullptr)),
                   properties = data_properties();
  Hdf5Object data =
      own(call_.H5Dcreate2(group, name, type.id(), space.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT));
  check(call_.H5Dwrite(data.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()));
  check(data.release());
}

void Hdf5Sink::add_values(hid_t group, const PlotInfo& plot) {
  width_ = plot.vectors.size();
  const std::size_t row_bytes = sizeof(double) * std::max<std::size_t>(plot_->width, 1);
  block_ = {.numbers = {}, .rows = std::clamp<std::size_t>(block_bytes / row_bytes, 1, 4096), .before = 0};
  if (plot.complex) {  // as h5py names the parts
    cell_ = own(call_.H5Tcreate(H5T_COMPOUND, 2 * sizeof(double)));
    check(call_.H5Tinsert(cell_.id(), "r", 0, call_.number));
    check(call_.H5Tinsert(cell_.id(), "i", sizeof(double), call_.number));
  } else {
    cell_ = own(call_.H5Tcopy(call_.number));
  }
  const std::array<hsize_t, 2> none{0, width_}, most{H5S_UNLIMITED, width_}, chunk{block_.rows, width_};
  const Hdf5Object space = own(call_.H5Screate_simple(2, none.data(), most.data()));
  const Hdf5Object properties = data_properties();
  check(call_.H5Pset_chunk(properties.id(), 2, chunk.data()));
  values_ = own(
      call_.H5Dcreate2(group, "values", cell_.id(), space.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT));
}

void Hdf5Sink::begin_plot(const PlotInfo& plot) {
  if (plot_) end_plot();
  errno = 0;
  plot_ = OpenPlot(plot);
  const std::size_t number = ++plots_of_name_[plot.name];
  std::string name = plot.name.empty() ? "Plot" : plot.name;
  std::ranges::replace(name, '/', '_');  // which begins a group inside of a group
  if (number > 1) name += fmt::format(" {}", number);
  groups_.push_back(own(call_.H5Gcreate2(id_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)));
  const hid_t group = groups_.back().id();
  add_attribute(group, "title", std::string_view(plot.title).substr(0, title_room), 0);
  add_attribute(group, "state", "being written", state_room);
  std::vector<std::string> names, units;
  for (const VectorInfo& vector : plot.vectors) {
    names.push_back(vector.name);
    units.emplace_back(quantity_unit(vector.quantity));
  }
  add_texts(group, "names", names);
  add_texts(group, "units", units);
  add_values(group, plot);
}

void Hdf5Sink::row(std::span<const double> values) {
  if (!plot_) throw std::logic_error("a row outside any plot (please report)");
  plot_->check_row(values.size());
  block_.numbers.insert(block_.numbers.end(), values.begin(), values.end());
  if (block_.numbers.size() >= plot_->width * block_.rows) write_block();
  if (since_flush_.seconds() > seconds_between_flushes) flush();
}

void Hdf5Sink::write_block() {
  if (block_.numbers.empty()) return;
  errno = 0;
  const std::array<hsize_t, 2> first{block_.before, 0}, count{block_.numbers.size() / plot_->width, width_};
  block_.before += count[0];
  const std::array<hsize_t, 2> whole{block_.before, width_};
  check(call_.H5Dset_extent(values_.id(), whole.data()));
  const Hdf5Object space = own(call_.H5Dget_space(values_.id())),
                   memory = own(call_.H5Screate_simple(2, count.data(), nullptr));
  check(call_.H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr));
  check(
      call_.H5Dwrite(values_.id(), cell_.id(), memory.id(), space.id(), H5P_DEFAULT, block_.numbers.data()));
  block_.numbers.clear();
}

void Hdf5Sink::flush() {
  write_block();
  check(call_.H5Fflush(id_, H5F_SCOPE_LOCAL));
  since_flush_.lap();
}

void Hdf5Sink::end_plot() {
  if (!plot_) return;
  write_block();
  errno = 0;
  check(values_.release());
  plot_.reset();
}

void Hdf5Sink::set_state(hid_t group, std::string_view text) {
  std::string state(text.substr(0, state_room - 1));
  state.resize(state_room);
  const Hdf5Object type = text_type(state_room);
  const Hdf5Object attribute = own(call_.H5Aopen(group, "state", H5P_DEFAULT));
  check(call_.H5Awrite(attribute.id(), type.id(), state.data()));
}

void Hdf5Sink::commit(std::string_view mark) {
  end_plot();
  errno = 0;
  for (const Hdf5Object& group : groups_)
    set_state(group.id(), mark.empty() || &group != &groups_.back() ? "complete" : mark);
  groups_.clear();
  cell_ = {};
  check(call_.H5Fclose(std::exchange(id_, -1)));
  commit_result(file_, mark);
}

}  // namespace

bool has_hdf5() {
  return true;
}

std::unique_ptr<FileSink> open_hdf5_sink(const std::string& path) {
  return std::make_unique<Hdf5Sink>(path);
}

}  // namespace memspice
