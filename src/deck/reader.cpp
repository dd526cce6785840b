#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>

#include "deck/characters.hpp"
#include "deck/messages.hpp"
#include "memspice/deck.hpp"

namespace memspice {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t deepest_include = 32;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// Reads to the end; `expected` is the likely size.
bool read_whole(std::FILE* file, std::size_t expected, std::string& text) {
  std::size_t used = 0;
  text.resize(expected + 1);  // one more, so that the end is seen without growing
  while (true) {
    used += std::fread(text.data() + used, 1, text.size() - used, file);
    if (used < text.size()) break;
    text.resize(2 * text.size());
  }
  text.resize(used);
  return std::ferror(file) == 0;
}

// The text of a file, or the reason why there is none.
std::string read_file(const fs::path& path, std::string& reason) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    reason = "it is a folder";
    return {};
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  std::string text;
  const std::uintmax_t size = fs::file_size(path, error);
  if (!file || !read_whole(file.get(), error ? 0 : size, text)) reason = std::strerror(errno);
  return text;
}

const char* line_end(const char* at, const char* end) {
  const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
  return found ? static_cast<const char*>(found) : end;
}

bool is_comment_line(const char* at, const char* end) {
  return *at == '*' || begins_comment(at, end);
}

std::string_view first_word(std::string_view line) {
  std::size_t n = 0;
  while (n < line.size() && character_class(line[n]) == CharacterClass::word) ++n;
  return line.substr(0, n);
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return line;
}

class Reader {
 public:
  Reader(const ParseOptions& options, fs::path folder) : options_(options), deck_folder_(std::move(folder)) {}

  Deck read(std::string name, std::string text, const fs::path& path) {
    const std::uint32_t file = add(std::move(name), std::move(text));
    if (sources_->text(file).empty())
      messages_.error({{}, "the deck is empty", "the smallest deck is a title, an element and an analysis"});
    check_text(file);
    if (messages_.error_count() == 0) {
      open_.push_back({path.empty() ? path : fs::weakly_canonical(path), path.parent_path()});
      const std::string_view body = take_title(sources_->text(file));
      read_cards(file, body);
      if (deck_.cards.empty() && messages_.error_count() == 0)
        messages_.error({body.substr(0, 0), "the deck has no cards",
                         "the first line is always the title; the circuit begins on the second"});
    }
    messages_.throw_errors();
    deck_.sources = sources_;
    deck_.warnings = messages_.take_warnings();
    return std::move(deck_);
  }

 private:
  struct OpenFile {
    fs::path path;  // canonical, to recognise a cycle; empty for a text from memory or a pipe
    fs::path folder;
  };

  std::uint32_t add(std::string name, std::string text) {
    if (text.size() >= std::numeric_limits<std::uint32_t>::max())
      throw DeckError(diagnose(*sources_, {}, 1, name + ": a deck file must be smaller than 4 GiB"));
    return sources_->add(std::move(name), std::move(text));
  }

  void check_text(std::uint32_t file) {
    const std::string_view text = sources_->text(file);
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
      messages_.error({text.substr(0, 1), "this file is UTF-16", "save it as UTF-8"});
      return;
    }
    if (const std::size_t end = text.find('\r');
        end < text.size() - 1 && text.find('\n') == std::string_view::npos)
      messages_.error({text.substr(end, 1), "the lines end with CR only, as on old Macintoshes",
                       "end them with LF or CRLF"});
    if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
      messages_.error({text.substr(zero, 1), "this is not a text file: it holds a zero byte"});
  }

  std::string_view take_title(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view title = trimmed(text.substr(0, end));
    deck_.title = title;
    if (title.starts_with('.') && title.size() > 1 && is_letter(title[1]))
      messages_.warning({first_word(title), "the first line is the title, this card is not read",
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
        if (same_word(word, ".include") || same_word(word, ".inc")) {
          include(line, word);
          continues = false;
          at = next;
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

  // The file name of an include line: quoted, or up to a blank.
  static std::string_view include_name(std::string_view line, std::string_view card) {
    std::string_view rest = trimmed(line.substr(card.size()));
    if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
      const std::size_t close = rest.find(rest.front(), 1);
      if (close == std::string_view::npos) throw Problem{rest.substr(0, 1), "this quote is not closed"};
      return rest.substr(1, close - 1);
    }
    std::size_t length = 0;
    while (length < rest.size() && !is_blank(rest[length]) && rest[length] != ';') ++length;
    if (length == 0 || begins_comment(rest.data(), rest.data() + rest.size()))
      throw Problem{card, fmt::format("'{}' needs a file name", card)};
    return rest.substr(0, length);
  }

  void include(std::string_view line, std::string_view card) try {
    const std::string_view name = include_name(line, card);
    const fs::path path = open_.back().folder / fs::path(name);
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(path, error);
    if (options_.safe && !below_deck(canonical))
      throw Problem{name, fmt::format("'{}' is outside the deck's folder", name),
                    "--safe allows only files below it"};
    for (const OpenFile& file : open_)
      if (file.path == canonical)
        throw Problem{name, fmt::format("'{}' includes itself", name), include_chain(canonical)};
    if (open_.size() > deepest_include)
      throw Problem{name, fmt::format("includes are nested more than {} deep", deepest_include)};
    std::string reason;
    std::string text = read_file(path, reason);
    if (!reason.empty()) throw Problem{name, fmt::format("cannot read '{}': {}", path.string(), reason)};
    const std::uint32_t file = add(path.string(), std::move(text));
    const std::size_t errors = messages_.error_count();
    check_text(file);
    if (messages_.error_count() != errors) return;
    std::string_view body = sources_->text(file);
    if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
    open_.push_back({canonical, path.parent_path()});
    read_cards(file, body);
    open_.pop_back();
  } catch (const Problem& problem) {
    messages_.error(problem);
  }

  bool below_deck(const fs::path& canonical) const {
    const auto [folder_end, unused] =
        std::mismatch(deck_folder_.begin(), deck_folder_.end(), canonical.begin(), canonical.end());
    return folder_end == deck_folder_.end();
  }

  std::string include_chain(const fs::path& again) const {
    std::string chain;
    for (const OpenFile& file : open_) {
      if (chain.empty() && file.path != again) continue;
      chain += file.path.filename().string() + " -> ";
    }
    return chain + again.filename().string();
  }

  ParseOptions options_;
  fs::path deck_folder_;  // canonical
  std::shared_ptr<SourceFiles> sources_ = std::make_shared<SourceFiles>();
  std::vector<OpenFile> open_;
  Messages messages_{*sources_};
  Deck deck_;
};

}  // namespace

Deck parse_file(const std::string& path, const ParseOptions& options) {
  if (path == "-") {
    std::string text;
    if (!read_whole(stdin, 0, text))
      throw FileError(fmt::format("cannot read standard input: {}", std::strerror(errno)));
    return parse_text(std::move(text), "standard input", options);
  }
  std::string reason;
  std::string text = read_file(path, reason);
  if (!reason.empty()) throw FileError(fmt::format("cannot read '{}': {}", path, reason));
  Reader reader(options, fs::weakly_canonical(path).parent_path());
  return reader.read(path, std::move(text), path);
}

Deck parse_text(std::string text, std::string name, const ParseOptions& options) {
  Reader reader(options, fs::current_path());
  return reader.read(std::move(name), std::move(text), {});
}

}  // namespace memspice
