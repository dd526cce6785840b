#include <array>
#include <span>

#include "netlist/elaboration/card_kind.hpp"

namespace memspice {

void read_op(CardContext& card);
void read_tran(CardContext& card);
void read_dc(CardContext& card);
void read_ac(CardContext& card);
void read_tf(CardContext& card);
void read_sens(CardContext& card);
void read_noise(CardContext& card);
void read_network(CardContext& card);
void read_omega(CardContext& card);
void read_invariants(CardContext& card);
void read_functional(CardContext& card);
void read_fixedpoint(CardContext& card);
void read_eigen(CardContext& card);
void check_omega(Elaboration& elaboration);
void check_invariants(Elaboration& elaboration);
void check_functional(Elaboration& elaboration);
void check_fixedpoint(Elaboration& elaboration);
void check_eigen(Elaboration& elaboration);

namespace {

constexpr CardGroup analyses = CardGroup::analyses, network = CardGroup::network;
using Analysis = AnalysisKind;

// clang-format off
constexpr CardKind analysis_rows[] = {
    {{".op", "", "", "operating point"}, analyses, read_op, false, Analysis::operating_point},
    {{".tran", "", "tstep tstop [tstart [tmax]] [uic] | tstop", "transient"}, analyses, read_tran, false, Analysis::transient},
    {{".dc", "", "[dec|oct] source first last step … | source list value …",
      "DC values swept: sources, temp, parameters, elements, @element[parameter]; the first one fastest"}, analyses, read_dc, false, Analysis::dc},
    {{".ac", "", "dec|oct|lin number first last | list f…", "small-signal analysis over frequencies"}, analyses, read_ac, false, Analysis::ac},
    {{".tf", "", "v(node[,node])|i(source) source", "transfer function and resistances at 0 Hz"}, analyses, read_tf, false, Analysis::transfer_function},
    {{".sens", "", "v(node[,node])|i(source) [ac dec|oct|lin number first last]", "sensitivity to every parameter"}, analyses, read_sens, false, Analysis::sensitivity},
    {{".noise", "", "v(node[,node]) source dec|oct|lin number first last [points]", "noise over frequencies"}, analyses, read_noise, false, Analysis::noise},
    {{".network", "", "[file=base]", "the graph of a memristive network"}, network, read_network},
    {{".omega", "", "[tol=1e-4]", "integrate the closed form beside every .tran"}, network, read_omega, false, {}, check_omega},
    {{".invariants", "", "", "watch the conservation laws along every .tran"}, network, read_invariants, false, {}, check_invariants},
    {{".functional", "", "", "the Lyapunov function along every .tran"}, network, read_functional, false, {}, check_functional},
    {{".fixedpoint", "", "[tol=1e-9] [from=op|end]", "solve dw/dt = 0"}, network, read_fixedpoint, false, {}, check_fixedpoint},
    {{".eigen", "", "[at=op|fixed|end]", "eigenvalues of the linearised circuit"}, network, read_eigen, false, {}, check_eigen},
};
// clang-format on

constexpr auto pointers = [] {
  std::array<const CardKind*, std::size(analysis_rows)> list{};
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = &analysis_rows[i];
  return list;
}();

}  // namespace

std::span<const CardKind* const> standard_analyses() {
  return pointers;
}

}  // namespace memspice
