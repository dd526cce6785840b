#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "base/beneath.hpp"
#include "base/characters.hpp"
#include "base/lines.hpp"
#include "base/messages.hpp"
#include "base/utf16.hpp"
#include "deck/deck_look.hpp"
#include "deck/file_text.hpp"
#include "deck/foreign_file.hpp"
#include "deck/library.hpp"
#include "deck/script_variables.hpp"
#include "memspice/deck.hpp"

namespace memspice {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t deepest_include = 32;
constexpr std::size_t shortest_lines = 32;  // bytes a line, on the average of large decks
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// What a name in a deck means: below the folder of the file that names it, `~/` is the home folder, and
// backslashes are taken for slashes when only that finds a file.
fs::path target_of(const fs::path& folder, std::string_view name) {
  std::string text(name);
  if (text == "~" || text.starts_with("~/"))
    if (const char* home = std::getenv("HOME")) text = home + text.substr(1);
  std::error_code error;
  if (text.find('\\') != std::string::npos && !fs::exists(folder / text, error))
    std::ranges::replace(text, '\\', '/');
  return text;
}

// UTF-8, with blanks for the no-break spaces that come with text from web pages, and without the end-of-file
// mark of DOS.
std::string plain_text(std::string text) {
  text = utf8_text(std::move(text));
  constexpr std::string_view no_break_space = "\xc2\xa0";
  for (std::size_t at = text.find(no_break_space); at != std::string::npos;
       at = text.find(no_break_space, at + no_break_space.size()))
    text.replace(at, no_break_space.size(), no_break_space.size(), ' ');
  if (const std::size_t last = text.find_last_not_of("\r\n");
      last != std::string::npos && text[last] == '\x1a')
    text[last] = ' ';
  return text;
}

class Reader {
 public:
  Reader(const ParseOptions& options, fs::path folder)
      : options_(options), deck_folder_(std::move(folder)), safe_folder_(open_folder(deck_folder_)) {}

  Deck read(std::string name, std::string text, const fs::path& path) {
    const std::uint32_t file = add(std::move(name), plain_text(std::move(text)));
    try {
      read_top(file, path);
    } catch (const Problem& problem) {
      messages_.error(problem);
    }
    messages_.throw_errors();
    if (has_script_) replace_script_variables(deck_, *sources_);
    deck_.sources = sources_;
    if (options_.safe) deck_.safe_folder = deck_folder_.string();
    deck_.budgets = options_.budgets;
    deck_.warnings = messages_.take_warnings();
    return std::move(deck_);
  }

 private:
  struct OpenFile {
    fs::path path;  // canonical, to recognise a cycle; empty for a text from memory or a pipe
    fs::path folder;
    fs::path below;       // the same from the deck's folder on, for --safe
    std::string section;  // lower case; empty: the whole file
  };

  void read_top(std::uint32_t file, const fs::path& path) {
    if (sources_->text(file).empty())
      throw Problem{{}, "the deck is empty", "the smallest deck is a title, an element and an analysis"};
    refuse_foreign_file(sources_->text(file));
    open_.push_back({path.empty() ? path : fs::weakly_canonical(path), path.parent_path(), {}, {}});
    if (!path.empty()) texts_[open_.back().path] = file;
    deck_.bytes = static_cast<double>(sources_->text(file).size());
    const std::string_view body = take_title(sources_->text(file));
    deck_.cards.reserve(body.size() / shortest_lines);
    read_cards(file, body);
    if (deck_.cards.empty() && messages_.error_count() == 0)
      throw Problem{body.substr(0, 0), "the deck has no cards",
                    "the first line is always the title; the circuit begins on the second"};
    warn_of_passed_sections();
  }

  std::uint32_t add(std::string name, std::string text) {
    if (text.size() >= std::numeric_limits<std::uint32_t>::max())
      throw DeckError(diagnose(*sources_, {}, 1, name + ": a deck file must be smaller than 4 GiB"));
    return sources_->add(std::move(name), std::move(text));
  }

