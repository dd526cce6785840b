#include "devices/random_cards.hpp"

namespace memspice::testing {

namespace {

// clang-format off
constexpr CardRange diode_ranges[] = {
    {"is", 1e-16, 1e-9}, {"n", 0.9, 2}, {"ikf", 1e-3, 1}, {"jsw", 1e-16, 1e-12}, {"ns", 1, 2},
    {"eg", 0.6, 1.2}, {"xti", 2, 4}, {"trs1", -2e-3, 2e-3}, {"tnom", 20, 50}, {"vj", 0.4, 1}, {"m", 0.2, 0.6}, {"fc", 0.3, 0.6},
    {"cjo", 1e-13, 1e-11}, {"tt", 1e-10, 1e-8}, {"kf", 1e-17, 1e-14}, {"af", 0.8, 1.2}};
constexpr CardRange bipolar_ranges[] = {
    {"is", 1e-17, 1e-13}, {"bf", 20, 500}, {"nf", 0.97, 1.08}, {"vaf", 10, 200}, {"ikf", 1e-3, 1}, {"nkf", 0.3, 0.9},
    {"ise", 1e-16, 1e-13}, {"ne", 1.3, 2}, {"br", 0.1, 20}, {"nr", 0.97, 1.08}, {"var", 5, 50}, {"ikr", 1e-3, 1},
    {"isc", 1e-16, 1e-13}, {"nc", 1.3, 2}, {"rb", 10, 300}, {"re", 0.01, 5}, {"rc", 0.1, 50},
    {"xtb", -1, 2}, {"xti", 2, 4}, {"eg", 0.9, 1.2}, {"tre1", -1e-3, 1e-3}, {"tnom", 20, 50},
    {"cje", 1e-13, 1e-11}, {"cjc", 1e-13, 1e-11}, {"tf", 1e-11, 1e-9}, {"kf", 1e-17, 1e-13}, {"af", 0.8, 1.2}};
constexpr CardRange bipolar_rough_ranges[] = {{"rbm", 1, 9}, {"irb", 1e-5, 1e-2}};
constexpr CardRange jfet_ranges[] = {
    {"vto", -4, -0.5}, {"beta", 1e-4, 1e-2}, {"lambda", 1e-3, 0.05}, {"rd", 1, 50}, {"rs", 1, 50}, {"is", 1e-15, 1e-12},
    {"n", 1, 1.5}, {"b", 0.5, 1.2}, {"pb", 0.6, 1}, {"tcv", -4e-3, 4e-3}, {"vtotc", -4e-3, 4e-3}, {"betatce", -0.8, 0.2},
    {"xti", 2, 4}, {"eg", 1, 1.2}, {"bex", -2, 0}, {"cgs", 1e-13, 1e-11}, {"cgd", 1e-13, 1e-11}, {"kf", 1e-18, 1e-15}, {"af", 0.8, 1.2}};
constexpr CardRange mos_ranges[] = {
    {"gamma", 0.1, 1}, {"phi", 0.4, 0.9}, {"tox", 5e-9, 1e-7}, {"uo", 100, 800}, {"ld", 1e-8, 3e-7}, {"rd", 0.1, 1e3},
    {"rs", 0.1, 1e3}, {"rsh", 1, 50}, {"js", 1e-8, 1e-4}, {"cgso", 1e-11, 1e-9}, {"cgdo", 1e-11, 1e-9}, {"cgbo", 1e-11, 1e-9},
    {"cj", 1e-5, 1e-3}, {"cjsw", 1e-11, 1e-9}, {"cbd", 1e-14, 1e-12}, {"kf", 1e-27, 1e-24}, {"af", 0.8, 1.3}, {"pb", 0.5, 1}};
constexpr CardRange mos_doping_ranges[] = {{"nsub", 1e14, 1e17}, {"nss", 1e9, 1e11}};
constexpr CardRange mos1_ranges[] = {{"kp", 1e-5, 3e-4}, {"lambda", 1e-3, 0.1}};
constexpr CardRange mos2_ranges[] = {{"kp", 1e-5, 3e-4}, {"lambda", 1e-3, 0.05}, {"uexp", 0.05, 0.3}};
constexpr CardRange mos2_rough_ranges[] = {{"delta", 0.1, 2}, {"xj", 1e-7, 1e-6}, {"nfs", 1e10, 1e12}, {"ucrit", 1e4, 3e5}, {"neff", 1, 5}};
constexpr CardRange mos3_ranges[] = {{"kp", 1e-5, 3e-4}, {"theta", 0.01, 0.3}};
constexpr CardRange mos3_rough_ranges[] = {{"delta", 0.1, 2}, {"xj", 1e-7, 1e-6}, {"nfs", 1e10, 1e12}, {"vmax", 3e4, 3e5}, {"eta", 0.01, 1}, {"kappa", 0.01, 2}};
constexpr CardRange mos6_ranges[] = {
    {"kv", 0.3, 2}, {"nv", 0.3, 1.2}, {"kc", 1e-6, 1e-4}, {"nc", 0.8, 2}, {"nvth", 0.1, 0.5}, {"sigma", 1e-3, 0.05},
    {"lambda0", 1e-3, 0.1}, {"lambda1", 1e-3, 0.02}, {"gamma1", 0.01, 0.1}};
constexpr CardRange vdmos_ranges[] = {
    {"kp", 0.1, 30}, {"lambda", 1e-3, 0.05}, {"theta", 0.01, 0.2}, {"rd", 1e-3, 1}, {"rs", 1e-3, 1}, {"rg", 0.1, 30},
    {"rb", 1e-3, 0.1}, {"mtriode", 0.5, 2}, {"ksubthres", 0.02, 0.2}, {"subshift", -0.3, 0.3}, 
    {"is", 1e-15, 1e-9}, {"n", 1, 1.5}, {"tcvth", -2e-3, 5e-3}, {"mu", -2, -1}, {"trd1", 1e-4, 5e-3},
    {"trs1", 1e-4, 5e-3}, {"tksubthres1", -1e-3, 1e-3}, {"eg", 0.9, 1.2}, {"xti", 2, 4}, {"trb1", 1e-4, 5e-3},
    {"cgdmin", 1e-12, 1e-10}, {"a", 0.2, 2}, {"cjo", 1e-10, 1e-8}, {"vj", 0.4, 1}, {"m", 0.2, 0.6}, {"fc", 0.3, 0.6},
    {"tt", 1e-9, 1e-7}, {"kf", 1e-25, 1e-22}, {"af", 0.8, 1.2}};
constexpr CardRange vdmos_rough_ranges[] = {{"rds", 1e4, 1e7}};  // which small signals of ngspice leave out
// clang-format on

}  // namespace

std::string random_subset(std::span<const CardRange> ranges, double probability, Random& random) {
  std::string text;
  for (const CardRange& range : ranges) {
    if (!(random.uniform(0, 1) < probability)) continue;
    const double value =
        range.low > 0 ? random.logarithmic(range.low, range.high) : random.uniform(range.low, range.high);
    text += fmt::format(" {}={:.4g}", range.name, value);
  }
  return text;
}

RandomDevice random_diode(double probability, bool exact_slopes, Random& random) {
  // Breakdown where the sweep gets there asks for a resistance: without one it carries any current.
  std::string model = fmt::format("rs={:.4g}", random.logarithmic(0.1, 100)) +
                      random_subset(diode_ranges, probability, random);
  if (random.coin())
    model += fmt::format(" bv={:.4g} ibv={:.4g}", random.uniform(3, 30), random.logarithmic(1e-6, 1e-2));
  // ngspice's noise of rs does not know the area.
  return {false, "d(" + model + ")", exact_slopes ? "" : fmt::format("area={:.3g}", random.uniform(0.5, 3))};
}

RandomDevice random_bipolar(double probability, bool exact_slopes, Random& random) {
  const bool p = random.coin();
  std::string model = (p ? "pnp(" : "npn(") + random_subset(bipolar_ranges, probability, random);
  if (!exact_slopes) model += random_subset(bipolar_rough_ranges, probability, random);
  return {p, model + ")", ""};
}

RandomDevice random_jfet(double probability, Random& random) {
  const bool p = random.coin();
  return {p, (p ? "pjf(" : "njf(") + random_subset(jfet_ranges, probability, random) + ")", ""};
}

RandomDevice random_mos(int level, double probability, bool exact_slopes, Random& random) {
  const bool p = random.coin();
  const double length = random.logarithmic(1, 20);  // µm
  std::string model = fmt::format("{}(level={}", p ? "pmos" : "nmos", level);
  if (exact_slopes || random.coin())
    model += fmt::format(" vto={:.4g}", (p ? -1 : 1) * random.uniform(0.2, 1.3));
  const auto add = [&](std::span<const CardRange> ranges) {
    model += random_subset(ranges, probability, random);
  };
  add(mos_ranges);
  if (!exact_slopes) add(mos_doping_ranges);
  if (level == 1) add(mos1_ranges);
  if (level == 2) add(mos2_ranges);
  if (level == 3) add(mos3_ranges);
  if (level == 6) add(mos6_ranges);
  if (level == 2 && !exact_slopes) add(mos2_rough_ranges);
  if (level == 3 && !exact_slopes) add(mos3_rough_ranges);
  std::string element = fmt::format("l={:.4g}u w={:.3g}u", length, random.logarithmic(1, 50));
  if (random.coin()) element += " ad=20p as=30p pd=20u ps=20u nrd=2 nrs=0.5";
  // ngspice divides delta of level 2 by the number of copies.
  if (random.below(4) == 0 && model.find("delta") == std::string::npos) element += " m=3";
  return {p, model + ")", element};
}

RandomDevice random_fast_mos2(double probability, Random& random) {
  const bool p = random.coin();
  const double length = random.logarithmic(1, 20) * 1e-6, lost = random.uniform(1e-8, 2e-7);  // m
  const double mobility = 0.06, voltage = random.uniform(1.5, 4);  // m²/(V s), V: vmax length/mobility
  const double velocity = voltage * mobility / (length - 2 * lost);
  return {p,
          fmt::format("{}(level=2 vto={:.4g} gamma={:.4g} ld={:.6g} vmax={:.6g}{}{})", p ? "pmos" : "nmos",
                      (p ? -1 : 1) * random.uniform(0.2, 1.3), random.uniform(0.2, 1), lost, velocity,
                      random_subset(mos1_ranges, probability, random),
                      random_subset(mos_doping_ranges, probability, random)),
          fmt::format("l={:.6g} w={:.3g}u", length, random.logarithmic(5, 50))};
}

RandomDevice random_vdmos(double probability, bool exact_slopes, Random& random) {
  const bool p = random.coin();
  const double threshold = random.uniform(1, 4);
  std::string model =
      fmt::format("vdmos({}vto={:.4g} cgs={:.4g} cgdmax={:.4g}", p ? "pchan " : "", (p ? -1 : 1) * threshold,
                  random.logarithmic(1e-10, 1e-8), random.logarithmic(1e-10, 1e-8)) +
      random_subset(vdmos_ranges, probability, random);
  if (!exact_slopes) model += random_subset(vdmos_rough_ranges, probability, random);
  return {p, model + ")", "", threshold};
}

}  // namespace memspice::testing
