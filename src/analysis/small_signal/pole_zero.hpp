#pragma once

#include "analysis/types/analysis_type.hpp"

namespace memspice {

/// `.pz n1 n2 n3 n4 cur|vol pol|zer|pz`
struct PoleZeroCard {
  NodeId input_plus = ground, input_minus = ground;
  NodeId output_plus = ground, output_minus = ground;
  bool from_current = false;  // the input is a current into n1 and out of n2, or the voltage between them
  bool poles = true;
  bool zeros = true;
  Location where = {};
};
const AnalysisType& type_of(const PoleZeroCard*);

}  // namespace memspice
