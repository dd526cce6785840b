#include "analysis/output/fourier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "netlist/cards/vectors.hpp"

namespace memspice {

namespace {

/// ∫ y(t) e^(-iωt) dt over a straight piece from (t0, y0) to (t1, y1).
std::complex<double> transform(double t0, double y0, double t1, double y1, double omega) {
  const double half = 0.5 * (t1 - t0);
  const double theta = omega * half;
  const double mean = 0.5 * (y0 + y1), rise = 0.5 * (y1 - y0);
  // even = sin θ / θ, odd = (sin θ - θ cos θ) / θ²: by their series where the difference cancels.
  double even = 1, odd = theta / 3;
  if (std::abs(theta) > 1e-2) {
    even = std::sin(theta) / theta;
    odd = (std::sin(theta) - theta * std::cos(theta)) / (theta * theta);
  } else {
    const double square = theta * theta;
    even = 1 - square / 6 * (1 - square / 20);
    odd = theta / 3 * (1 - square / 10 * (1 - square / 28));
  }
  return 2 * half * std::polar(1.0, -omega * (t0 + half)) * std::complex<double>(mean * even, -rise * odd);
}

double degrees(double radians) {
  return radians * 180 / std::numbers::pi;
}

FourierReport analyse(const std::vector<double>& time, const std::vector<double>& values,
                      const FourierCard& card, int harmonics) {
  const double frequency = card.frequency;
  FourierReport report{.frequency = frequency};
  const double end = time.back();
  constexpr double rounding = 1e-9;  // of a period
  const double held = std::floor((end - time.front()) * frequency + rounding);
  const double periods = card.periods < 0 ? std::max(held, 1.0) : card.periods;
  const double length = periods / frequency;
  double begin = end - length;
  if (periods > held) {
    report.message =
        fmt::format("{} {:g} s, the transient only {:g} s",
                    periods == 1 ? "one period lasts" : fmt::format("{:g} periods last", periods), length,
                    end - time.front());
    return report;
  }
  begin = std::max(begin, time.front());
  std::vector<std::complex<double>> sums(static_cast<std::size_t>(harmonics));
  for (std::size_t k = 1; k < time.size(); ++k) {
    if (time[k] <= begin) continue;
    const double t0 = std::max(time[k - 1], begin);
    const double y0 =
        values[k - 1] + (values[k] - values[k - 1]) * ((t0 - time[k - 1]) / (time[k] - time[k - 1]));
    for (std::size_t n = 0; n < sums.size(); ++n)
      sums[n] += transform(t0 - begin, y0, time[k] - begin, values[k],
                           2 * std::numbers::pi * frequency * static_cast<double>(n));
  }
  double squares = 0;
  for (std::size_t n = 0; n < sums.size(); ++n) {
    FourierReport::Harmonic harmonic{.frequency = frequency * static_cast<double>(n)};
    if (n == 0) {
      harmonic.magnitude = sums[0].real() / length;
    } else {
      // a sin + b cos: the transform over a length T is (b - ia) T/2.
      const std::complex<double> sine = sums[n] * std::complex<double>(0, 2 / length);
      harmonic.magnitude = std::abs(sine);
      harmonic.phase = degrees(std::arg(sine));
      const FourierReport::Harmonic& first = n == 1 ? harmonic : report.harmonics[1];
      harmonic.normalised_magnitude = harmonic.magnitude / first.magnitude;
      harmonic.normalised_phase = harmonic.phase - first.phase;
      if (n > 1) squares += harmonic.normalised_magnitude * harmonic.normalised_magnitude;
    }
    report.harmonics.push_back(harmonic);
  }
  report.distortion = std::sqrt(squares);
  return report;
}

}  // namespace

namespace {

using Kind = Token::Kind;
using Blanks = CardReader::Blanks;

constexpr std::string_view fourier_form = "its form is .four frequency [harmonics [periods]] v(out) …";

/// LTspice's numbers of harmonics and periods.
void read_counts(CardContext& card, FourierCard& fourier) {
  const std::string_view count_at = card.reader.peek().text;
  double count = 0;
  if (!card.reader.plain_number(count, Blanks::end_it)) return;
  if (!(count >= 1 && count < 10000 && count == std::floor(count)))
    throw Problem{count_at,
                  fmt::format("the number of harmonics is a whole number from 1 on, not {:g}", count)};
  fourier.harmonics = static_cast<int>(count) + 1;
  card.reader.skip_commas();
  const std::string_view periods_at = card.reader.peek().text;
  double& periods = fourier.periods;
  card.reader.plain_number(periods, Blanks::end_it);
  if (!(periods == -1 || (periods >= 1 && periods == std::floor(periods))))
    throw Problem{
        periods_at,
        fmt::format("the number of periods is a whole number from 1 on, or -1 for all of them, not {:g}",
                    periods)};
}

void read_fourier(CardContext& card) {
  FourierCard fourier;
  fourier.where = card.where;
  const std::string_view at = card.reader.peek().text;
  if (card.reader.peek(1).is(Kind::open))
    throw Problem{at, fmt::format("expected a frequency, not '{}'", at), std::string(fourier_form)};
  fourier.frequency = card.value(Blanks::end_it);
  if (!(fourier.frequency > 0))
    throw Problem{at, fmt::format("the frequency must be greater than 0 Hz, not {:g}", fourier.frequency)};
  card.reader.skip_commas();
  read_counts(card, fourier);
  for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
    const std::string_view vector_at = card.reader.peek().text;
    VectorExpression vector = named_expression(card);
    if (std::ranges::none_of(
            vector.nodes, [](const auto& node) { return node.kind == VectorExpression::Node::Kind::vector; }))
      throw Problem{vector_at, fmt::format("'{}' names no vector", vector.text), std::string(fourier_form)};
    fourier.vectors.push_back(std::move(vector));
  }
  if (fourier.vectors.empty())
    throw Problem{card.reader.peek().text, "this card names no vector", std::string(fourier_form)};
  card.circuit.outputs.fouriers.push_back(std::move(fourier));
}

}  // namespace

const CardKind& fourier_card_kind() {
  static constexpr CardKind kind{.description = {".four", "", "frequency [harmonics [periods]] vector …",
                                                 "harmonics over the last periods of every .tran"},
                                 .group = CardGroup::outputs,
                                 .read = read_fourier};
  return kind;
}

std::vector<FourierReport> find_harmonics(const Circuit& circuit, const FourierCard& card,
                                          const Samples& samples, const std::string& early) {
  std::vector<FourierReport> reports;
  for (const VectorExpression& vector : card.vectors) {
    if (early.empty() && samples.size() > 1) {
      reports.push_back(analyse(samples.scale(), samples.values(vector, {}), card,
                                card.harmonics > 0 ? card.harmonics : circuit.options.harmonics));
    } else {
      reports.push_back({.frequency = card.frequency, .message = early});
    }
    reports.back().vector = vector.text;
  }
  return reports;
}

}  // namespace memspice
