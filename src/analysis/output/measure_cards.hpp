#pragma once

#include <string_view>

#include "memspice/circuit.hpp"
#include "netlist/elaboration/card_kind.hpp"

namespace memspice {

/// `.measure`
const CardKind& measure_card_kind();

/// What stands behind the word of a measure's kind (MeasureKind::read); all throw Problem.
/// `trig … targ …`
void read_distance(CardContext& card, MeasureCard& measure, std::string_view word);
/// A place: `v(a)=1 rise=2`.
void read_place(CardContext& card, MeasureCard& measure, std::string_view word);
/// An expression and the range that it is measured along.
void read_along_range(CardContext& card, MeasureCard& measure, std::string_view word);
/// An expression, the levels on= and off=, which become `lower` and `upper`, and the range.
void read_switching(CardContext& card, MeasureCard& measure, std::string_view word);
/// An expression, and the table of a file that it is compared with, Xyce's file=, indepvarcol=, depvarcol=
/// and comp_function=.
void read_comparison(CardContext& card, MeasureCard& measure, std::string_view word);
/// An expression and the place that it is measured at, which analyses with one row do not need.
void read_value_at_place(CardContext& card, MeasureCard& measure, std::string_view word);
void read_slope_at_place(CardContext& card, MeasureCard& measure, std::string_view word);
/// `= expression` of parameters and earlier measures.
void read_parameter(CardContext& card, MeasureCard& measure, std::string_view word);

}  // namespace memspice
