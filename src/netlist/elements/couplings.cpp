#include "netlist/elements/couplings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

#include "base/characters.hpp"
#include "base/interruption.hpp"
#include "base/spelling.hpp"
#include "netlist/elaboration/card_context.hpp"

namespace memspice {
namespace {

using Kind = Token::Kind;

/// Couplings between inductors, as the rows of a symmetric matrix with ones on its diagonal.
class CouplingMatrix {
 public:
  explicit CouplingMatrix(const std::vector<Coupling>& couplings) {
    for (const Coupling& coupling : couplings) {
      const std::uint32_t first = row_number(coupling.first);
      const std::uint32_t second = row_number(coupling.second);
      rows_[first][second] = rows_[second][first] = coupling.coefficient;
    }
  }

  /// Whether a matrix of numbers is eliminated in less time than lists of them.
  [[nodiscard]] bool is_dense() const {
    constexpr std::size_t share = 16;
    std::size_t entries = 0;
    for (const auto& row : rows_) entries += row.size();
    return rows_.size() > share && share * entries > rows_.size() * rows_.size();
  }

  /// Eliminates row after row. The inductor whose pivot is negative: the energy of the currents has no lower
  /// bound; NameTable::npos when there is none.
  std::uint32_t indefinite() { return is_dense() ? indefinite_dense() : indefinite_sparse(); }

 private:
  std::uint32_t indefinite_dense() {
    const std::size_t n = rows_.size();
    std::vector<std::vector<double>> matrix(n, std::vector<double>(n, 0.0));
    for (std::size_t i = 0; i < n; ++i)
      for (const auto& [j, value] : rows_[i]) matrix[i][j] = value;
    for (std::size_t k = 0; k < n; ++k) {
      interruption_point();
      const std::vector<double>& pivot_row = matrix[k];
      if (pivot_row[k] < -rounding) return names_[k];
      if (pivot_row[k] < rounding) {
        const auto left = pivot_row.begin() + static_cast<std::ptrdiff_t>(k) + 1;
        if (std::any_of(left, pivot_row.end(),
                        [](double value) { return std::abs(value) > std::sqrt(rounding); }))
          return names_[k];
        continue;
      }
      for (std::size_t i = k + 1; i < n; ++i) {
        if (pivot_row[i] == 0) continue;
        const double factor = pivot_row[i] / pivot_row[k];
        for (std::size_t j = k + 1; j < n; ++j) matrix[i][j] -= factor * pivot_row[j];
      }
    }
    return NameTable::npos;
  }

  std::uint32_t indefinite_sparse() {
    for (std::uint32_t k = 0; k < rows_.size(); ++k) {
      std::map<std::uint32_t, double> pivot_row = std::move(rows_[k]);
      const double pivot = pivot_row[k];
      pivot_row.erase(k);
      if (pivot < -rounding) return names_[k];
      for (const auto& [i, left] : pivot_row) {
        if (pivot < rounding) {  // perfectly coupled: what is left of its row must vanish with it
          if (std::abs(left) > std::sqrt(rounding)) return names_[k];
          rows_[i].erase(k);
          continue;
        }
        for (const auto& [j, right] : pivot_row) rows_[i][j] -= left * right / pivot;
        rows_[i].erase(k);
      }
    }
    return NameTable::npos;
  }

  std::uint32_t row_number(std::uint32_t name) {
    const auto [found, fresh] = numbers_.try_emplace(name, static_cast<std::uint32_t>(rows_.size()));
    if (fresh) {
      rows_.emplace_back()[found->second] = 1;
      names_.push_back(name);
    }
    return found->second;
  }

  static constexpr double rounding = 1e-9;

