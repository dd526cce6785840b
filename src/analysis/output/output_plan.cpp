#include "analysis/output/output_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/output/vector_resolver.hpp"
#include "base/wildcard.hpp"

namespace memspice {

OutputPlan::OutputPlan(const Circuit& circuit, const AnalysisType& type, std::vector<VectorInfo> scale,
                       std::vector<Diagnostic>& warnings, Purpose purpose)
    : circuit_(circuit),
      type_(type),
      scale_(scale.size()),
      expands_(purpose == Purpose::rows),
      vectors_(std::move(scale)),
      resolver_(std::make_unique<VectorResolver>(circuit, *this)) {
  if (of_circuit()) {
    if (circuit.outputs.saves.empty()) resolver_->add_defaults(nullptr);
    std::vector<Diagnostic> mistakes;
    for (const SaveRequest& request : circuit.outputs.saves) {
      try {
        const bool empty = resolver_->resolve(request.pattern, request.where, request.pattern.size()).empty();
        for (const std::string& name : left_out_)
          warnings.push_back(diagnose(*circuit.sources, request.where, request.pattern.size(),
                                      "'" + name + "' is left out of .ac: it is no voltage, current or state",
                                      {}, Severity::warning));
        if (empty && expands_ && left_out_.empty())
          warnings.push_back(diagnose(*circuit.sources, request.where, request.pattern.size(),
                                      "'" + request.pattern + "' matches nothing in this circuit", {},
                                      Severity::warning));
      } catch (const DeckError& error) {
        mistakes.push_back(error.diagnostics().front());
        if (request.script) {
          mistakes.back().severity = Severity::warning;
          mistakes.back().hint = "all vectors are kept";
          warnings.push_back(std::move(mistakes.back()));
          mistakes.pop_back();
          resolver_->add_defaults(nullptr);
        }
        if (mistakes.size() == most_mistakes) break;
      }
      left_out_.clear();
    }
    if (!mistakes.empty()) throw DeckError(std::move(mistakes));
    for (const PrintCard& card : circuit.outputs.prints) {
      if (card.analysis && card.analysis != &type) continue;
      for (const PrintCard::Item& item : card.items) {
        if (item.pattern.empty()) continue;
        try {
          resolver_->resolve(item.pattern, item.where, item.pattern.size(), false);
        } catch (const DeckError&) {
          // It may be one that is appended; if not, columns() says so.
        }
      }
    }
  }
  open_ = false;
  expands_ = true;
  if (purpose == Purpose::rows) resolver_->complete_aggregates();
}

OutputPlan::~OutputPlan() = default;

std::size_t OutputPlan::column(std::string_view name, Location where, std::size_t length) {
  const std::vector<std::size_t> found = resolver_->resolve(name, where, length);
  if (has_wildcard(name) && !read_aggregate(name) && (found.size() != 1 || info(found.front()).name != name))
    throw DeckError(diagnose(*circuit_.sources, where, length,
                             "'" + std::string(name) + "' is a pattern, and one value is meant here",
                             fmt::format("name one vector, or write mean({0}), max({0}), ...", name)));
  if (found.size() > 1)
    throw DeckError(diagnose(*circuit_.sources, where, length,
                             fmt::format("'{}' is {} values, and one is meant here", name, found.size()),
                             fmt::format("name one bin: {}", info(found.front()).name)));
  if (found.empty())
    throw DeckError(diagnose(*circuit_.sources, where, length,
                             fmt::format("'{}' has no value in .{}", name, type_.word()),
                             of_circuit() ? "a linearised circuit has voltages, currents and states"
                                          : "its rows hold no vectors of the circuit"));
  return found.front();
}

NamedColumns OutputPlan::columns(std::string_view pattern, Location where) {
  left_out_.clear();
  std::vector<std::size_t> places = resolver_->resolve(pattern, where, pattern.size());
  return {std::move(places), !left_out_.empty()};
}

std::size_t OutputPlan::parameter(std::string_view name) {
  const auto [entry, fresh] = parameters_.try_emplace(std::string(name), width());
  if (fresh) hidden_.push_back({entry->first, Quantity::notype});
  return entry->second;
}

void OutputPlan::close() {
  resolver_.reset();
}

void OutputPlan::add(CircuitColumns::Column column, VectorInfo info) {
  column.place = width();
  columns_.add(column);
  (open_ ? vectors_ : hidden_).push_back(std::move(info));
}

}  // namespace memspice
