#include "base/messages.hpp"

#include <functional>

namespace memspice {
namespace {

Diagnostic describe(const SourceFiles& sources, const Problem& problem, Severity severity) {
  // What spans several lines is underlined on its first line only.
  const std::size_t length = std::min(problem.at.find_first_of("\r\n"), problem.at.size());
  Diagnostic diagnostic =
      diagnose(sources, locate(sources, problem.at), length, problem.message, problem.hint, severity);
  if (diagnostic.file.empty() && sources.size() > 0) diagnostic.file = sources.name(0);
  return diagnostic;
}

}  // namespace

Location locate(const SourceFiles& sources, std::string_view view) {
  const std::less_equal<const char*> not_after;  // a total order, also between different texts
  if (view.data() == nullptr) return {};
  for (std::uint32_t file = 0; file < sources.size(); ++file) {
    const std::string_view text = sources.text(file);
    if (not_after(text.data(), view.data()) && not_after(view.data(), text.data() + text.size()))
      return {file, static_cast<std::uint32_t>(view.data() - text.data())};
  }
  return {};
}

bool Messages::remember(const Problem& problem) {
  return known_.emplace(problem.at.data(), problem.message).second;
}

void Messages::error(const Problem& problem) {
  if (remember(problem)) add_error(describe(sources_, problem, Severity::error));
}

void Messages::add_error(Diagnostic diagnostic) {
  errors_.push_back(std::move(diagnostic));
  if (errors_.size() < most) return;
  errors_.push_back(
      describe(sources_, {{}, "too many errors, the rest of the deck is not checked"}, Severity::error));
  throw_errors();
}

void Messages::warning(const Problem& problem) {
  if (warnings_.size() >= most)
    ++more_warnings_;
  else if (remember(problem))
    warnings_.push_back(describe(sources_, problem, Severity::warning));
}

void Messages::add(Diagnostic diagnostic) {
  const bool error = diagnostic.severity == Severity::error;
  for (const Diagnostic& known : error ? errors_ : warnings_)
    if (known.message == diagnostic.message && known.file == diagnostic.file && known.line == diagnostic.line)
      return;
  if (error) return add_error(std::move(diagnostic));
  if (warnings_.size() < most)
    warnings_.push_back(std::move(diagnostic));
  else
    ++more_warnings_;
}

void Messages::warnings(const std::vector<Diagnostic>& earlier) {
  warnings_.insert(warnings_.end(), earlier.begin(), earlier.end());
}

std::vector<Diagnostic> Messages::take_warnings() {
  if (more_warnings_ > 0)
    warnings_.push_back(
        describe(sources_, {{}, "more warnings like these are not shown"}, Severity::warning));
  return std::move(warnings_);
}

void Messages::throw_errors() {
  if (errors_.empty()) return;
  std::vector<Diagnostic> all = take_warnings();
  all.insert(all.end(), errors_.begin(), errors_.end());
  throw DeckError(std::move(all));
}

}  // namespace memspice