  std::map<std::uint32_t, std::uint32_t> numbers_;  // by the inductor's name
  std::vector<std::uint32_t> names_;
  std::vector<std::map<std::uint32_t, double>> rows_;
};

void check_coupling_energy(Elaboration& elaboration) {
  const std::uint32_t inductor = CouplingMatrix(elaboration.circuit.couplings).indefinite();
  if (inductor == NameTable::npos) return;
  for (const PendingCoupling& pending : elaboration.couplings)
    for (const std::size_t i : {0, 1})
      if ((i == 0 ? pending.coupling.first : pending.coupling.second) == inductor)
        return elaboration.messages.warning(
            {pending.at[i],
             fmt::format("the couplings of '{}' contradict each other: the inductors together would give out "
                         "energy without end",
                         elaboration.circuit.element_names[inductor]),
             "three inductors with coefficients a, b and c need 1 + 2abc >= a^2 + b^2 + c^2"});
}

}  // namespace

void read_coupling(CardContext& card) {
  const std::string_view name = card.reader.take().text;
  std::vector<std::string_view> inductors;
  for (; card.reader.peek().is(Kind::word) && is_name_start(card.reader.peek().text.front()) &&
         !card.reader.at_assignment();
       card.reader.skip_commas())
    inductors.push_back(card.reader.take().text);
  if (inductors.size() < 2)
    throw Problem{name, fmt::format("'{}' needs at least 2 inductors", name),
                  "its form is K1 L1 L2 coefficient"};
  if (card.reader.at_assignment()) {
    const std::string_view word = card.reader.take().text;
    if (!same_word(word, "k") && !same_word(word, "coefficient"))
      throw Problem{word, fmt::format("'{}' has no parameter '{}'", name, word)};
    card.reader.take();
  }
  const std::string_view at = card.reader.peek().text;
  if (card.reader.at_end())
    throw Problem{at, fmt::format("'{}' has no coefficient", name),
                  "it stands behind the inductors, a parameter in braces: K1 L1 L2 {k}"};
  const double coefficient = card.value(CardReader::Blanks::end_it);
  if (!(std::abs(coefficient) <= 1))
    throw Problem{at, fmt::format("a coupling coefficient is between -1 and 1, not {:g}", coefficient)};
  if (!card.reader.at_end())
    throw card.reader.unexpected(card.reader.peek().text,
                                 "memspice couples linear inductors only: a core has no model");

  Coupling coupling;
  coupling.where = card.where;
  coupling.coefficient = coefficient;
  coupling.name = card.new_element(name);
  const auto count = static_cast<double>(inductors.size());
  spend(card.elaboration, Resource::elements, 0.5 * count * (count - 1), name);
  for (std::size_t i = 0; i < inductors.size(); ++i)
    for (std::size_t j = i + 1; j < inductors.size(); ++j)
      card.elaboration.couplings.push_back(
          {coupling,
           {inductors[i], inductors[j]},
           {std::string(card.full_name(inductors[i])), std::string(card.full_name(inductors[j]))}});
}

void resolve_couplings(Elaboration& elaboration) {
  if (elaboration.couplings.empty() || elaboration.messages.error_count() > 0)
    return;                                     // inductors may be missing
  std::unordered_set<std::uint32_t> inductors;  // by name
  std::vector<std::string> candidates;
  for (const DeviceGroup& group : elaboration.circuit.groups) {
    if (group.type->letter != 'l') continue;
    inductors.insert(group.names.begin(), group.names.end());
    for (const std::uint32_t name : group.names)
      candidates.push_back(elaboration.circuit.element_names[name]);
  }
  std::map<std::pair<std::uint32_t, std::uint32_t>, Location> coupled;
  const auto resolve = [&](PendingCoupling& pending) {
    std::array<std::uint32_t, 2> names{};
    for (const std::size_t i : {0, 1}) {
      names[i] = elaboration.circuit.element_names.find(pending.full[i]);
      if (inductors.contains(names[i])) continue;
      if (names[i] != NameTable::npos)
        throw Problem{pending.at[i], fmt::format("'{}' is not an inductor", pending.at[i]),
                      lower(pending.at[i].front()) == 'l' ? "an inductor of 0 H cannot be coupled" : ""};
      throw Problem{pending.at[i], fmt::format("no inductor '{}' in this circuit", pending.full[i]),
                    did_you_mean(pending.full[i], {candidates.begin(), candidates.end()})};
    }
    if (names[0] == names[1])
      throw Problem{pending.at[1], fmt::format("'{}' cannot be coupled with itself", pending.at[1])};
    const auto [known, fresh] = coupled.try_emplace(
        {std::min(names[0], names[1]), std::max(names[0], names[1])}, pending.coupling.where);
    if (!fresh)
      throw Problem{
          pending.at[1], fmt::format("'{}' and '{}' are coupled twice", pending.at[0], pending.at[1]),
          fmt::format("the first coupling is at {}", line_of(*elaboration.deck.sources, known->second))};
    pending.coupling.first = names[0];
    pending.coupling.second = names[1];
    elaboration.circuit.couplings.push_back(pending.coupling);
  };
  for (PendingCoupling& pending : elaboration.couplings) elaboration.attempt([&] { resolve(pending); });
  check_coupling_energy(elaboration);
}

}  // namespace memspice
