#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/output/analysis_frame.hpp"
#include "analysis/output/analysis_output.hpp"
#include "analysis/small_signal/linear_output.hpp"
#include "analysis/types/analysis_run.hpp"
#include "equations/linear/noise.hpp"
#include "netlist/cards/frequencies.hpp"
#include "netlist/cards/output_quantity.hpp"

namespace memspice {

namespace {

/// ∫ S df between two frequencies for a density that is a power of the frequency there: exact for white
/// noise, for 1/f noise and for their slopes.
double between(double f0, double s0, double f1, double s1) {
  if (s0 <= 0 || s1 <= 0 || f0 <= 0) return 0.5 * (s0 + s1) * (f1 - f0);
  const double decades = std::log(f1 / f0);
  const double slope = std::log(s1 / s0) / decades + 1;  // of f S(f)
  if (std::abs(slope * decades) < 1e-8) return s0 * f0 * decades;
  return s0 * f0 * std::expm1(slope * decades) / slope;
}

/// One noise current.
struct Generator {
  std::string label;  // "r1_thermal"
  std::string kind;   // "thermal"
  std::uint32_t element = 0;
  std::uint32_t plus = 0;  // rows
  std::uint32_t minus = 0;
  std::vector<std::pair<std::uint32_t, double>> inside;  // as in NoiseSource
  double factor = 1;        // temperature of its own over the circuit's; 0: noisy=0
  double output = 0;        // V²/Hz (or A²/Hz) at the output, at the last frequency
  double input = 0;         // referred to the input
  double output_power = 0;  // V²: integrals so far
  double input_power = 0;
};

constexpr double least_gain_squared = 1e-100;  // keeps what no input reaches finite

/// All noise currents of a circuit, population by population and then the switches.
class Generators {
 public:
  Generators(SmallSignal& small, double kelvin) : small_(small), kelvin_(kelvin) {
    const EquationSystem& system = small.system();
    for (const NoiseSource& source : noise_sources(system))
      all_.push_back(
          {.label = fmt::format("{}_{}", system.circuit().element_names[source.element], source.name),
           .kind = std::string(source.name),
           .element = source.element,
           .plus = source.plus,
           .minus = source.minus,
           .inside = source.inside});
    const Circuit& circuit = system.circuit();
    for (const SmallSignalResistor& resistor : circuit.records.small_signal_resistors) {
      const std::uint32_t element = circuit.groups[resistor.group].names[resistor.index];
      for (Generator& generator : all_)
        if (generator.element == element)
          generator.factor = resistor.noise_factor(kelvin) * small.resistance_ratio(resistor);
    }
  }

  /// Says how the noise of devices enters at the operating point, which has been found.
  void find_paths() {
    const Solution& at = small_.at();
    const std::vector<NoiseSource> sources =
        noise_sources(small_.system(), at.y.data(), at.derivative.data());
    for (std::size_t i = 0; i < all_.size(); ++i) all_[i].inside = sources[i].inside;
  }

  /// Evaluates all of them at a frequency (Hz), λ being the solution of the transposed system for the output.
  void evaluate(double hertz, std::span<const Complex> lambda, double gain_squared) {
    noise_densities(small_.system(), small_.at().y.data(), small_.at().derivative.data(), kelvin_, hertz,
                    density_);
    for (std::size_t i = 0; i < all_.size(); ++i) {
      Generator& generator = all_[i];
      Complex transfer = lambda[generator.plus] - lambda[generator.minus];
      for (const auto& [row, weight] : generator.inside) transfer += weight * lambda[row];
      const double output = std::norm(transfer) * density_[i] * generator.factor;
      const double input = output / std::max(gain_squared, least_gain_squared);
      if (last_frequency_) {
        generator.output_power += between(*last_frequency_, generator.output, hertz, output);
        generator.input_power += between(*last_frequency_, generator.input, hertz, input);
      }
      generator.output = output;
      generator.input = input;
    }
    last_frequency_ = hertz;
  }

