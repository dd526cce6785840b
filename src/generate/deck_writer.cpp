#include "generate/deck_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "generate/components.hpp"
#include "generate/deck_head.hpp"
#include "generate/deck_text.hpp"
#include "generate/node_name.hpp"
#include "generate/source_writer.hpp"

namespace memspice::generate {

namespace {

/// Which memristors have a source in series, asked in their order.
class SeriesSources {
 public:
  SeriesSources(const Specification& specification, const Network& network)
      : drive_(specification.sources.waveform == Waveform::none ? Drive::port : specification.sources.drive),
        chosen_(static_cast<std::uint32_t>(network.memristors.size()),
                driven_memristors(specification.sources, network),
                RandomStream(specification.seed, "drive")) {
    if (drive_ != Drive::one) return;
    // On a bridge a source drives no current.
    RandomStream random(specification.seed, "drive");
    const std::vector<std::uint32_t> candidates = chords(network);
    if (!candidates.empty()) only_ = candidates[random.below(static_cast<std::uint32_t>(candidates.size()))];
  }

  bool next(std::uint32_t k) { return drive_ == Drive::one ? k == only_ : chosen_.next(); }

 private:
  Drive drive_;
  Selection chosen_;
  std::uint32_t only_ = 0;
};

/// A parameter of the memristors: on the model when all have the same, otherwise drawn for each.
struct Parameter {
  const char* name;
  const Distribution& law;
  RandomStream random;
};

class Memristors {
 public:
  Memristors(const Specification& specification, const Network& network)
      : devices_(specification.devices),
        reversed_(selection(specification, network, "polarity", devices_.reversed)),
        active_(selection(specification, network, "active", devices_.active)) {
    const auto add = [&](const char* name, const Distribution& law) {
      (law.fixed() ? common_ : drawn_).push_back({name, law, RandomStream(specification.seed, name)});
    };
    if (!devices_.level.empty()) {
      for (const ModelParameter& parameter : devices_.parameters)
        if (parameter.word.empty()) add(parameter.name.c_str(), parameter.law);
      return;
    }
    add("ron", devices_.ron);
    add("roff", devices_.roff);
    add("alpha", devices_.alpha);
    add("beta", devices_.beta);
    add("w0", devices_.w0);
  }

  /// What all have in common, as parameters: -D beta=0.06 and .step change it.
  void write_parameters(DeckText& deck) {
    if (common_.empty()) return;
    deck << ".param";
    for (Parameter& parameter : common_)
      write_value(deck << ' ' << parameter.name << '=', parameter.law, parameter.random);
    deck.end_line();
  }

  void write_model(DeckText& deck) {
    deck << ".model memory memristor(level=";
    deck << (devices_.level.empty() ? std::string_view("1") : devices_.level);
    for (const ModelParameter& parameter : devices_.parameters)
      if (!parameter.word.empty()) deck << ' ' << parameter.name << '=' << parameter.word;
    for (const Parameter& parameter : common_) deck << ' ' << parameter.name << "={" << parameter.name << '}';
    if (devices_.reversed == 1) deck << " polarity=-1";
    if (devices_.active == 1) deck << " active=1";
    if (devices_.voltage_control) deck << " control=voltage";
    deck << ')';
    deck.end_line();
  }

  /// What they have on columns of an edge list.
  void write_columns(DeckText& deck, ColumnWriter::Part part) {
    const bool row = part == ColumnWriter::Part::row;
    ColumnWriter columns(deck, part);
    for (Parameter& parameter : drawn_)
      columns.value(parameter.name, true,
                    [&](DeckText& to) { write_value(to, parameter.law, parameter.random); });
    const auto some = [&](const char* name, double fraction, Selection& selection, std::string_view value) {
      const bool chosen = row && selection.next();
      if (fraction > 0 && fraction < 1)
        columns.value(name, true, [&](DeckText& to) { to << (chosen ? value : "-"); });
    };
    some("polarity", devices_.reversed, reversed_, "-1");
    some("active", devices_.active, active_, "1");
  }

  void write_next(DeckText& deck) {
    deck << " memory";
    for (Parameter& parameter : drawn_)
      write_value(deck << ' ' << parameter.name << '=', parameter.law, parameter.random);
    if (reversed_.next() && devices_.reversed != 1) deck << " polarity=-1";
    if (active_.next() && devices_.active != 1) deck << " active=1";
    deck.end_line();
  }

 private:
  static Selection selection(const Specification& specification, const Network& network,
                             std::string_view purpose, double fraction) {
    return {static_cast<std::uint32_t>(network.memristors.size()), part_of(network, fraction),
            RandomStream(specification.seed, purpose)};
  }

