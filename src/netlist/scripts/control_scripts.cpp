#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "base/lines.hpp"
#include "base/spelling.hpp"
#include "netlist/cards/table.hpp"
#include "netlist/cards/vectors.hpp"
#include "netlist/scripts/scripts.hpp"

namespace memspice {
namespace {

bool contains(const auto& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Commands that mean what the dot card of the same name means.
constexpr std::string_view card_commands[] = {"op",      "dc",      "ac",    "tran",  "noise",   "tf",
                                              "sens",    "save",    "print", "meas",  "measure", "option",
                                              "options", "fourier", "pz",    "disto", "pss",     "sp"};

// Their vectors are kept, what else they do is not done.
constexpr std::string_view write_commands[] = {"write", "wrdata"};
constexpr std::string_view plot_commands[] = {"plot", "gnuplot", "hardcopy", "iplot", "asciiplot"};
constexpr std::string_view plot_options[] = {
    "xlimit", "xl",     "ylimit",   "yl",        "xlog",    "ylog",        "loglog",    "lingrid",   "polar",
    "smith",  "title",  "xlabel",   "ylabel",    "linplot", "comb",        "points",    "pointplot", "nogrid",
    "xdelta", "ydelta", "xindices", "xcompress", "samep",   "retraceplot", "smithgrid", "plainplot"};

constexpr std::string_view early_options[] = {"temp", "tnom", "gmin", "seed", "rseed"};

constexpr std::string_view block_commands[] = {"foreach", "while", "dowhile", "repeat", "if"};

constexpr std::string_view other_commands[] = {
    "alter",      "altermod", "alterparam", "appendwrite", "aspice",     "bug",      "cd",      "cdump",
    "circbyline", "compose",  "cross",      "define",      "deftype",    "delete",   "destroy", "devhelp",
    "diff",       "display",  "echo",       "edit",        "edisplay",   "eprint",   "eprvcd",  "fft",
    "getcwd",     "goto",     "help",       "history",     "inventory",  "jobs",     "label",   "let",
    "linearize",  "listing",  "load",       "mc_source",   "mdump",      "mrdump",   "newhelp", "oldhelp",
    "optran",     "psd",      "rehash",     "remcirc",     "remzerovec", "reset",    "reshape", "resume",
    "rspice",     "rusage",   "setcirc",    "setcs",       "setplot",    "setscale", "setseed", "settype",
    "shell",      "shift",    "show",       "showmod",     "snload",     "snsave",   "source",  "spec",
    "state",      "status",   "step",       "stop",        "strcmp",     "sysinfo",  "trace",   "transpose",
    "tutorial",   "unalias",  "undefine",   "unlet",       "unset",      "version",  "where",   "wrnodev",
    "wrs2p",      "xplot",    "alias",      "quit",        "exit",       "set",      "run",     "cutout",
    "esave",      "inp2s",    "sdump",      "wait",        "else",       "end",      "break",   "continue"};

// Variables of ngspice that choose how it prints and plots; nothing here depends on them.
constexpr std::string_view ignored_variables[] = {
    "filetype",         "units",       "numdgt",     "noaskquit",    "nobreak",
    "noprintscale",     "nomoremode",  "width",      "height",       "wr_singlescale",
    "wr_vecnames",      "xbrushwidth", "xgridwidth", "hcopydevtype", "hcopypscolor",
    "gnuplot_terminal", "color0",      "color1",     "color2",       "color3",
    "num_threads",      "noparse",     "plotstyle",  "pointchars",   "rndseed"};

/// ngspice's name of a vector in one of its plots: tran1.v(out) is v(out).
std::string without_plot(const CardTable& cards, std::string pattern) {
  const std::size_t dot = pattern.find('.');
  if (dot >= pattern.find('(')) return pattern;
  const std::size_t digits = pattern.find_first_of("0123456789");
  const bool numbered = digits < dot && pattern.find_first_not_of("0123456789", digits) == dot;
  return numbered && cards.find_analysis(pattern.substr(0, digits)) ? pattern.substr(dot + 1) : pattern;
}

std::vector<std::string_view> all_commands() {
  std::vector<std::string_view> names(std::begin(other_commands), std::end(other_commands));
  names.insert(names.end(), std::begin(card_commands), std::end(card_commands));
  names.insert(names.end(), std::begin(write_commands), std::end(write_commands));
  names.insert(names.end(), std::begin(plot_commands), std::end(plot_commands));
  names.insert(names.end(), std::begin(block_commands), std::end(block_commands));
  return names;
}

/// Whether a card names what a `let` before it has made: `let p = v(a)*i(v1)`, `meas tran mean avg p`.
bool names_let_result(const Deck& deck, std::size_t script_begin, const Card& card) {
  const std::string text = to_lower(deck.text(card));
  for (std::size_t i = script_begin; &deck.cards[i] != &card; ++i) {
    const std::string let = to_lower(deck.text(deck.cards[i]));
    if (first_word(let) != "let") continue;
    const std::string_view result = trimmed(std::string_view(let).substr(3));
    const std::string_view name = result.substr(0, result.find_first_of("= \t"));
    for (std::size_t at = 0; !name.empty() && (at = text.find(name, at)) != std::string::npos; ++at)
      if (at > 0 && !is_name(text[at - 1]) &&
          (at + name.size() == text.size() || !is_name(text[at + name.size()])))
        return true;
  }
  return false;
}

void not_run(CardContext& card, std::string hint) {
  const std::string_view text = trimmed(card.text.substr(0, card.text.find('\n')));
  card.messages.warning({text, fmt::format("not run: {}", text), std::move(hint)});
}

bool names_measure(const Elaboration& elaboration, std::string_view word) {
  if (word.empty() || elaboration.circuit.node_names.find(word) != NameTable::npos) return false;
  return std::ranges::any_of(elaboration.outputs.measures, [&](const Card& card) {
    CardReader reader;
    reader.start(elaboration.deck.text(card));
    reader.take();
    if (elaboration.cards.find_analysis(reader.peek().text)) reader.take();
    return same_word(reader.peek().text, word);
  });
}

void script_variable(CardContext& card) {
  card.reader.start(card.text);
  card.reader.take();
  while (!card.reader.at_end()) {
    const std::string name = to_lower(card.reader.take().text);
    if (!contains(ignored_variables, name)) return not_run(card, {});
    if (!card.reader.accept(Token::Kind::equals)) continue;
    const std::string_view given = card.reader.take().text;
    if (name == "units" && same_word(given, "degrees")) card.elaboration.dialect.degrees_at = given;
  }
}

void script_vectors(CardContext& card, bool restrict) {
  if (!restrict && card.circuit.outputs.saves.empty()) return;  // everything is kept
  std::vector<SaveRequest> requests;
  try {
    card.reader.start(card.text);
    card.reader.take();
    if (restrict) card.reader.take();  // the file
    bool is_list = true;               // of vectors: not behind the options of a plot
    for (card.reader.skip_commas(); !card.reader.at_end(); card.reader.skip_commas()) {
      const std::string_view word = card.reader.peek().text;
      const bool versus = card.reader.accept_word("vs");
      if (versus || contains(plot_options, to_lower(word))) {
        is_list = versus;
        if (!versus) card.reader.take();
      } else if (!is_list) {
        card.reader.take();
      } else if (!word.empty() && std::string_view("+-/^*<>=").find(word.front()) != std::string_view::npos &&
                 word != "*") {
        throw Problem{word, "an expression with blanks"};
      } else {
        for (SaveRequest& request : requested_vectors(card).vectors) {
          request.pattern = without_plot(card.elaboration.cards, std::move(request.pattern));
          request.script = true;
          requests.push_back(std::move(request));
        }
      }
    }
  } catch (const Problem&) {
    requests.clear();  // keep everything
  }
  if (requests.empty()) requests.push_back({"all", card.where});
  std::ranges::move(requests, std::back_inserter(card.circuit.outputs.saves));
}

void script_print(CardContext& card) {
  if (!card.reader.peek(1).is(Token::Kind::open))
    card.reader.accept_word("line") || card.reader.accept_word("col");
  if (card.text.find('$') != std::string_view::npos)
    return not_run(card, "memspice has no variables of commands");
  for (std::size_t i = 0; !card.reader.peek(i).is(Token::Kind::end); ++i)
    if (const char first = card.reader.peek(i).text.empty() ? ' ' : card.reader.peek(i).text.front();
        first == '[' || first == '>')
      return not_run(card, "memspice prints whole vectors, on standard output");
  try {
    read_card(card, ".print");
    if (card.circuit.outputs.prints.empty()) return;  // format=raw
    PrintCard& print = card.circuit.outputs.prints.back();
    std::erase_if(print.items, [&card](const PrintCard::Item& item) {
      return names_measure(card.elaboration, item.pattern);
    });
    if (print.items.empty()) return card.circuit.outputs.prints.pop_back();  // measures are printed anyway
    for (PrintCard::Item& item : print.items)
      item.pattern = without_plot(card.elaboration.cards, std::move(item.pattern));
    print.script = true;
    if (!card.circuit.analyses.empty()) print.analysis = &card.circuit.analyses.back().type();
  } catch (const Problem& problem) {  // what it prints may come of commands that are not run
    not_run(card, problem.message);
  }
}

/// The first variable of a command, `$x` or `$&x`; empty: there is none. A `$` before a blank is a comment.
std::string_view variable_of(std::string_view text) {
  for (std::size_t at = text.find('$'); at < text.size(); at = text.find('$', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && (text[end] == '&' || is_name(text[end]))) ++end;
    if (end > at + 1) return text.substr(at, end - at);
    if (end == text.size() || is_blank(text[end]) || text[end] == '\n') break;
  }
  return {};
}

void script_command(CardContext& card, const std::string& name) {
  if (card.at.empty() || name.front() == '!' || name == "shell")
    return not_run(card, "memspice never runs commands of the system");
  if (name == "set") return script_variable(card);
  if (contains(write_commands, name)) {
    script_vectors(card, true);
    return not_run(card, "its vectors are kept; the option -o names the file they are written to");
  }
  if (contains(plot_commands, name)) {
    script_vectors(card, false);
    return not_run(card, "memspice draws nothing; the option -o writes a file to draw from");
  }
  if (name.starts_with("alter") && contains(other_commands, name))
    return not_run(card, "the analyses below have the deck's values; .step runs them for others");
  if (!contains(card_commands, name))
    return not_run(card, contains(other_commands, name) ? std::string() : did_you_mean(name, all_commands()));
  if (const std::string_view variable = variable_of(card.text); !variable.empty() && name != "print")
    return not_run(card,
                   fmt::format("the value of {} is not known: it is for a let or set above that depends on "
                               "no vector and stands in no loop",
                               variable));
  if (passes_over(card.elaboration, "." + name)) return;
  card.reader.start(card.text);
  card.reader.take();
  if (name == "print") return script_print(card);
  if (name == "fourier") return read_card(card, ".four");
  if (!name.starts_with("option")) return read_card(card, "." + name);
  for (std::size_t i = 0; !card.reader.peek(i).is(Token::Kind::end); ++i)
    if (contains(early_options, to_lower(card.reader.peek(i).text)))
      return not_run(card, "elements have their values already; write it as a card: .options");
  read_card(card, ".options");
}

}  // namespace

void run_scripts(Elaboration& elaboration) {
  const std::size_t of_cards = elaboration.circuit.analyses.size();  // what `run` runs
  std::optional<std::size_t> run_at;
  for (const auto& [begin, end] : elaboration.top.scripts) {
    std::size_t depth = 0;  // of loops and conditions, which are not run
    bool running = true;
    for (std::size_t i = begin; i < end && running; ++i) {
      CardContext card(elaboration, elaboration.deck.cards[i], *elaboration.top_scope, {});
      card.at = first_word(card.text);
      const std::string name = to_lower(card.at);
      elaboration.attempt([&, begin = begin] {
        if (contains(block_commands, name)) ++depth;
        if (depth > 0) {
          not_run(card, "loops and conditions are not run; .step and .if may do it");
          if (name == "end") --depth;
        } else if (name == "quit" || name == "exit") {
          running = false;
        } else if (name.starts_with("meas") && names_let_result(elaboration.deck, begin, card.card)) {
          not_run(card, "memspice has no results of let; measure the expression itself: avg par('…')");
        } else if (name != "run") {
          script_command(card, name);
        } else if (run_at) {
          not_run(card, "the analyses of the dot cards have run already");
        } else {
          run_at = elaboration.circuit.analyses.size();
        }
      });
    }
  }
  // The dot cards' analyses run where `run` stands.
  auto& analyses = elaboration.circuit.analyses;
  if (run_at)
    std::rotate(analyses.begin(), analyses.begin() + static_cast<std::ptrdiff_t>(of_cards),
                analyses.begin() + static_cast<std::ptrdiff_t>(*run_at));
}

}  // namespace memspice
