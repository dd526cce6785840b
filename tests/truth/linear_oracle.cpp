#include "truth/linear_oracle.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "truth/normal_tree.hpp"
#include "truth/quad.hpp"

namespace memspice::truth {

class LinearOracle::Implementation {
 public:
  explicit Implementation(const Netlist& netlist) : netlist_(netlist), tree_(netlist) {
    assemble_storage();
    assemble_resistances();
    // z' = rate_x x + rate_u u with x = w⁻¹ (z - p u)
    const QuadMatrix inverse = solve(storage_, QuadMatrix::identity(states()));
    x_of_z_ = inverse;
    x_of_u_ = QuadMatrix(states(), inputs()) - inverse * storage_u_;
    a_ = rate_x_ * x_of_z_;
    b_ = rate_u_ + rate_x_ * x_of_u_;
    const std::size_t n = states(), m = inputs();
    QuadMatrix augmented(n + 2 * m, n + 2 * m);  // z, values of the inputs, their slopes
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) augmented(i, j) = a_(i, j);
      for (std::size_t j = 0; j < m; ++j) augmented(i, n + j) = b_(i, j);
    }
    for (std::size_t j = 0; j < m; ++j) augmented(n + j, n + m + j) = 1;
    exponential_.emplace(augmented, Quad(netlist.stop));
  }

  std::size_t states() const { return tree_.tree_c.size() + tree_.cotree_l.size(); }
  std::size_t inputs() const { return tree_.sources_v.size() + tree_.sources_i.size(); }
  const QuadMatrix& matrix() const { return a_; }

  std::vector<std::vector<double>> values(const std::vector<double>& times, bool before) const {
    std::vector<std::vector<double>> result;
    const std::vector<double> segments = netlist_.segments();
    QuadVector z = initial();
    const double near = 1e-13 * netlist_.stop;
    std::size_t next = 0;
    for (std::size_t s = 0; s + 1 < segments.size(); ++s) {
      const Piece piece = piece_of(segments[s], segments[s + 1], z);
      const bool last = s + 2 == segments.size();
      for (; next < times.size(); ++next) {
        const double t = times[next];
        if (!last && (before ? t > segments[s + 1] + near : t >= segments[s + 1] - near)) break;
        result.push_back(outputs(piece, state(piece, t), t));
      }
      z = state(piece, segments[s + 1]);
    }
    return result;
  }

 private:
  struct Sinusoid {  // of all inputs at one complex frequency, with its particular solution
    Quad sigma, omega;
    QuadVector u_re, u_im, z_re, z_im;
  };
  struct Piece {
    double start;
    QuadVector free;  // state of the augmented system at the start, without the particular solutions
    std::vector<Sinusoid> sinusoids;
    QuadVector constant, slope;
  };

  const Element& element(std::size_t k) const { return netlist_.elements[k]; }
  static std::size_t place(const Places& places, std::size_t k) {
    return static_cast<std::size_t>(std::find(places.begin(), places.end(), k) - places.begin());
  }
  // Part of an element's voltage (of a cotree branch) that tree branches of one kind make: one row each.
  QuadMatrix ways(const Places& branches, const Places& through) const {
    QuadMatrix result(branches.size(), through.size());
    for (std::size_t i = 0; i < branches.size(); ++i)
      for (const auto& [k, sign] : tree_.way[branches[i]])
        if (const std::size_t j = place(through, k); j < through.size()) result(i, j) = sign;
    return result;
  }
  QuadMatrix diagonal(const Places& branches, bool inverse = false) const {
    QuadMatrix result(branches.size(), branches.size());
    for (std::size_t i = 0; i < branches.size(); ++i) {
      const Quad value = element(branches[i]).value;
      result(i, i) = inverse ? 1 / value : value;
    }
    return result;
  }
  static void put(QuadMatrix& target, std::size_t row, std::size_t column, const QuadMatrix& block,
                  int sign = 1) {
    for (std::size_t i = 0; i < block.rows; ++i)
      for (std::size_t j = 0; j < block.columns; ++j) target(row + i, column + j) += sign * block(i, j);
  }

  QuadMatrix inductances(const Places& all) const {
    QuadMatrix result = diagonal(all);
    for (const Element& e : netlist_.elements) {
      if (e.kind != 'k') continue;
      const std::size_t i = place(all, static_cast<std::size_t>(e.a));
      const std::size_t j = place(all, static_cast<std::size_t>(e.b));
      const double product = element(all[i]).value * element(all[j]).value;
      // k sqrt(L1 L2), by one Newton step in full precision
      Quad root = std::sqrt(static_cast<long double>(product));
      root = (root + Quad(element(all[i]).value) * Quad(element(all[j]).value) / root) / 2;
      result(i, j) = result(j, i) = Quad(e.value) * root;
    }
    return result;
  }

  // z = storage x + storage_u u: charges of cutsets and fluxes of loops
  void assemble_storage() {
    const std::size_t nc = tree_.tree_c.size(), nl = tree_.cotree_l.size(), nv = tree_.sources_v.size();
    storage_ = QuadMatrix(nc + nl, nc + nl);
    storage_u_ = QuadMatrix(nc + nl, inputs());
    const QuadMatrix loops_c = ways(tree_.cotree_c, tree_.tree_c);
    const QuadMatrix weighted = transposed(loops_c) * diagonal(tree_.cotree_c);
    put(storage_, 0, 0, diagonal(tree_.tree_c) + weighted * loops_c);
    put(storage_u_, 0, 0, weighted * ways(tree_.cotree_c, tree_.sources_v));
    // currents of all inductors, cotree first: those of the tree carry minus what the others send through
    // them
    Places all = tree_.cotree_l;
    all.insert(all.end(), tree_.tree_l.begin(), tree_.tree_l.end());
    current_x_ = QuadMatrix(all.size(), nl);
    current_u_ = QuadMatrix(all.size(), tree_.sources_i.size());
    put(current_x_, 0, 0, QuadMatrix::identity(nl));
    put(current_x_, nl, 0, transposed(ways(tree_.cotree_l, tree_.tree_l)), -1);
    put(current_u_, nl, 0, transposed(ways(tree_.sources_i, tree_.tree_l)), -1);
    const QuadMatrix flux = transposed(current_x_) * inductances(all);
    put(storage_, nc, nc, flux * current_x_);
    put(storage_u_, nc, nv, flux * current_u_);
  }

  // Voltages of the tree resistors and currents of the others from x and u, then the rates of z.
  void assemble_resistances() {
    const std::size_t nc = tree_.tree_c.size(), nl = tree_.cotree_l.size(), nv = tree_.sources_v.size();
    const std::size_t nt = tree_.tree_r.size(), nr = tree_.cotree_r.size();
    QuadMatrix system(nt + nr, nt + nr), from_x(nt + nr, nc + nl), from_u(nt + nr, inputs());
    const QuadMatrix tree_of_cotree = ways(tree_.cotree_r, tree_.tree_r);
    put(system, 0, 0, diagonal(tree_.tree_r, true));
    put(system, 0, nt, transposed(tree_of_cotree));
    put(system, nt, 0, tree_of_cotree, -1);
    put(system, nt, nt, diagonal(tree_.cotree_r));
    put(from_x, 0, nc, transposed(ways(tree_.cotree_l, tree_.tree_r)), -1);
    put(from_u, 0, nv, transposed(ways(tree_.sources_i, tree_.tree_r)), -1);
    put(from_x, nt, 0, ways(tree_.cotree_r, tree_.tree_c));
    put(from_u, nt, 0, ways(tree_.cotree_r, tree_.sources_v));
    resistive_x_ = solve(system, from_x);
    resistive_u_ = solve(system, from_u);

    QuadMatrix to_rates(nc + nl, nt + nr);
    put(to_rates, 0, nt, transposed(ways(tree_.cotree_r, tree_.tree_c)), -1);
    put(to_rates, nc, 0, ways(tree_.cotree_l, tree_.tree_r));
    rate_x_ = to_rates * resistive_x_;
    rate_u_ = to_rates * resistive_u_;
    const QuadMatrix loops = ways(tree_.cotree_l, tree_.tree_c);
    put(rate_x_, 0, nc, transposed(loops), -1);
    put(rate_x_, nc, 0, loops);
    put(rate_u_, 0, nv, transposed(ways(tree_.sources_i, tree_.tree_c)), -1);
    put(rate_u_, nc, 0, ways(tree_.cotree_l, tree_.sources_v));
  }

  Places source_places() const {
    Places all = tree_.sources_v;
    all.insert(all.end(), tree_.sources_i.begin(), tree_.sources_i.end());
    return all;
  }

  Piece piece_of(double start, double end, const QuadVector& z) const {
    const std::size_t n = states(), m = inputs();
    Piece piece{start, QuadVector(n + 2 * m, Quad(0)), {}, QuadVector(m, Quad(0)), QuadVector(m, Quad(0))};
    std::copy(z.begin(), z.end(), piece.free.begin());
    const Places sources = source_places();
    for (std::size_t j = 0; j < m; ++j) {
      const Source::Piece drive = element(sources[j]).source.piece(start, start + (end - start) / 2);
      piece.constant[j] = piece.free[n + j] = drive.constant;
      piece.slope[j] = piece.free[n + m + j] = drive.slope;
      for (const Source::Term& term : drive.terms) add_sinusoid(piece, j, term);
    }
    for (const Sinusoid& s : piece.sinusoids)
      for (std::size_t i = 0; i < n; ++i) piece.free[i] -= s.z_re[i];
    return piece;
  }

  void add_sinusoid(Piece& piece, std::size_t input, const Source::Term& term) const {
    const std::size_t n = states(), m = inputs();
    Sinusoid s{term.sigma, term.omega, QuadVector(m, Quad(0)), QuadVector(m, Quad(0)), {}, {}};
    s.u_re[input] = term.re;
    s.u_im[input] = term.im;
    // (s - A) z = b u, real and imaginary parts side by side
    QuadMatrix system(2 * n, 2 * n), right(2 * n, 1);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) system(i, j) = system(n + i, n + j) = -a_(i, j);
      system(i, i) += s.sigma;
      system(n + i, n + i) += s.sigma;
      system(i, n + i) -= s.omega;
      system(n + i, i) += s.omega;
      right(i, 0) = b_(i, input) * term.re;
      right(n + i, 0) = b_(i, input) * term.im;
    }
    const QuadMatrix z = solve(system, right);
    s.z_re.assign(z.values.begin(), z.values.begin() + static_cast<std::ptrdiff_t>(n));
    s.z_im.assign(z.values.begin() + static_cast<std::ptrdiff_t>(n), z.values.end());
    piece.sinusoids.push_back(std::move(s));
  }

  QuadVector state(const Piece& piece, double t) const {
    const Quad u = Quad(t) - Quad(piece.start);
    QuadVector z = exponential_->apply(u, piece.free);
    z.resize(states());
    for (const Sinusoid& s : piece.sinusoids) {
      const auto [cosine, sine] = exponential(s.sigma, s.omega, u);
      for (std::size_t i = 0; i < z.size(); ++i) z[i] += s.z_re[i] * cosine - s.z_im[i] * sine;
    }
    return z;
  }

  QuadVector input(const Piece& piece, double t) const {
    const Quad u = Quad(t) - Quad(piece.start);
    QuadVector result(inputs());
    for (std::size_t j = 0; j < result.size(); ++j) result[j] = piece.constant[j] + piece.slope[j] * u;
    for (const Sinusoid& s : piece.sinusoids) {
      const auto [cosine, sine] = exponential(s.sigma, s.omega, u);
      for (std::size_t j = 0; j < result.size(); ++j) result[j] += s.u_re[j] * cosine - s.u_im[j] * sine;
    }
    return result;
  }

  QuadVector initial() const {
    const std::size_t n = states();
    const std::vector<double> segments = netlist_.segments();
    const Piece piece = piece_of(0, segments[1], QuadVector(n, Quad(0)));
    const QuadVector u = input(piece, 0);
    if (!netlist_.uic) {
      const QuadVector drive = b_ * u;
      QuadMatrix right(n, 1);
      for (std::size_t i = 0; i < n; ++i) right(i, 0) = -drive[i];
      return solve(a_, right).values;
    }
    QuadVector z = storage_u_ * u;
    QuadVector x(n);
    for (std::size_t i = 0; i < tree_.tree_c.size(); ++i) x[i] = element(tree_.tree_c[i]).initial;
    for (std::size_t i = 0; i < tree_.cotree_l.size(); ++i)
      x[tree_.tree_c.size() + i] = element(tree_.cotree_l[i]).initial;
    const QuadVector stored = storage_ * x;
    for (std::size_t i = 0; i < n; ++i) z[i] += stored[i];
    return z;
  }

  std::vector<double> outputs(const Piece& piece, const QuadVector& z, double t) const {
    const QuadVector u = input(piece, t);
    QuadVector x = x_of_z_ * z;
    const QuadVector shift = x_of_u_ * u;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += shift[i];
    QuadVector resistive = resistive_x_ * x;
    const QuadVector driven = resistive_u_ * u;
    for (std::size_t i = 0; i < resistive.size(); ++i) resistive[i] += driven[i];
    std::vector<double> result(netlist_.elements.size());
    const auto give = [&](std::size_t k, Quad value) { result[k] = static_cast<double>(value); };
    for (std::size_t i = 0; i < tree_.tree_c.size(); ++i) give(tree_.tree_c[i], x[i]);
    for (std::size_t i = 0; i < tree_.tree_r.size(); ++i) give(tree_.tree_r[i], resistive[i]);
    for (std::size_t i = 0; i < tree_.cotree_r.size(); ++i) {
      const std::size_t k = tree_.cotree_r[i];
      give(k, resistive[tree_.tree_r.size() + i] * Quad(element(k).value));
    }
    const QuadMatrix loops_x = ways(tree_.cotree_c, tree_.tree_c),
                     loops_u = ways(tree_.cotree_c, tree_.sources_v);
    for (std::size_t i = 0; i < tree_.cotree_c.size(); ++i) {
      Quad v = 0;
      for (std::size_t j = 0; j < loops_x.columns; ++j) v += loops_x(i, j) * x[j];
      for (std::size_t j = 0; j < loops_u.columns; ++j) v += loops_u(i, j) * u[j];
      give(tree_.cotree_c[i], v);
    }
    for (std::size_t i = 0; i < current_x_.rows; ++i) {
      Quad current = 0;
      for (std::size_t j = 0; j < current_x_.columns; ++j)
        current += current_x_(i, j) * x[tree_.tree_c.size() + j];
      for (std::size_t j = 0; j < current_u_.columns; ++j)
        current += current_u_(i, j) * u[tree_.sources_v.size() + j];
      const std::size_t nl = tree_.cotree_l.size();
      give(i < nl ? tree_.cotree_l[i] : tree_.tree_l[i - nl], current);
    }
    return result;
  }

  Netlist netlist_;
  NormalTree tree_;
  QuadMatrix storage_, storage_u_, current_x_, current_u_, resistive_x_, resistive_u_, rate_x_, rate_u_;
  QuadMatrix x_of_z_, x_of_u_, a_, b_;
  std::optional<Exponential> exponential_;
};

