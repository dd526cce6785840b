#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "analysis/points/ordered_blocks.hpp"

using namespace memspice;

namespace {

/// Points of different sizes from many threads; a second plot of one row each.
std::vector<Plot> deliver(std::size_t threads, const OrderedBlocks::Columns& columns) {
  constexpr std::size_t points = 60;
  MemorySink sink;
  OrderedBlocks blocks(sink, columns);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t point = next++; point < points; point = next++) {
      auto block = blocks.begin(point, {static_cast<double>(point)}, 2 * threads);
      block->begin_plot({"t", "first", true, {{"frequency", Quantity::frequency}, {"v", Quantity::voltage}}});
      const std::size_t rows = 1 + point * 7919 % 1000;
      for (std::size_t i = 0; i < rows; ++i) {
        const auto x = static_cast<double>(i);
        block->row(std::vector<double>{x, 0, x + 0.5, -x});
      }
      if (point % 2 == 0) {
        block->begin_plot({"t", "second", false, {{"sum", Quantity::notype}}});
        block->row(std::vector<double>{static_cast<double>(rows)});
      }
      blocks.finish(std::move(block));
    }
  };
  std::vector<std::thread> pool;
  for (std::size_t i = 1; i < threads; ++i) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
  CHECK(blocks.close() == points);
  return sink.plots();
}

}  // namespace

TEST_CASE("blocks come in the order of their points, whoever waits for whom") {
  OrderedBlocks::Columns columns;
  columns.vectors = {{"x", Quantity::notype}};
  const std::vector<Plot> reference = deliver(1, columns);
  REQUIRE(reference.size() == 2);
  CHECK(reference[0].vectors[1].name == "x");
  CHECK(reference[0].vectors[2].name == "v");
  CHECK(reference[1].vectors[0].name == "x");
  CHECK(reference[1].rows() == 30);
  CHECK(std::ranges::is_sorted(reference[0].columns[1]));
  CHECK(reference[0].imaginary[1].back() == 0);
  CHECK(reference[0].imaginary[2].back() == -reference[0].columns[0].back());
  for (const std::size_t waiting : {std::size_t{1}, std::size_t{1} << 14, std::size_t{1} << 30}) {
    for (const std::size_t stream : {std::size_t{1}, std::size_t{1} << 13, std::size_t{1} << 30}) {
      columns.most_waiting = waiting;
      columns.stream_from = stream;
      for (const std::size_t threads : {1, 2, 5}) {
        CAPTURE(waiting);
        CAPTURE(stream);
        CAPTURE(threads);
        const std::vector<Plot> plots = deliver(threads, columns);
        REQUIRE(plots.size() == 2);
        for (std::size_t p = 0; p < 2; ++p) {
          CHECK(plots[p].columns == reference[p].columns);
          CHECK(plots[p].imaginary == reference[p].imaginary);
        }
      }
    }
  }
  columns.plot_per_block = true;
  CHECK(deliver(3, columns).size() == 90);
}
