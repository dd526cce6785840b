#include "generate/nanowires.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memspice::generate {

namespace {

struct Cells {
  std::uint32_t across = 1;

  explicit Cells(double length, std::size_t wires) {
    // No more cells than wires, a cell no shorter than a wire.
    const double most = std::sqrt(static_cast<double>(wires)) + 1;
    across = static_cast<std::uint32_t>(std::max(1.0, std::min(std::floor(1 / length), most)));
  }
  [[nodiscard]] std::uint32_t count() const { return across * across; }
  [[nodiscard]] std::uint32_t index(double coordinate) const {
    return std::min(across - 1, static_cast<std::uint32_t>(coordinate * across));
  }
  [[nodiscard]] std::uint32_t of(double x, double y) const { return index(y) * across + index(x); }
};

double centre_x(const Wire& wire) {
  return std::clamp(0.5 * (wire.x0 + wire.x1), 0.0, 1.0);
}
double centre_y(const Wire& wire) {
  return std::clamp(0.5 * (wire.y0 + wire.y1), 0.0, 1.0);
}

// Moves the end that is beyond `side` in one coordinate along the wire to it.
void cut(double& outside, double& other_outside, double inside, double other_inside, double side) {
  other_outside = other_inside + (other_outside - other_inside) * ((side - inside) / (outside - inside));
  outside = side;
}

// The other end is always inside, because the centre is.
void cut_end(double& x, double& y, double centre_x, double centre_y) {
  if (x < 0) cut(x, y, centre_x, centre_y, 0);
  if (x > 1) cut(x, y, centre_x, centre_y, 1);
  if (y < 0) cut(y, x, centre_y, centre_x, 0);
  if (y > 1) cut(y, x, centre_y, centre_x, 1);
}

// Twice the area of a triangle, with the sign of its turn.
double turn(double ax, double ay, double bx, double by, double cx, double cy) {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

// The wires of each cell: members[first[cell]] to members[first[cell + 1] - 1], in rising order.
struct Buckets {
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> members;

  Buckets(const std::vector<Wire>& wires, const Cells& cells)
      : first(std::size_t{cells.count()} + 2, 0), members(wires.size()) {
    for (const Wire& wire : wires) ++first[cells.of(centre_x(wire), centre_y(wire)) + 2];
    std::partial_sum(first.begin(), first.end(), first.begin());
    for (std::uint32_t k = 0; k < wires.size(); ++k)
      members[first[cells.of(centre_x(wires[k]), centre_y(wires[k])) + 1]++] = k;
  }
};

}  // namespace

std::vector<Wire> scatter_wires(std::uint32_t count, double length, RandomStream& random) {
  std::vector<Wire> wires;
  wires.reserve(count);
  while (wires.size() < count) {
    const double x = random.uniform();
    const double y = random.uniform();
    // A direction without sines: that of a point in the unit circle.
    double dx = 0;
    double dy = 0;
    double square = 0;
    do {
      dx = 2 * random.uniform() - 1;
      dy = 2 * random.uniform() - 1;
      square = dx * dx + dy * dy;
    } while (square > 1 || square < 1e-6);
    const double half = 0.5 * length / std::sqrt(square);
    Wire wire{x - half * dx, y - half * dy, x + half * dx, y + half * dy};
    cut_end(wire.x0, wire.y0, x, y);
    cut_end(wire.x1, wire.y1, x, y);
    wires.push_back(wire);
  }
  const Buckets buckets(wires, Cells(length, wires.size()));
  std::vector<Wire> sorted;
  sorted.reserve(count);
  for (const std::uint32_t k : buckets.members) sorted.push_back(wires[k]);
  return sorted;
}

bool cross(const Wire& a, const Wire& b) {
  const auto separates = [](const Wire& line, const Wire& other) {
    const double first = turn(line.x0, line.y0, line.x1, line.y1, other.x0, other.y0);
    const double second = turn(line.x0, line.y0, line.x1, line.y1, other.x1, other.y1);
    return (first > 0) != (second > 0);
  };
  return separates(a, b) && separates(b, a);
}

std::vector<Edge> crossings(const std::vector<Wire>& wires, double length) {
  const Cells cells(length, wires.size());
  const Buckets buckets(wires, cells);
  std::vector<Edge> found;
  std::vector<std::uint32_t> partners;
  for (std::uint32_t k = 0; k < wires.size(); ++k) {
    const std::uint32_t column = cells.index(centre_x(wires[k]));
    const std::uint32_t row = cells.index(centre_y(wires[k]));
    partners.clear();
    for (std::uint32_t r = std::max(row, 1u) - 1; r <= std::min(row + 1, cells.across - 1); ++r) {
      // Cells beside each other are one range of members.
      const std::uint32_t left = r * cells.across + std::max(column, 1u) - 1;
      const std::uint32_t right = r * cells.across + std::min(column + 1, cells.across - 1);
      for (std::uint32_t m = buckets.first[left]; m < buckets.first[right + 1]; ++m) {
        const std::uint32_t other = buckets.members[m];
        if (other > k && cross(wires[k], wires[other])) partners.push_back(other);
      }
    }
    std::sort(partners.begin(), partners.end());
    for (const std::uint32_t other : partners) found.push_back({k, other});
  }
  return found;
}

Network nanowire_network(const std::vector<Wire>& wires, double length, bool electrodes,
                         double contact_resistance) {
  Network network;
  const auto count = static_cast<std::uint32_t>(wires.size());
  network.memristors = crossings(wires, length);
  network.nodes = count;
  network.wires = wires;
  if (!electrodes) return network;
  // Ground is node 0: the wires follow, then the left electrode.
  const std::uint32_t left = count + 1;
  network.nodes = count + 2;
  network.naming = Naming::wires;
  network.resistance = contact_resistance;
  network.terminals = {left};
  for (Edge& edge : network.memristors) edge = {edge.from + 1, edge.to + 1};
  for (std::uint32_t k = 0; k < count; ++k)
    if (wires[k].touches_left()) network.resistors.push_back({left, k + 1});
  for (std::uint32_t k = 0; k < count; ++k)
    if (wires[k].touches_right()) network.resistors.push_back({k + 1, 0});
  return network;
}

}  // namespace memspice::generate
