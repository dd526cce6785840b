#include "app/report/refusal.hpp"

#include <exception>
#include <filesystem>
#include <fstream>
#include <memspice/error.hpp>
#include <new>
#include <utility>

#include "app/report/report_json.hpp"
#include "base/usage_error.hpp"

namespace memspice::app {

namespace {

bool may_be_replaced(const std::string& path) {
  constexpr std::string_view beginning = "{\n  \"memspice\":";
  std::error_code error;
  if (!std::filesystem::exists(path, error) || !std::filesystem::is_regular_file(path, error)) return true;
  std::ifstream file(path, std::ios::binary);
  std::string text(beginning.size(), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  return file.gcount() == 0 || text == beginning;
}

void write_refusal(const std::string& path, const std::string& deck, const Refusal& refusal) {
  if (path.empty() || !may_be_replaced(path)) return;
  try {
    OutputFile file(path);
    write_report(file, deck, refusal);
  } catch (const FileError&) {  // what is thrown already matters more
  }
}

Refusal refusal_of(const DeckError& error) {
  Refusal refusal{.outcome = "refused", .warnings = {}, .failures = {}};
  for (const Diagnostic& diagnostic : error.diagnostics()) {
    const bool warning = diagnostic.severity == Severity::warning;
    (warning ? refusal.warnings : refusal.failures).push_back(diagnostic.format());
  }
  return refusal;
}

}  // namespace

int report_refusal(const std::string& report, const std::string& deck, const std::function<int()>& work) {
  try {
    return work();
  } catch (const DeckError& error) {
    write_refusal(report, deck, refusal_of(error));
    throw;
  } catch (const UsageError& error) {
    write_refusal(report, deck, {"refused", {}, {error.what()}});
    throw;
  } catch (const ReaderGone&) {  // the run itself is over, and its report is written
    throw;
  } catch (const std::bad_alloc&) {
    write_refusal(report, deck, {"failed", {}, {"out of memory"}});
    throw;
  } catch (const std::exception& error) {
    write_refusal(report, deck, {"failed", {}, {error.what()}});
    throw;
  }
}

}  // namespace memspice::app
