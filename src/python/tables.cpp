#include "python/tables.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <complex>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <stdexcept>
#include <string>

#include "app/console/waveform_file.hpp"
#include "app/output_format.hpp"
#include "app/plot/point_cuts.hpp"
#include "python/bindings.hpp"
#include "waveform/file_sink.hpp"
#include "waveform/quantity.hpp"

namespace nb = nanobind;

namespace memspice::python {

namespace {

Quantity quantity_of(const std::string& unit) {
  for (int i = 0; i <= static_cast<int>(Quantity::notype); ++i)
    if (unit == quantity_unit(static_cast<Quantity>(i))) return static_cast<Quantity>(i);
  return Quantity::notype;
}

nb::tuple plot_arguments(const PlotInfo& plot, double* values, std::size_t rows, const nb::capsule& owner) {
  const std::size_t vectors = plot.vectors.size();
  nb::list names, units;
  for (const VectorInfo& vector : plot.vectors) {
    names.append(vector.name);
    units.append(std::string(quantity_unit(vector.quantity)));
  }
  nb::object array;
  if (plot.complex)
    array = nb::cast(nb::ndarray<nb::numpy, std::complex<double>, nb::ndim<2>>(
        reinterpret_cast<std::complex<double>*>(values), {rows, vectors}, owner));
  else
    array = nb::cast(nb::ndarray<nb::numpy, double, nb::ndim<2>>(values, {rows, vectors}, owner));
  return nb::make_tuple(plot.name, plot.title, names, units, array);
}

nb::list read(const std::string& path) {
  std::vector<Plot> plots;
  {
    nb::gil_scoped_release free;
    plots = app::waveforms_of(path);
  }
  nb::list list;
  for (Plot& plot : plots) {
    Table table(plot);
    std::vector<double> row(plot.vectors.size() * (plot.complex ? 2 : 1));
    for (std::size_t i = 0; i < plot.rows(); ++i) {
      for (std::size_t k = 0; k < plot.vectors.size(); ++k) {
        row[plot.complex ? 2 * k : k] = plot.columns[k][i];
        if (plot.complex) row[2 * k + 1] = plot.imaginary[k][i];
      }
      table.add(row);
    }
    plot.columns.clear();
    plot.imaginary.clear();
    table.shrink();
    list.append(nb::make_tuple(table.release(), plot.mark));
  }
  return list;
}

using Rows = nb::ndarray<nb::ro, nb::device::cpu, nb::ndim<2>>;

/// One of the arguments of write(): what Table::release() gave.
struct WrittenPlot {
  PlotInfo info;
  Rows rows;

  explicit WrittenPlot(const nb::tuple& plot)
      : info{.title = nb::cast<std::string>(plot[1]), .name = nb::cast<std::string>(plot[0]), .vectors = {}},
        rows(nb::cast<Rows>(plot[4])) {
    const auto names = nb::cast<std::vector<std::string>>(plot[2]);
    const auto units = nb::cast<std::vector<std::string>>(plot[3]);
    info.complex = rows.dtype() == nb::dtype<std::complex<double>>();
    if (names.size() != units.size() || rows.shape(1) != names.size() ||
        (!info.complex && rows.dtype() != nb::dtype<double>()))
      throw std::invalid_argument(
          "a plot to be written needs a name and a unit for every column of its array");
    for (std::size_t i = 0; i < names.size(); ++i) info.vectors.push_back({names[i], quantity_of(units[i])});
  }

  void write(WaveformSink& sink) const {
    sink.begin_plot(info);
    const std::size_t width = info.complex ? 2 : 1;
    std::vector<double> row(width * info.vectors.size());
    const auto* values = static_cast<const double*>(rows.data());
    const auto step = [&](std::size_t axis) {
      return static_cast<std::ptrdiff_t>(width) * rows.stride(axis);
    };
    for (std::size_t i = 0; i < rows.shape(0); ++i) {
      for (std::size_t k = 0; k < info.vectors.size(); ++k)
        std::copy_n(
            values + static_cast<std::ptrdiff_t>(i) * step(0) + static_cast<std::ptrdiff_t>(k) * step(1),
            width, row.begin() + static_cast<std::ptrdiff_t>(width * k));
      sink.row(row);
    }
    sink.end_plot();
  }
};

std::string write(const std::string& path, const std::string& format, const nb::list& plots,
                  const std::string& mark) {
  std::vector<WrittenPlot> written;
  for (const nb::handle plot : plots) written.emplace_back(nb::cast<nb::tuple>(plot));
  nb::gil_scoped_release free;
  const auto sink = open_file_sink(path, app::output_format(path, format), {});
  for (const WrittenPlot& plot : written) plot.write(*sink);
  sink->commit(mark);
  return sink->path();
}

using Columns = nb::ndarray<const double, nb::device::cpu, nb::ndim<2>, nb::c_contig>;

nb::tuple cut_points(const Columns& columns, bool rises) {
  std::vector<std::span<const double>> parts;
  for (std::size_t i = 0; i < columns.shape(0); ++i)
    parts.emplace_back(columns.data() + i * columns.shape(1), columns.shape(1));
  app::PointCuts cuts = app::cut_points(parts, rises);
  return nb::make_tuple(std::move(cuts.starts), cuts.values);
}

}  // namespace

void Table::Free::operator()(double* values) const {
  std::free(values);
}

void Table::grow(std::size_t values) {
  // Large blocks are moved by the system's page tables, not copied.
  auto* larger =
      static_cast<double*>(std::realloc(values_.get(), std::max<std::size_t>(values, 1) * sizeof(double)));
  if (larger == nullptr) throw std::bad_alloc();
  static_cast<void>(values_.release());
  values_.reset(larger);
  room_ = values;
}

void Table::add(std::span<const double> row) {
  if (size_ + row.size() > room_) grow(std::max(size_ + row.size(), room_ + room_ / 2));
  std::memcpy(values_.get() + size_, row.data(), row.size() * sizeof(double));
  size_ += row.size();
}

void Table::shrink() {
  grow(size_);
}

nb::tuple Table::release() {
  if (!values_) grow(0);
  const std::size_t width = plot_.vectors.size() * (plot_.complex ? 2 : 1);
  const std::size_t rows = width == 0 ? 0 : size_ / width;
  double* const values = values_.release();
  const nb::capsule owner(values, [](void* block) noexcept { std::free(block); });
  return plot_arguments(plot_, values, rows, owner);
}

nb::list TableSink::release() {
  nb::list list;
  for (Table& table : tables_) list.append(table.release());
  return list;
}

void bind_files(nb::module_& module) {
  module.def("read", &read, nb::arg("path"));
  module.def("names_point_value", &app::names_point_value, nb::arg("name"));
  module.def("cut_points", &cut_points, nb::arg("columns"), nb::arg("rises"));
  module.def("write", &write, nb::arg("path"), nb::arg("format"), nb::arg("plots"), nb::arg("mark"));
}

}  // namespace memspice::python
