#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netlist/elaboration/card_context.hpp"
#include "netlist/elements/edge_file.hpp"
#include "netlist/elements/source_form.hpp"

namespace memspice {

/// A column of an edge list.
struct EdgeColumn {
  enum class Role : std::uint8_t { from, to, label, number };
  Role role = Role::number;
  std::string spelling;                  // of its name
  std::optional<std::size_t> parameter;  // of the memristors
  bool used = false;                     // by something
  bool of_source = false;                // read by the source
};

struct EdgeColumns {
  std::vector<EdgeColumn> list;
  Body names;  // its parameters are the columns, by their numbers: so expressions of the card read them
};

/// An expression of the card that has another value in every line.
struct EdgeExpression {
  std::size_t place = 0;  // of a parameter, or in the form of the source
  Expression expression;
  std::vector<std::size_t> columns = {};  // that it reads
  bool plain = false;                     // it is nothing but one column
};

/// What a card `.edges file model …` says behind the model.
struct EdgeForm {
  std::string_view label;                  // name=
  std::vector<double> values;              // of all memristors: the model's, and what the card gives
  std::vector<std::string_view> given_at;  // where the card gives them
  std::vector<EdgeExpression> parameters;  // of each
  bool has_source = false;
  SourceForm source;
  std::vector<EdgeExpression> source_values;
};

inline constexpr std::string_view edge_header = "the first line names the columns, such as: from to w0";

/// The columns that this line of the file names. Throws Problem, in the line.
EdgeColumns read_edge_columns(const EdgeFile& file, const DeviceType& memristor);

/// Reads the rest of the card; notes in the columns who reads them. Throws Problem.
EdgeForm read_edge_form(CardContext& card, const Model& model, EdgeColumns& columns);

}  // namespace memspice