namespace {

// What Kirchhoff's laws make of the initial values of tree branches, for the other storage elements.
double implied_initial_value(const Netlist& netlist, const NormalTree& tree, std::size_t k) {
  const auto at_start = [&](std::size_t other) {
    const Element& e = netlist.elements[other];
    return e.kind == 'v' || e.kind == 'i' ? e.source.value(0, 1e-9 * netlist.stop) : e.initial;
  };
  double result = 0;
  if (netlist.elements[k].kind == 'c')
    for (const auto& [through, sign] : tree.way[k]) result += sign * at_start(through);
  else
    for (const Places* branches : {&tree.cotree_l, &tree.sources_i})
      for (const std::size_t other : *branches)
        for (const auto& [through, sign] : tree.way[other])
          if (through == k) result -= sign * at_start(other);
  return result;
}

bool starts_consistently(const Netlist& netlist, const NormalTree& tree) {
  double size[2] = {0, 0};
  for (const Element& e : netlist.elements) {
    if (e.kind != 'c' && e.kind != 'l') continue;
    if (std::isnan(e.initial)) return false;
    size[e.kind == 'l'] = std::max(size[e.kind == 'l'], std::abs(e.initial));
  }
  for (const Places* implied : {&tree.cotree_c, &tree.tree_l})
    for (const std::size_t k : *implied) {
      const Element& e = netlist.elements[k];
      if (!(std::abs(e.initial - implied_initial_value(netlist, tree, k)) <= 1e-14 * size[e.kind == 'l']))
        return false;
    }
  return true;
}

}  // namespace