  std::string_view take_title(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view title = trimmed(text.substr(0, end));
    if (same_word(first_word(title), ".title")) {  // KiCad
      deck_.title = trimmed(title.substr(std::string_view(".title").size()));
      return text.substr(std::min(end + 1, text.size()));
    }
    deck_.title = title;
    const bool card = title.starts_with('.') && title.size() > 1 && is_letter(title[1]);
    const std::string_view element = element_in_title(title);
    if (card || !element.empty())
      messages_.warning(
          {card ? first_word(title) : element,
           fmt::format("the first line is the title, this {} is not read", card ? "card" : "element"),
           "put a title line above it"});
    return text.substr(std::min(end + 1, text.size()));
  }

  // Cuts the text into cards. Hot: a line of an element costs one search for its end and a look at its first
  // character.
  void read_cards(std::uint32_t file, std::string_view text) {
    const char* const base = sources_->text(file).data();
    const char* const end = text.data() + text.size();
    bool continues = false;  // whether a `+` line may follow: after a card of this file
    for (const char* at = text.data(); at < end;) {
      const char* const stop = line_end(at, end);
      while (at != stop && is_blank(*at)) ++at;
      const char* const next = stop == end ? end : stop + 1;
      if (at == stop || is_comment_line(at, stop)) {
        at = next;
        continue;
      }
      if (*at == '+') {
        if (continues) {
          Card& card = deck_.cards.back();
          card.length = static_cast<std::uint32_t>(stop - base) - card.where.offset;
        } else {
          messages_.error({{at, 1}, "this line continues nothing", "a card must stand above a '+' line"});
        }
        at = next;
        continue;
      }
      const std::string_view line(at, static_cast<std::size_t>(stop - at));
      if (*at == '.') {
        const std::string_view word = first_word(line);
        if (same_word(word, ".end")) {
          warn_of_rest({next, static_cast<std::size_t>(end - next)});
          return;
        }
        has_script_ |= same_word(word, ".control");
        if (reads_file(word)) {
          at = file_card(file, line, word, next);
          continues = false;
          continue;
        }
      }
      deck_.cards.push_back(
          {{file, static_cast<std::uint32_t>(at - base)}, static_cast<std::uint32_t>(line.size())});
      continues = true;
      at = next;
    }
  }

  void warn_of_rest(std::string_view rest) {
    for (const char *at = rest.data(), *end = at + rest.size(); at < end;) {
      const char* const stop = line_end(at, end);
      while (at != stop && is_blank(*at)) ++at;
      if (at != stop && !is_comment_line(at, stop)) {
        messages_.warning({{at, static_cast<std::size_t>(stop - at)}, "what follows .end is not read"});
        return;
      }
      at = stop == end ? end : stop + 1;
    }
  }

  static bool reads_file(std::string_view word) {
    static constexpr std::string_view cards[] = {".include", ".incl", ".inc", ".lib", ".endl"};
    return std::ranges::any_of(cards, [word](std::string_view card) { return same_word(word, card); });
  }

  // A card that reads another file, or the library section that begins with it, which is read only when it is
  // asked for. Returns the line to go on with.
  const char* file_card(std::uint32_t file, std::string_view line, std::string_view word, const char* next) {
    try {
      if (same_word(word, ".endl"))
        throw Problem{word, "this .endl ends nothing", "a library section begins with .lib and its name"};
      const FileReference reference = read_file_reference(line);
      if (same_word(word, ".lib") && reference.section.empty())
        for (const LibrarySection& section : sections_of(file))
          if (section.name.data() == reference.file.data()) {
            section_names_.passed.push_back(section.name);
            next = section.after;
            check_end(section);
            return next;
          }
      include(reference);
    } catch (const Problem& problem) {
      messages_.error(problem);
    }
    return next;
  }

