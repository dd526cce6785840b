#include "generate/source_writer.hpp"

namespace memspice::generate {

SourceWriter::SourceWriter(const Specification& specification)
    : sources_(specification.sources),
      stop_(specification.stop),
      amplitude_(specification.seed, "amplitude"),
      frequency_(specification.seed, "frequency"),
      phase_(specification.seed, "phase"),
      telegraph_(specification.seed, "telegraph") {}

void SourceWriter::write(DeckText& deck) {
  switch (sources_.waveform) {
    case Waveform::none:
      break;
    case Waveform::dc:
      write_value(deck, sources_.amplitude, amplitude_);
      break;
    case Waveform::sine:
      write_value(deck << "SIN(0 ", sources_.amplitude, amplitude_);
      write_value(deck << ' ', sources_.frequency, frequency_);
      if (!sources_.phase.fixed() || sources_.phase.first != 0)
        write_value(deck << " 0 0 ", sources_.phase, phase_);
      deck << ')';
      break;
    case Waveform::pulse: {
      // From the start, high for half of a period; edges take a hundredth.
      write_value(deck << "PULSE(0 ", sources_.amplitude, amplitude_);
      const double period = 1 / sources_.frequency.draw(frequency_);
      deck << " 0 ";
      (deck.rounded(0.01 * period) << ' ').rounded(0.01 * period) << ' ';
      (deck.rounded(0.49 * period) << ' ').rounded(period) << ')';
      break;
    }
    case Waveform::telegraph:
      write_telegraph(deck);
      break;
    case Waveform::given:
      deck << sources_.text;
      break;
  }
}

void SourceWriter::write(DeckText& deck, ColumnWriter::Part part, bool some) {
  ColumnWriter columns(deck, part);
  const auto value = [&](const char* name, const Distribution& law, RandomStream& random, bool column) {
    columns.value(name, column || !law.fixed(), [&](DeckText& to) { write_value(to, law, random); });
  };
  const Waveform waveform = sources_.waveform;
  if (waveform == Waveform::sine) columns.text("SIN(0 ");
  if (waveform == Waveform::pulse) columns.text("PULSE(0 ");
  value("amplitude", sources_.amplitude, amplitude_, some);
  if (waveform == Waveform::sine) {
    columns.text(" ");
    value("frequency", sources_.frequency, frequency_, false);
    if (!sources_.phase.fixed() || sources_.phase.first != 0) {
      columns.text(" 0 0 ");
      value("phase", sources_.phase, phase_, false);
    }
    columns.text(")");
  }
  if (waveform != Waveform::pulse) return;
  const bool drawn = !sources_.frequency.fixed();
  const bool draws = !drawn || part == ColumnWriter::Part::row;
  const double period = draws ? 1 / sources_.frequency.draw(frequency_) : 0;
  const auto time = [&](const char* name, double share) {
    columns.value(name, drawn, [&](DeckText& to) { to.rounded(share * period); });
  };
  columns.text(" 0 ");
  time("edge", 0.01);
  columns.text(drawn ? " {edge} " : " ");
  if (!drawn) time("edge", 0.01);
  if (!drawn) columns.text(" ");
  time("width", 0.49);
  columns.text(" ");
  time("period", 1);
  columns.text(")");
}

void SourceWriter::write_telegraph(DeckText& deck) {
  // The times between switches are exponentially distributed; a switch takes a thousandth of their mean.
  RandomStream random(telegraph_.next());
  const double rise = 0.001 / sources_.rate;
  constexpr int time_digits = 9;  // tells the ends of a switch apart at any time of a reasonable run
  constexpr int switches_per_line = 2;
  double value = sources_.amplitude.draw(amplitude_);
  if (random.next() % 2 == 0) value = -value;
  const int digits = sources_.amplitude.fixed() ? 15 : 6;  // as written, or as drawn
  deck << "PWL(0 ";
  deck.rounded(value, digits);
  int on_line = 0;
  for (double time = 0;;) {
    time += random.exponential() / sources_.rate;
    if (time >= stop_) break;
    if (on_line++ == switches_per_line) {
      deck.end_line();
      deck << '+';
      on_line = 1;
    }
    (deck << ' ').rounded(time, time_digits) << ' ';
    deck.rounded(value, digits) << ' ';
    time += rise;
    value = -value;
    deck.rounded(time, time_digits) << ' ';
    deck.rounded(value, digits);
  }
  deck << ')';
}

void write_value(DeckText& deck, const Distribution& distribution, RandomStream& random) {
  if (distribution.fixed())
    deck.exact(distribution.first);
  else
    deck.rounded(distribution.draw(random));
}

}  // namespace memspice::generate