std::string LinearOracle::objection(const Netlist& netlist) {
  if (!netlist.connected()) return "floating";
  const NormalTree tree(netlist);
  if (tree.contradictory()) return "contradictory sources";
  if (netlist.uic) return starts_consistently(netlist, tree) ? "" : "contradictory initial values";
  Groups shorts(netlist.nodes() + 1), paths(netlist.nodes() + 1);
  for (const Element& e : netlist.elements) {
    if ((e.kind == 'v' || e.kind == 'l') && !shorts.join(e.a, e.b)) return "a loop of inductors at rest";
    if (e.kind == 'v' || e.kind == 'l' || e.kind == 'r') paths.join(e.a, e.b);
  }
  for (const Element& e : netlist.elements)
    if (e.kind != 'k' && (paths.find(e.a) != paths.find(0) || paths.find(e.b) != paths.find(0)))
      return "a cutset of capacitors at rest";
  return {};
}

LinearOracle::LinearOracle(const Netlist& netlist)
    : implementation_(std::make_unique<Implementation>(netlist)) {}
LinearOracle::~LinearOracle() = default;

namespace {

Eigen::VectorXcd frequencies(const QuadMatrix& a) {
  using Matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  const auto n = static_cast<Eigen::Index>(a.rows);
  Matrix dense(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      dense(i, j) = static_cast<long double>(a(static_cast<std::size_t>(i), static_cast<std::size_t>(j)));
  if (n == 0) return {};
  return Eigen::EigenSolver<Matrix>(dense, false).eigenvalues().cast<std::complex<double>>();
}

}  // namespace

double LinearOracle::fastest_decay() const {
  double result = 0;
  for (const auto& value : frequencies(implementation_->matrix()))
    result = std::max(result, std::abs(value.real()));
  return result;
}

double LinearOracle::fastest_turn() const {
  double result = 0;
  for (const auto& value : frequencies(implementation_->matrix())) result = std::max(result, value.imag());
  return result;
}

std::vector<std::vector<double>> LinearOracle::values(const std::vector<double>& times, bool before) const {
  return implementation_->values(times, before);
}

void draw_initial_values(Netlist& netlist, Random& random, double voltage, double current) {
  const NormalTree tree(netlist);
  if (tree.contradictory()) return;
  auto& elements = netlist.elements;
  const auto short_number = [&](double size) { return std::round(random.uniform(-9, 9)) / 8 * size; };
  for (const std::size_t k : tree.tree_c) elements[k].initial = short_number(voltage);
  for (const std::size_t k : tree.cotree_l) elements[k].initial = short_number(current);
  for (const Places* implied : {&tree.cotree_c, &tree.tree_l})
    for (const std::size_t k : *implied) elements[k].initial = implied_initial_value(netlist, tree, k);
}

}  // namespace memspice::truth
