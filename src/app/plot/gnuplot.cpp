#include "app/plot/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <memspice/error.hpp>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/printable.hpp"

extern char** environ;

namespace memspice::app {

namespace {

/// In single quotes gnuplot takes everything as it is.
std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (const char c : printable(std::string(text))) {
    if (c == '\'') result += '\'';
    result += c == '\n' ? ' ' : c;
  }
  return result + "'";
}

std::string axis_commands(const PictureAxis& axis, char letter, bool labelled) {
  const double factor = prefix_of(axis).factor;
  std::string text =
      fmt::format("set {}range [{:.12g}:{:.12g}]\n", letter, axis.low / factor, axis.high / factor);
  text += axis.log ? fmt::format("set logscale {0}\n", letter) : fmt::format("unset logscale {0}\n", letter);
  if (axis.log) {
    const std::vector<Tick> ticks = ticks_of(axis, 10);
    text += fmt::format("set {}tics (", letter);
    for (std::size_t i = 0; i < ticks.size(); ++i)
      text += fmt::format("{}{} {:.12g}", i == 0 ? "" : ", ", in_quotes(ticks[i].label), ticks[i].value);
    text += ")\n";
  } else {
    text += fmt::format("set {}tics autofreq\n", letter);
  }
  return text + (labelled ? fmt::format("set {}label {}\n", letter, in_quotes(title_of(axis)))
                          : fmt::format("unset {}label\n", letter));
}

void append_data(std::string& text, const Panel& panel, const DrawnCurve& curve, std::size_t number) {
  const double across = prefix_of(panel.x).factor, up = prefix_of(panel.y).factor;
  fmt::format_to(std::back_inserter(text), "$data{} << END\n", number);
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (std::isnan(curve.y[i]) || std::isnan(curve.x[i])) {
      text += '\n';
    } else {
      fmt::format_to(std::back_inserter(text), "{:.8g} {:.8g}\n", curve.x[i] / across, curve.y[i] / up);
    }
  }
  text += "END\n";
}

std::string terminal_command(std::string_view terminal, const PictureSize& size) {
  const bool inches = terminal == "pdfcairo";
  const std::string extent = inches ? fmt::format("{:.4g}in,{:.4g}in", size.width / 96.0, size.height / 96.0)
                                    : fmt::format("{},{}", size.width, size.height);
  const std::string_view font = terminal == "sixelgd" ? "font 'DejaVuSans,11'"
                                : inches              ? "font 'sans,9'"
                                                      : "font 'sans,11'";
  const std::string_view background =
      terminal == "svg" ? " background '#ffffff' rounded" : " background '#ffffff'";
  return fmt::format("set terminal {} size {} noenhanced {}{}\n", terminal, extent, font, background);
}

bool has_legend(const Panel& panel) {
  return panel.curves.size() > 1 && !panel.bars;
}

/// Of a family only the first and the last are told.
bool is_told(const Panel& panel, std::size_t curve) {
  return !panel.curves[curve].of_many || curve == 0 || curve + 1 == panel.curves.size();
}

/// Room for the legends, in letters: the same beside all panels, so that they stand below one another.
std::size_t legend_width(const Picture& picture) {
  std::size_t widest = 0;
  for (const Panel& panel : picture.panels)
    for (std::size_t i = 0; has_legend(panel) && i < panel.curves.size(); ++i)
      if (is_told(panel, i)) widest = std::max(widest, panel.curves[i].label.size() + 5);
  return std::max<std::size_t>(3, std::min<std::size_t>(widest, 50));
}

std::string panel_commands(const Panel& panel, std::size_t& number, bool labelled) {
  std::string text = axis_commands(panel.x, 'x', labelled || panel.bars) + axis_commands(panel.y, 'y', true);
  text += panel.x.log ? "set mxtics 10\n" : "set mxtics default\n";
  text += has_legend(panel) ? "set key outside right top vertical Left reverse samplen 2 spacing 1.1\n"
                            : "unset key\n";
  text += panel.bars ? fmt::format("set title {}\n", in_quotes(panel.curves.front().label)) : "unset title\n";
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    const DrawnCurve& curve = panel.curves[i];
    const std::string_view style = panel.bars ? "boxes fillstyle solid 0.6" : "lines linewidth 1.5";
    text += fmt::format("{}$data{} using 1:2 with {} linecolor rgb '#{:06x}' {}",
                        i == 0 ? "plot " : ", \\\n     ", number++, style, curve.colour,
                        is_told(panel, i) ? "title " + in_quotes(curve.label) : "notitle");
  }
  return text + "\n";
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using TemporaryStream = std::unique_ptr<std::FILE, FileCloser>;