  static void check_end(const LibrarySection& section) {
    if (section.end_name.empty() || to_lower(section.end_name) == to_lower(section.name)) return;
    throw Problem{section.end_name, fmt::format("this .endl names '{}' but stands in section '{}'",
                                                section.end_name, section.name)};
  }

  const std::vector<LibrarySection>& sections_of(std::uint32_t file) {
    const auto [found, fresh] = sections_.try_emplace(file);
    if (fresh) found->second = find_library_sections(sources_->text(file));
    return found->second;
  }

  void include(const FileReference& reference) {
    const std::string_view name = reference.file;
    const fs::path target = target_of(open_.back().folder, name);
    const fs::path path = open_.back().folder / target;
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(path, error);
    const std::string section = to_lower(reference.section);
    for (const OpenFile& open : open_)
      if (open.path == canonical && open.section == section)
        throw Problem{name,
                      section.empty() ? fmt::format("'{}' includes itself", name)
                                      : fmt::format("section '{}' of '{}' includes itself", section, name),
                      include_chain(canonical, section)};
    if (open_.size() > deepest_include)
      throw Problem{name, fmt::format("includes are nested more than {} deep", deepest_include)};
    const fs::path below =
        target.is_absolute() ? canonical.lexically_relative(deck_folder_) : open_.back().below / target;
    if (names_ltspice_library(reference, path.filename().string()) && !fs::exists(path, error)) {
      messages_.warning({name, fmt::format("'{}' of LTspice is not here", path.filename().string()),
                         "its models that elements name must stand in the deck"});
      return;
    }
    const std::uint32_t file = open(path, below, canonical, reference);
    std::string_view body = sources_->text(file);
    if (!section.empty()) {
      body = section_body(file, reference);
    } else if (body.starts_with(byte_order_mark)) {
      body.remove_prefix(byte_order_mark.size());
    }
    ++deck_.files;
    deck_.bytes += static_cast<double>(body.size());
    for (const auto& [resource, spent] :
         {std::pair{Resource::files, deck_.files}, {Resource::bytes, deck_.bytes}}) {
      if (spent <= options_.budgets.limit(resource)) continue;
      messages_.error({name, options_.budgets.message(resource), options_.budgets.hint(resource)});
      messages_.throw_errors();  // nothing that follows can be right
    }
    open_.push_back({canonical, path.parent_path(), below.parent_path(), section});
    read_cards(file, body);
    open_.pop_back();
  }

  // A library is read once, however many of its sections are asked for.
  std::uint32_t open(const fs::path& path, const fs::path& below, const fs::path& canonical,
                     const FileReference& reference) {
    if (const auto known = texts_.find(canonical); known != texts_.end()) return known->second;
    Unreadable why;
    std::string text = read_file(open_include(path, below, reference.file), false, options_.budgets, why);
    if (!why.reason.empty())
      throw Problem{reference.file, fmt::format("cannot read '{}': {}", path.string(), why.reason),
                    why.too_long ? options_.budgets.hint(Resource::bytes) : hint_of_missing(reference)};
    text = plain_text(std::move(text));
    if (!looks_like_deck(text))
      throw Problem{reference.file, fmt::format("'{}' does not look like a part of a deck", path.string()),
                    "less than half of its lines are elements or cards; none of them is shown"};
    const std::uint32_t file = add(path.string(), std::move(text));
    refuse_foreign_file(sources_->text(file));
    return texts_[canonical] = file;
  }

  Descriptor open_include(const fs::path& path, const fs::path& below, std::string_view name) const {
    constexpr int to_read = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    if (!options_.safe) return Descriptor(::open(path.c_str(), to_read));
    Descriptor file = open_beneath(safe_folder_, below, to_read);
    if (!file.open() && errno == EXDEV)
      throw Problem{name, fmt::format("'{}' is outside the deck's folder", name),
                    "--safe allows only files below it"};
    return file;
  }

