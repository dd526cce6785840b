#include "analysis/output/fourier.hpp"
#include "analysis/output/measure_cards.hpp"
#include "analysis/small_signal/pole_zero.hpp"
#include "analysis/types/analysis_type.hpp"

namespace memspice {

// In the order of the reference; observers in the order of their vectors, too.
std::span<const CardKind* const> standard_analyses() {
  static const CardKind* const kinds[] = {
      &type_of<OperatingPointCard>().card,
      &type_of<TransientCard>().card,
      &type_of<DcCard>().card,
      &type_of<AcCard>().card,
      &type_of<TransferFunctionCard>().card,
      &type_of<SensitivityCard>().card,
      &type_of<NoiseCard>().card,
      &type_of<PoleZeroCard>().card,
      &measure_card_kind(),
      &fourier_card_kind(),
      &type_of<NetworkCard>().card,
      &type_of<OmegaCard>().card,
      &type_of<InvariantsCard>().card,
      &type_of<FunctionalCard>().card,
      &type_of<FixedPointCard>().card,
      &type_of<EigenCard>().card,
  };
  return kinds;
}

}  // namespace memspice