[[noreturn]] void fail_gnuplot(int error) {
  throw FileError(fmt::format("cannot run gnuplot: {}", std::generic_category().message(error)), {}, error);
}

TemporaryStream temporary_stream() {
  TemporaryStream stream(std::tmpfile());
  if (!stream) fail_gnuplot(errno);
  return stream;
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    if (got == 0) return text;
    if (got < 0 && errno != EINTR) fail_gnuplot(errno);
  }
}

/// Starts gnuplot with the script's file as its input; returns where its output can be read.
Descriptor start_gnuplot(std::FILE* script, std::FILE* errors, pid_t& process) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail_gnuplot(errno);
  Descriptor output(ends[0]), inner(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, inner.number(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(errors), STDERR_FILENO);
  char name[] = "gnuplot";
  char* const arguments[] = {name, nullptr};
  const int error = posix_spawnp(&process, name, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT)
    throw FileError(
        "this picture needs gnuplot, and there is none on the path\n"
        "  hint: install it (Debian, Ubuntu: apt-get install gnuplot-nox; Fedora, Arch, Homebrew: gnuplot); "
        "without -o\n"
        "  the terminal shows a picture without gnuplot, and -o out.gp writes the script for a gnuplot "
        "elsewhere");
  if (error != 0) fail_gnuplot(error);
  return output;
}

int default_height(const Picture& picture) {
  const auto panels = static_cast<int>(picture.panels.size());
  return panels == 1 ? 520 : 60 + 260 * panels;
}

}  // namespace

std::string gnuplot_script(const Picture& picture, std::string_view terminal, PictureSize size) {
  if (size.height == 0) size.height = default_height(picture);
  std::string text = "# Made by memspice plot: gnuplot 5.2 or later draws it.\nset encoding utf8\n";
  if (!terminal.empty()) text += terminal_command(terminal, size);
  text +=
      "set grid linecolor rgb '#cccccc' linewidth 0.5 linetype 1\n"
      "set border 3 linecolor rgb '#333333'\nset tics nomirror out textcolor rgb '#333333'\n"
      "set format x '%h'\nset format y '%h'\nset boxwidth 0.92 relative\n";
  std::size_t number = 0;
  for (const Panel& panel : picture.panels)
    for (const DrawnCurve& curve : panel.curves) append_data(text, panel, curve, number++);
  const std::size_t panels = picture.panels.size();
  text += fmt::format("set multiplot layout {},1 title {}\nset lmargin 11\nset rmargin {}\n", panels,
                      in_quotes(picture.title), legend_width(picture));
  number = 0;
  for (std::size_t i = 0; i < panels; ++i) text += panel_commands(picture.panels[i], number, i + 1 == panels);
  return text + "unset multiplot\n";
}

bool has_gnuplot() {
  const char* path = std::getenv("PATH");
  if (!path) return false;
  std::string_view folders = path;
  while (true) {
    const std::size_t end = std::min(folders.find(':'), folders.size());
    const std::filesystem::path file = std::filesystem::path(folders.substr(0, end)) / "gnuplot";
    if (::access(file.c_str(), X_OK) == 0) return true;
    if (end == folders.size()) return false;
    folders.remove_prefix(end + 1);
  }
}

std::string run_gnuplot(const std::string& script) {
  const TemporaryStream input = temporary_stream(), errors = temporary_stream();
  if (std::fwrite(script.data(), 1, script.size(), input.get()) != script.size() ||
      std::fflush(input.get()) != 0)
    fail_gnuplot(errno);
  std::rewind(input.get());
  pid_t process = 0;
  const Descriptor output = start_gnuplot(input.get(), errors.get(), process);
  std::string picture = read_all(output.number());
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !picture.empty()) return picture;
  std::rewind(errors.get());
  std::string said = read_all(fileno(errors.get()));
  while (said.ends_with('\n')) said.pop_back();
  throw FileError(fmt::format("gnuplot made no picture{}{}", said.empty() ? "" : ": ", said));
}

}  // namespace memspice::app