  const Devices& devices_;
  std::vector<Parameter> common_, drawn_;
  Selection reversed_, active_;
};

std::string_view node_name(char* room, const Network& network, std::uint32_t node) {
  return {room, write_node_name(room, network, node)};
}

void write_terminals(DeckText& deck, const Network& network, SourceWriter& sources) {
  char room[longest_name];
  for (std::size_t k = 0; k < network.terminals.size(); ++k) {
    deck << 'V';
    deck.count(k + 1) << ' ' << node_name(room, network, network.terminals[k]) << " 0 ";
    sources.write(deck);
    deck.end_line();
  }
}

void write_memristors(DeckText& deck, const Specification& specification, const Network& network,
                      SourceWriter& sources, Memristors& memristors) {
  SeriesSources driven(specification, network);
  char label_room[longest_name], room[longest_name];
  for (std::uint32_t k = 0; k < network.memristors.size(); ++k) {
    const Edge& edge = network.memristors[k];
    const std::string_view label(label_room, write_memristor_label(label_room, network, k));
    if (driven.next(k)) {
      deck << 'V' << label << " x" << label << ' ' << node_name(room, network, edge.from) << ' ';
      sources.write(deck);
      deck.end_line();
      deck << 'Y' << label << " x" << label;
    } else {
      deck << 'Y' << label << ' ' << node_name(room, network, edge.from);
    }
    deck << ' ' << node_name(room, network, edge.to);
    memristors.write_next(deck);
  }
}

bool in_series(const Sources& sources) {
  const bool in_network =
      sources.drive == Drive::all || sources.drive == Drive::fraction || sources.drive == Drive::one;
  return sources.waveform != Waveform::none && in_network;
}

/// The memristors as a card, and the lines of the file that it names.
void write_edges(DeckText& deck, const Specification& specification, const Network& network,
                 const EdgeList& list, SourceWriter& sources, Memristors& memristors) {
  using Part = ColumnWriter::Part;
  const bool driven = in_series(specification.sources);
  const bool some = driven && driven_memristors(specification.sources, network) < network.memristors.size();
  const bool quoted = list.name.find_first_of(" ,;()={}'") != std::string::npos;
  deck << ".edges " << (quoted ? "\"" : "") << list.name << (quoted ? "\"" : "") << " memory";
  if (driven) {
    sources.write(deck << " source='", Part::card, some);
    deck << '\'';
  }
  deck.end_line();

  DeckText lines(list.consume);
  const bool named = network.naming == Naming::crossbar || network.naming == Naming::ideal_crossbar;
  lines << (named ? "name from to" : "from to");
  if (driven) sources.write(lines, Part::names, some);
  memristors.write_columns(lines, Part::names);
  lines.end_line();
  SeriesSources series(specification, network);
  char room[longest_name];
  for (std::uint32_t k = 0; k < network.memristors.size(); ++k) {
    if (named) lines << std::string_view(room, write_memristor_label(room, network, k)) << ' ';
    lines << node_name(room, network, network.memristors[k].from) << ' ';
    lines << node_name(room, network, network.memristors[k].to);
    if (driven) sources.write(lines, series.next(k) ? Part::row : Part::missing, some);
    memristors.write_columns(lines, Part::row);
    lines.end_line();
  }
  lines.flush();
}

bool has_dangling_nodes(const Specification& specification, const Network& network) {
  std::vector<std::uint32_t> connections(network.nodes);
  for (const std::vector<Edge>* edges : {&network.memristors, &network.resistors})
    for (const Edge& edge : *edges) {
      ++connections[edge.from];
      ++connections[edge.to];
    }
  if (specification.sources.waveform != Waveform::none)
    for (const std::uint32_t node : network.terminals) ++connections[node];
  connections[0] = 0;  // ground
  return std::ranges::find(connections, 1u) != connections.end();
}

void write_resistors(DeckText& deck, const Network& network) {
  char room[longest_name];
  for (std::size_t k = 0; k < network.resistors.size(); ++k) {
    deck << 'R';
    deck.count(k + 1) << ' ' << node_name(room, network, network.resistors[k].from) << ' ';
    deck << node_name(room, network, network.resistors[k].to) << ' ';
    deck.exact(network.resistance);
    deck.end_line();
  }
}

}  // namespace

void write_deck(const Specification& specification, const Network& network,
                const std::function<void(std::string_view)>& consume, const EdgeList* compact) {
  DeckText deck(consume);
  SourceWriter sources(specification);
  Memristors memristors(specification, network);
  write_head(deck, specification, network);
  deck.end_line();
  memristors.write_parameters(deck);
  memristors.write_model(deck);
  deck.end_line();
  if (specification.sources.waveform != Waveform::none) write_terminals(deck, network, sources);
  if (compact)
    write_edges(deck, specification, network, *compact, sources, memristors);
  else
    write_memristors(deck, specification, network, sources, memristors);
  write_resistors(deck, network);
  deck.end_line();
  if (has_dangling_nodes(specification, network)) {
    deck << ".options dangling";
    deck.end_line();
  }
  for (const std::string& card : specification.cards) {
    deck << card;
    deck.end_line();
  }
  deck << ".end";
  deck.end_line();
  deck.flush();
}

}  // namespace memspice::generate
