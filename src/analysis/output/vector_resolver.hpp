#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/output/output_plan.hpp"
#include "circuit/element_view.hpp"
#include "expression/aggregate.hpp"

namespace memspice {

/// Turns names and patterns of vectors into columns of an output plan.
class VectorResolver {
 public:
  VectorResolver(const Circuit& circuit, OutputPlan& plan) : circuit_(circuit), plan_(plan) {}

  void add_defaults(std::vector<std::size_t>* found);
  /// Columns of one request, in order; empty when a wildcard matches nothing. Throws DeckError, without a
  /// guess at what was meant when nobody will be told.
  std::vector<std::size_t> resolve(std::string_view pattern, Location where, std::size_t length,
                                   bool told = true);
  /// What the visible aggregates are made of stands behind all that is visible: when that is complete. Throws
  /// DeckError where a pattern names nothing.
  void complete_aggregates();

 private:
  using Kind = CircuitColumns::Kind;
  struct Request {
    Location where;
    std::size_t length;
    bool told = true;   // to somebody, when it names nothing
    bool word = false;  // alone, which may have been meant for something else
  };
  /// Where the values of a vector come from.
  struct Vector {
    CircuitColumns::Column column;
    Quantity quantity;
  };
  void add(CircuitColumns::Column column, std::string name, Quantity quantity,
           std::vector<std::size_t>* found);
  void add_node(NodeId node, std::vector<std::size_t>* found);
  /// A node inside of an element (of Rser= and the like).
  [[nodiscard]] bool is_hidden(NodeId node) const;
  /// `accessor` of one element; false when this element does not have it.
  bool add_element(std::string_view accessor, std::uint32_t name, std::vector<std::size_t>* found);
  void add_vector(const Vector& vector, std::string_view accessor, std::string_view element,
                  std::vector<std::size_t>* found);
  /// The vector `accessor` of an element; nothing when it does not have it.
  [[nodiscard]] std::optional<Vector> vector_of(const ElementPlace& place, std::string_view accessor) const;
  /// Of currents and powers.
  [[nodiscard]] std::optional<Vector> branch_vector_of(const ElementPlace& place,
                                                       std::string_view accessor) const;
  /// A parameter of one element, such as the resistance of r1; false when it has none of this name.
  bool add_parameter(std::string_view parameter, std::uint32_t name, std::vector<std::size_t>* found);
  const ElementPlace& place(std::uint32_t name);
  /// Takes all vectors of the plan into `known_`.
  void know_plan();
  struct WantedAggregate {
    Aggregate aggregate;
    Location where;
    std::size_t length = 0;
    std::optional<std::size_t> place = {};  // of its vector, where it has one
  };
  std::vector<std::size_t> add_aggregate(WantedAggregate wanted);
  /// Gives it its column, and its place unless it has one.
  void complete(WantedAggregate& wanted);
  bool add_plain(std::string_view name, std::vector<std::size_t>& found);
  /// Where the analysis has nothing but vectors of its own.
  std::vector<std::size_t> resolve_own(const Request& request, std::string_view text);
  /// What a word alone asks for: "v" of a node, of an element the parameter that is its value.
  [[nodiscard]] std::string_view value_accessor(std::string_view word) const;
  void resolve_voltage(const Request& request, std::string_view argument, std::vector<std::size_t>& found);
  void resolve_pin(const Request& request, std::string_view argument, std::vector<std::size_t>& found);
  void resolve_element(const Request& request, std::string_view accessor, std::string_view argument,
                       std::vector<std::size_t>& found);
  [[nodiscard]] NodeId node(const Request& request, std::string_view name) const;
  [[nodiscard]] std::string accessors_of(std::uint32_t element);
  /// The hint is a name that is near, or else another: then UnknownWord for a word alone.
  [[noreturn]] void fail(const Request& request, std::string message, std::string guess,
                         std::string otherwise) const;

  const Circuit& circuit_;
  OutputPlan& plan_;
  std::vector<WantedAggregate> wanted_;  // visible ones
  std::vector<ElementPlace> places_;     // by element name, once somebody asks
  // Names of the plan's first `vectors` vectors, and their places in a row. Made when somebody looks
  // for one: the vectors of a first wildcard differ from each other, and a million of them need no index.
  struct {
    NameTable names;
    std::vector<std::size_t> place;
    std::size_t vectors = 0;
  } known_;
  bool all_new_ = false;  // what is added now cannot be in the plan yet
};

}  // namespace memspice