  [[nodiscard]] const std::vector<Generator>& all() const { return all_; }
  [[nodiscard]] double total(double Generator::*part) const {
    double sum = 0;
    for (const Generator& generator : all_) sum += generator.*part;
    return sum;
  }
  /// Names of elements that should make thermal noise and have none at the last frequency.
  [[nodiscard]] std::vector<std::string> silent() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (density_[i] == 0 && all_[i].label.ends_with("_thermal"))
        names.emplace_back(small_.system().circuit().element_names[all_[i].element]);
    return names;
  }

 private:
  SmallSignal& small_;
  double kelvin_;
  std::vector<Generator> all_;
  std::vector<double> density_;  // A²/Hz
  std::optional<double> last_frequency_;
};

/// The vectors that say who makes the noise: "onoise_r1_thermal" for each generator and "onoise_r1" for each
/// element.
struct Contributions {
  std::vector<std::string> names;
  std::vector<std::string> arguments;  // of Xyce's DNO(): "r1,thermal", "r1"
  std::vector<std::vector<std::size_t>> members;

  Contributions(const Generators& generators, const Circuit& circuit) {
    const std::vector<Generator>& all = generators.all();
    for (std::size_t i = 0; i < all.size(); ++i) {
      names.push_back(all[i].label);
      arguments.push_back(fmt::format("{},{}", circuit.element_names[all[i].element], all[i].kind));
      members.push_back({i});
      const bool last = i + 1 == all.size() || all[i + 1].element != all[i].element;
      if (!last) continue;
      names.emplace_back(circuit.element_names[all[i].element]);
      arguments.push_back(names.back());
      members.emplace_back();
      for (std::size_t k = i + 1; k > 0 && all[k - 1].element == all[i].element; --k)
        members.back().push_back(k - 1);
    }
  }
  [[nodiscard]] double sum(std::size_t which, const Generators& generators, double Generator::*part) const {
    double sum = 0;
    for (const std::size_t i : members[which]) sum += generators.all()[i].*part;
    return sum;
  }
};

/// Whether a card of the deck looks at one of them.
bool asks_for_contributions(const Circuit& circuit) {
  const auto asks = [](std::string_view name) {
    return name.starts_with("dno(") || name.starts_with("dni(") || name.starts_with("onoise_") ||
           name.starts_with("v(onoise_");
  };
  const auto any = [&](const VectorExpression& expression) {
    return std::ranges::any_of(expression.nodes, [&](const auto& node) { return asks(node.name); });
  };
  const auto& outputs = circuit.outputs;
  return std::ranges::any_of(outputs.prints,
                             [&](const PrintCard& print) {
                               return std::ranges::any_of(print.items, [&](const PrintCard::Item& item) {
                                 return asks(item.pattern) || any(item.expression);
                               });
                             }) ||
         std::ranges::any_of(outputs.measures,
                             [&](const MeasureCard& measure) { return any(measure.value); });
}

/// What a row holds: behind the densities, for cards that ask for them, the noise of the band so far.
void describe_noise_rows(const Circuit& circuit, const NoiseCard& card, const Contributions* contributions,
                         OutputPlan& plan) {
  const bool output_current = card.output.current;
  const bool input_current = std::ranges::none_of(
      circuit.voltage_sources, [&](const Source& source) { return source.name == card.input; });
  const auto density = [](bool current) {
    return current ? Quantity::current_density : Quantity::voltage_density;
  };
  const auto total = [](bool current) { return current ? Quantity::current : Quantity::voltage; };
  plan.append("onoise_spectrum", density(output_current));
  plan.append("inoise_spectrum", density(input_current));
  if (contributions != nullptr && card.points_per_summary > 0)
    for (const std::string& name : contributions->names)
      plan.append("onoise_" + name, density(output_current));
  plan.offer("onoise_total", total(output_current));
  plan.offer("inoise_total", total(input_current));
  for (std::size_t i = 0; contributions != nullptr && i < contributions->names.size(); ++i) {
    if (card.points_per_summary == 0)
      plan.offer("onoise_" + contributions->names[i], density(output_current));
    plan.offer(fmt::format("dno({})", contributions->arguments[i]), Quantity::notype);
    plan.offer(fmt::format("dni({})", contributions->arguments[i]), Quantity::notype);
  }
}

void warn_of_silent(const Circuit& circuit, const NoiseCard& card, const std::vector<std::string>& names,
                    std::vector<Diagnostic>& warnings) {
  if (names.empty()) return;
  constexpr std::size_t most = 5;
  std::string list;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) list += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) list += fmt::format(" and {} more", names.size() - most);
  warnings.push_back(diagnose(*circuit.sources, card.where, 6,
                              fmt::format("negative resistances make no noise here: {}", list),
                              "thermal noise is that of a resistance in equilibrium", Severity::warning));
}

