#include "app/view/page.hpp"

#include <fmt/format.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>
#elif defined(__linux__)
#include <sys/auxv.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memspice/error.hpp>
#include <sstream>

#include "app/plot/points.hpp"
#include "base/usage_error.hpp"
#include "waveform/output_file.hpp"
#include "waveform/quantity.hpp"

namespace memspice::app {

namespace {

using nlohmann::ordered_json;
static_assert(std::endian::native == std::endian::little, "the page's numbers are little-endian");

constexpr std::string_view data_mark = "<!--memspice-data-->";
constexpr std::size_t most_doubles = 2'000'000;      // of a plot
constexpr std::size_t most_bytes = 300'000'000;      // of a page's numbers: base64 makes four bytes of three
constexpr std::size_t piece_bytes = 3 * (1u << 18);  // of one script element, before base64

/// Empty where the system does not say.
std::filesystem::path this_program() {
  std::error_code error;
#if defined(__APPLE__)
  std::array<char, 4096> path{};
  auto size = static_cast<std::uint32_t>(path.size());
  if (::_NSGetExecutablePath(path.data(), &size) != 0) return {};
  return std::filesystem::canonical(path.data(), error);
#else
  std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
#if defined(__linux__)
  if (error)  // a root without /proc
    if (const auto* const started = reinterpret_cast<const char*>(::getauxval(AT_EXECFN)))
      program = std::filesystem::canonical(started, error);
#endif
  return program;
#endif
}

std::vector<std::filesystem::path> template_places() {
  std::vector<std::filesystem::path> places;
  if (const char* share = std::getenv("MEMSPICE_SHARE"); share && *share)
    places.emplace_back(std::filesystem::path(share) / "view.html");
  if (const std::filesystem::path program = this_program(); !program.empty()) {
    places.push_back(program.parent_path() / "share/memspice/view.html");                // the build folder
    places.push_back(program.parent_path().parent_path() / "share/memspice/view.html");  // installed
  }
  return places;
}

/// Text between <script> and </script>.
std::string script_text(const ordered_json& json) {
  const std::string text = json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  std::string safe;
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

class Base64 {
 public:
  explicit Base64(OutputFile& file) : file_(file) {}

  void write(std::string_view bytes) {
    static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve(bytes.size() / 3 * 4 + 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
      const auto byte = [&](std::size_t k) {
        return k < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[k])) : 0u;
      };
      const std::uint32_t three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
      text += letters[three >> 18];
      text += letters[three >> 12 & 63];
      text += i + 1 < bytes.size() ? letters[three >> 6 & 63] : '=';
      text += i + 2 < bytes.size() ? letters[three & 63] : '=';
    }
    for (std::string_view left = text; !left.empty();) {
      const std::size_t piece = std::min(left.size(), OutputFile::buffer_size / 2);
      file_.write(left.substr(0, piece));
      left.remove_prefix(piece);
    }
  }

 private:
  OutputFile& file_;
};

/// A plot as the page has it: the layout of its rows, and its columns one behind the other.
class PagePlot {
 public:
  explicit PagePlot(const Plot& plot) : plot_(plot), layout_(layout_of(plot)) {
    std::size_t numbers = 0;
    for (std::size_t i = 0; i < plot.vectors.size(); ++i) numbers += plot.rows() * (is_complex(i) ? 2 : 1);
    single_ = numbers > most_doubles;
    for (std::size_t i = 0; i < plot.vectors.size(); ++i)
      size_ += plot.rows() * bytes(i) * (is_complex(i) ? 2 : 1);
  }

  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] ordered_json description() const {
    ordered_json vectors = ordered_json::array(), points = ordered_json::array();
    for (std::size_t i = 0; i < plot_.vectors.size(); ++i) {
      std::string unit(quantity_unit(plot_.vectors[i].quantity));
      if (unit == "Ohm") unit = "Ω";
      vectors.push_back(
          {{"name", plot_.vectors[i].name}, {"unit", unit}, {"bytes", bytes(i)}, {"complex", is_complex(i)}});
    }
    for (const PointRows& rows : layout_.points)
      points.push_back({{"begin", rows.begin}, {"end", rows.end}, {"label", rows.label}});
    return {{"name", plot_.name},
            {"rows", plot_.rows()},
            {"size", size_},
            {"scaleIndex", layout_.scale == PlotLayout::none ? ordered_json() : ordered_json(layout_.scale)},
            {"pointValues", layout_.point_values},
            {"points", std::move(points)},
            {"vectors", std::move(vectors)}};
  }

