#include "app/plot/picture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "app/plot/gnuplot.hpp"
#include "app/plot/thinning.hpp"

using namespace memspice::app;

TEST_CASE("units take the prefix that leaves one to three digits") {
  const auto title = [](double high, const char* unit) {
    return title_of({.name = "x", .unit = unit, .log = false, .low = 0, .high = high});
  };
  CHECK(title(3e-3, "s") == "x / ms");
  CHECK(title(0.999, "V") == "x / V");
  CHECK(title(0.5, "V") == "x / mV");
  CHECK(title(2e-5, "A") == "x / µA");
  CHECK(title(4.7e6, "Ω") == "x / MΩ");
  CHECK(title(40, "dB") == "x / dB");
  CHECK(title(0.004, "°") == "x / °");
  CHECK(title(0.004, "") == "x");
  CHECK(value_text(0.0321, "V", 3) == "32.1 mV");
  CHECK(value_text(2000, "") == "2k");
  CHECK(value_text(0, "A") == "0 A");
}

TEST_CASE("ticks are round, those of a logarithmic axis decades") {
  const auto labels = [](const PictureAxis& axis, int most) {
    std::string text;
    for (const Tick& tick : ticks_of(axis, most)) text += tick.label + " ";
    return text;
  };
  CHECK(labels({.name = {}, .unit = "s", .log = false, .low = 0, .high = 3e-3}, 6) == "0 0.5 1 1.5 2 2.5 3 ");
  CHECK(labels({.name = {}, .unit = "V", .log = false, .low = -1.1, .high = 1.1}, 3) == "-1 0 1 ");
  CHECK(labels({.name = {}, .unit = "Hz", .log = true, .low = 10, .high = 1e6}, 10) ==
        "10 100 1k 10k 100k 1M ");
  CHECK(labels({.name = {}, .unit = "", .log = false, .low = 1000000, .high = 1000004}, 4) ==
        "1000000 1000001 1000002 1000003 1000004 ");
}

TEST_CASE("thinning keeps the peaks of a million points, gaps, and the shape of loops") {
  Picture picture;
  Panel panel;
  DrawnCurve wave, loop;
  constexpr std::size_t count = 1000000;
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / count;
    wave.x.push_back(t);
    wave.y.push_back(i == 123456 ? 7 : i == 654321 ? std::nan("") : std::sin(3000 * t));
    loop.x.push_back(std::cos(6e4 * t));
    loop.y.push_back(std::sin(6e4 * t));
  }
  panel.curves = {wave};
  picture.panels = {panel};
  panel.curves = {loop};
  picture.panels.push_back(panel);
  fit_ranges(picture);
  thin_out(picture);
  const DrawnCurve& thin_wave = picture.panels[0].curves[0];
  CHECK(thin_wave.x.size() < 9000);
  CHECK(std::ranges::find(thin_wave.y, 7.0) != thin_wave.y.end());
  CHECK(std::ranges::any_of(thin_wave.y, [](double y) { return std::isnan(y); }));
  CHECK(thin_wave.x.front() == 0);
  CHECK(thin_wave.x.back() == wave.x.back());
  const DrawnCurve& thin_loop = picture.panels[1].curves[0];
  CHECK(thin_loop.x.size() < 20000);
  CHECK(thin_loop.x.size() > 500);
}

TEST_CASE("gnuplot's script: names are data") {
  Picture picture{.title = "it's `date` \"x\"\nexit", .panels = {}};
  Panel panel;
  panel.x = {.name = "time", .unit = "s"};
  panel.y = {.name = "v", .unit = "V"};
  panel.curves = {{.label = "v('a)", .x = {0, 1}, .y = {0, 2}, .colour = 0x123456},
                  {.label = "v(b)", .x = {0, 1}, .y = {std::nan(""), 2}, .colour = 0xabcdef}};
  picture.panels = {panel};
  fit_ranges(picture);
  const std::string script = gnuplot_script(picture, "svg");
  CHECK(script.find("set terminal svg size 900,520 noenhanced") != std::string::npos);
  CHECK(script.find("title 'it''s `date` \"x\" exit'") != std::string::npos);
  CHECK(script.find("title 'v(''a)'") != std::string::npos);
  CHECK(script.find("$data0 << END\n0 0\n1 2\nEND\n$data1 << END\n\n1 2\nEND\n") != std::string::npos);
  CHECK(script.find("linecolor rgb '#123456'") != std::string::npos);
  CHECK(script.find("set xlabel 'time / s'") != std::string::npos);
  CHECK(run_gnuplot(script).find("</svg>") != std::string::npos);
  CHECK(gnuplot_script(picture, "", {}).find("set terminal") == std::string::npos);
}