/// The second plot: powers over the whole band.
void write_totals(const Circuit& circuit, const Generators& generators, const Contributions* contributions,
                  bool output_current, bool input_current, WaveformSink& sink) {
  std::vector<VectorInfo> vectors;
  std::vector<double> row;
  const auto add = [&](bool current, std::string name, double power) {
    vectors.push_back(
        {fmt::format("{}({})", current ? 'i' : 'v', name), current ? Quantity::current : Quantity::voltage});
    row.push_back(std::sqrt(power));
  };
  add(output_current, "onoise_total", generators.total(&Generator::output_power));
  add(input_current, "inoise_total", generators.total(&Generator::input_power));
  for (std::size_t i = 0; contributions != nullptr && i < contributions->names.size(); ++i) {
    add(output_current, "onoise_total_" + contributions->names[i],
        contributions->sum(i, generators, &Generator::output_power));
    add(input_current, "inoise_total_" + contributions->names[i],
        contributions->sum(i, generators, &Generator::input_power));
  }
  sink.begin_plot({circuit.title, "Integrated Noise", false, std::move(vectors)});
  sink.row(row);
  sink.end_plot();
}

void check_noise(const Circuit& original, const AnalysisCard& given) {
  const auto& card = given.as<NoiseCard>();
  const Circuit circuit = LinearOutput(card.output).prepare(original);
  SmallSignal small(circuit, ".noise");
  const Generators generators(small, circuit.options.temperature + 273.15);
  std::optional<Contributions> contributions;
  if (card.points_per_summary > 0 || asks_for_contributions(circuit))
    contributions.emplace(generators, circuit);
  std::vector<Diagnostic> warnings;
  OutputPlan plan(circuit, given.type(), {{"frequency", Quantity::frequency}}, warnings);
  describe_noise_rows(circuit, card, contributions ? &*contributions : nullptr, plan);
  AnalysisOutput::check(circuit, plan, false);
  check_linearisation(original);
}