  void write(OutputFile& file, std::size_t number) const {
    std::string piece;
    const auto flush = [&] {
      if (piece.empty()) return;
      file.write(fmt::format("<script type=\"text/plain\" data-plot=\"{}\">", number));
      Base64(file).write(piece);
      file.write("</script>\n");
      piece.clear();
    };
    const auto add = [&](const std::vector<double>& column, std::size_t bytes) {
      for (const double value : column) {
        std::array<char, 8> raw{};
        if (bytes == 8) {
          std::memcpy(raw.data(), &value, 8);
        } else {
          const auto rounded = static_cast<float>(value);
          std::memcpy(raw.data(), &rounded, 4);
        }
        piece.append(raw.data(), bytes);
        if (piece.size() >= piece_bytes) flush();
      }
    };
    for (std::size_t i = 0; i < plot_.vectors.size(); ++i) {
      add(plot_.columns[i], bytes(i));
      if (is_complex(i)) add(plot_.imaginary[i], bytes(i));
    }
    flush();
  }

 private:
  [[nodiscard]] bool is_complex(std::size_t vector) const {
    return plot_.complex && plot_.vectors[vector].quantity != Quantity::frequency;
  }
  [[nodiscard]] std::size_t bytes(std::size_t vector) const {
    return single_ && vector != layout_.scale ? 4 : 8;
  }

  const Plot& plot_;
  PlotLayout layout_;
  bool single_ = false;
  std::size_t size_ = 0;
};

}  // namespace

std::string read_page_template() {
  for (const std::filesystem::path& place : template_places()) {
    std::ifstream file(place, std::ios::binary);
    if (!file) continue;
    std::ostringstream whole;
    whole << file.rdbuf();
    const std::string text = whole.str();
    if (text.find(data_mark) != std::string::npos) return text;
    throw FileError(
        fmt::format("'{}' is no page of memspice view: it has no place for the data", place.string()));
  }
  throw FileError(
      "the page of memspice view is not installed\n"
      "  hint: it is built with Node.js 18 or later and npm: cmake -S . -B build -DMEMSPICE_VIEW=ON && cmake "
      "--build build;\n"
      "  a page that was built elsewhere is found in the folder that MEMSPICE_SHARE names. memspice plot "
      "needs neither");
}

void write_page(const Page& page, const std::string& path) {
  const std::string frame = read_page_template();
  std::vector<PagePlot> plots(page.plots.begin(), page.plots.end());
  std::size_t size = 0;
  ordered_json descriptions = ordered_json::array();
  for (const PagePlot& plot : plots) {
    size += plot.size();
    descriptions.push_back(plot.description());
  }
  if (size > most_bytes)
    throw UsageError(fmt::format("the page would hold {} MB of numbers, and no browser opens more than {}",
                                 size / 1'000'000, most_bytes / 1'000'000),
                     "name the vectors to be shown: memspice view out.raw 'w(*)'; or write fewer rows");
  OutputFile file(path);
  const std::size_t mark = frame.find(data_mark);
  file.write(std::string_view(frame).substr(0, mark));
  const ordered_json info{{"memspice", MEMSPICE_VERSION},
                          {"source", page.source},
                          {"title", page.plots.empty() ? "" : page.plots.front().title},
                          {"plots", std::move(descriptions)},
                          {"network", page.network}};
  file.write("<script type=\"application/json\" id=\"memspice-info\">");
  const std::string text = script_text(info);
  for (std::string_view left = text; !left.empty();) {
    const std::size_t piece = std::min(left.size(), OutputFile::buffer_size / 2);
    file.write(left.substr(0, piece));
    left.remove_prefix(piece);
  }
  file.write("</script>\n");
  for (std::size_t i = 0; i < plots.size(); ++i) plots[i].write(file, i);
  file.write(std::string_view(frame).substr(mark + data_mark.size()));
  file.commit();
}

}  // namespace memspice::app