  static std::string hint_of_missing(const FileReference& reference) {
    if (reference.file.find('$') != std::string_view::npos ||
        reference.file.find('%') != std::string_view::npos)
      return "variables of the environment are not replaced in file names";
    if (same_word(reference.card, ".lib") && reference.section.empty())
      return "if this begins a library section: it has no .endl";
    return {};
  }

  std::string_view section_body(std::uint32_t file, const FileReference& reference) {
    std::string names;
    for (const LibrarySection& section : sections_of(file)) {
      if (to_lower(section.name) == to_lower(reference.section)) {
        check_end(section);
        section_names_.read.insert(section.name.data());
        return section.body;
      }
      names += fmt::format("{}'{}'", names.empty() ? "" : ", ", section.name);
    }
    throw Problem{reference.section,
                  fmt::format("'{}' has no section '{}'", reference.file, reference.section),
                  names.empty() ? std::string("it has no sections at all: .lib name … .endl")
                                : "its sections are " + names};
  }

  void warn_of_passed_sections() {
    for (const std::string_view name : section_names_.passed)
      if (!section_names_.read.contains(name.data()))
        messages_.warning({name, fmt::format("the library section '{}' is not read", name),
                           fmt::format("'.lib file {}' reads it", name)});
  }

  std::string include_chain(const fs::path& path, const std::string& section) const {
    std::string chain;
    const auto append = [&chain](const fs::path& file, const std::string& part) {
      chain += file.filename().string();
      if (!part.empty()) chain += fmt::format(" ({})", part);
    };
    for (const OpenFile& file : open_) {
      if (chain.empty() && (file.path != path || file.section != section)) continue;
      append(file.path, file.section);
      chain += " -> ";
    }
    append(path, section);
    return chain;
  }

  ParseOptions options_;
  fs::path deck_folder_;    // canonical
  Descriptor safe_folder_;  // the same, open
  std::shared_ptr<SourceFiles> sources_ = std::make_shared<SourceFiles>();
  std::vector<OpenFile> open_;
  std::map<fs::path, std::uint32_t> texts_;                        // by canonical path
  std::map<std::uint32_t, std::vector<LibrarySection>> sections_;  // by file
  struct {
    std::vector<std::string_view> passed;
    std::set<const char*> read;  // where their names stand
  } section_names_;
  Messages messages_{*sources_};
  bool has_script_ = false;  // .control
  Deck deck_;
};

// A deck that spends more than it may is a wrong deck, not an unreadable one.
void refuse_unread(const Unreadable& why, const std::string& path, const std::string& name,
                   const Budgets& budgets) {
  if (why.too_long)
    throw DeckError(
        Diagnostic{.message = why.reason, .hint = budgets.hint(Resource::bytes), .file = path, .text = {}});
  if (!why.reason.empty())
    throw FileError(fmt::format("cannot read {}: {}", name, why.reason), path, why.error);
}

}  // namespace

Deck parse_file(const std::string& path, const ParseOptions& given) {
  ParseOptions options = given;
  options.budgets.safe |= options.safe;
  Unreadable why;
  if (path == "-") {
    std::string name = "standard input";
    std::string text = read_standard_input(options.budgets, why);
    refuse_unread(why, name, name, options.budgets);
    return parse_text(std::move(text), std::move(name), options);
  }
  std::string text =
      read_file(Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), true, options.budgets, why);
  refuse_unread(why, path, fmt::format("'{}'", path), options.budgets);
  Reader reader(options, fs::weakly_canonical(path).parent_path());
  return reader.read(path, std::move(text), path);
}

Deck parse_text(std::string text, std::string name, const ParseOptions& given) {
  ParseOptions options = given;
  options.budgets.safe |= options.safe;
  Reader reader(options, fs::current_path());
  return reader.read(std::move(name), std::move(text), {});
}

}  // namespace memspice