AnalysisReport run_noise(AnalysisRun& run, const NoiseCard& card) {
  AnalysisReport report;
  const LinearOutput output(card.output);
  const Circuit circuit = output.prepare(run.circuit);
  report.summary = fmt::format("noise at {}: {}", card.output.text, describe_frequencies(card.frequencies));
  const auto is_input = [&](const Source& source) { return source.name == card.input; };
  const auto voltage = std::ranges::find_if(circuit.voltage_sources, is_input);
  const auto current = std::ranges::find_if(circuit.current_sources, is_input);
  const bool input_current = voltage == circuit.voltage_sources.end();

  Stopwatch watch;
  SmallSignal small(circuit, ".noise");
  Generators generators(small, circuit.options.temperature + 273.15);
  std::optional<Contributions> contributions;
  if (card.points_per_summary > 0 || asks_for_contributions(circuit))
    contributions.emplace(generators, circuit);
  OutputPlan plan(circuit, type_of<NoiseCard>(), {{"frequency", Quantity::frequency}}, run.warnings);
  describe_noise_rows(circuit, card, contributions ? &*contributions : nullptr, plan);
  AnalysisOutput rows(circuit, plan, false, run.sink, run.warnings);
  report.statistics.setup_seconds = watch.lap();
  fill_plot(report, rows, [&] {
    small.find_operating_point();
    generators.find_paths();
    report.operating_point = small.quiet_point().method();
    report.statistics.operating_point_seconds = watch.lap();
    std::vector<Complex> lambda(small.system().size());
    const std::size_t every = std::max<std::size_t>(card.points_per_summary, 1);
    for (std::size_t k = 0; k < card.frequencies.size(); ++k) {
      const double hertz = card.frequencies[k];
      if (interrupted(report, run.options, with_prefix(hertz, "Hz"))) break;
      small.set_frequency(hertz);
      std::ranges::fill(lambda, Complex{});
      output.add_gradient<Complex>(small.system(), lambda);
      small.solve_transposed(lambda);
      const SourceChanges<Complex> gains =
          output.source_gradient<Complex>(small.linear(), circuit, lambda, small.system());
      const Complex gain = input_current ? gains.current[current - circuit.current_sources.begin()]
                                         : gains.voltage[voltage - circuit.voltage_sources.begin()];
      generators.evaluate(hertz, lambda, std::norm(gain));
      if (k == 0) warn_of_silent(circuit, card, generators.silent(), run.warnings);
      std::vector<double> row{hertz, std::sqrt(generators.total(&Generator::output)),
                              std::sqrt(generators.total(&Generator::input))};
      const std::size_t parts = contributions ? contributions->names.size() : 0;
      const bool summary = card.points_per_summary > 0;
      for (std::size_t i = 0; summary && i < parts; ++i)
        row.push_back(std::sqrt(contributions->sum(i, generators, &Generator::output)));
      row.push_back(std::sqrt(generators.total(&Generator::output_power)));
      row.push_back(std::sqrt(generators.total(&Generator::input_power)));
      for (std::size_t i = 0; i < parts; ++i) {
        const double power = contributions->sum(i, generators, &Generator::output);
        if (!summary) row.push_back(std::sqrt(power));
        row.push_back(power);
        row.push_back(contributions->sum(i, generators, &Generator::input));
      }
      if (k % every != 0) {
        rows.point(row);
        continue;
      }
      rows.row(row);
      ++report.statistics.rows;
    }
    small.report(report.statistics);
    report.statistics.integration_seconds = watch.lap();
  });
  if (report.outcome == Outcome::complete && card.frequencies.size() > 1)
    write_totals(circuit, generators,
                 contributions && card.points_per_summary > 0 ? &*contributions : nullptr,
                 card.output.current, input_current, run.sink);
  return report;
}

void read_noise(CardContext& card) {
  NoiseCard read;
  read.where = card.where;
  const std::string_view at = card.reader.peek().text;
  read.output = output_quantity(card, ".noise");
  if (read.output.current)
    throw Problem{at, "the output of .noise is a voltage",
                  "write .noise v(node) source dec number first last"};
  read.input = independent_source(card, ".noise");
  read.frequencies = frequencies(card, ".noise");
  if (!card.reader.at_end()) {
    const std::string_view points_at = card.reader.peek().text;
    const double points = card.value(CardReader::Blanks::end_it);
    if (points < 0 || points != std::floor(points) || points > 1e9)
      throw Problem{points_at, fmt::format("the points a summary must be a whole number, not {:g}", points)};
    read.points_per_summary = static_cast<std::size_t>(points);
  }
  card.reader.expect_end();
  card.circuit.analyses.emplace_back(std::move(read));
}

}  // namespace

const AnalysisType& type_of(const NoiseCard*) {
  static constexpr AnalysisType type{
      .card = {.description = {".noise", "", "v(node[,node]) source dec|oct|lin number first last [points]",
                               "noise over frequencies"},
               .group = CardGroup::analyses,
               .read = read_noise,
               .analysis = &type},
      .plot = "Noise Spectral Density Curves",
      .scale = {"frequency", Quantity::frequency},
      .check = check_noise,
      .rows = rows_of_frequencies<NoiseCard>,
      .run = run_reported<NoiseCard, run_noise>,
  };
  return type;
}

}  // namespace memspice
