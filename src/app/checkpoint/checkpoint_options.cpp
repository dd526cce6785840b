#include "app/checkpoint/checkpoint_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "base/number.hpp"
#include "base/usage_error.hpp"

namespace memspice::app {

namespace {

CheckpointPlace place_of(std::string_view word) {
  CheckpointPlace place;
  std::string_view number = word;
  bool right = true;
  if (const std::size_t colon = word.find(':'); colon != std::string_view::npos) {
    std::size_t analysis = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + colon, analysis);
    right = error == std::errc() && end == word.data() + colon && analysis > 0;
    place.analysis = analysis - 1;
    number = word.substr(colon + 1);
  }
  const std::optional<double> at = signed_number(number);
  if (!right || !at || !(*at > 0))
    throw UsageError(
        fmt::format("--checkpoint-at wants times, not '{}'", word),
        "for example 1m,2m; 2:5m is a time of the second analysis; of .dc the number of its rows");
  place.at = *at;
  return place;
}

}  // namespace

CheckpointOptions checkpoint_options(const std::string& checkpoint, const std::string& places,
                                     const std::string& resumed) {
  CheckpointOptions options;
  options.resumed = resumed;
  options.file = checkpoint.empty() ? resumed : checkpoint;
  if (const std::size_t comma = options.file.rfind(','); !checkpoint.empty() && comma != std::string::npos) {
    options.every = signed_number(options.file.substr(comma + 1));
    if (!options.every || !(*options.every >= 0))
      throw UsageError(fmt::format("--checkpoint wants seconds behind the comma, not '{}'",
                                   options.file.substr(comma + 1)),
                       "for example run.checkpoint,60");
    options.file.resize(comma);
    if (options.file.empty()) throw UsageError("--checkpoint wants the name of a file", "run.checkpoint,60");
  }
  for (std::string_view rest = places; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    options.places.push_back(place_of(rest.substr(0, comma)));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return options;
}

std::string text_of(const CheckpointPlace& place) {
  return place.analysis.value_or(0) == 0 ? fmt::format("{}", place.at)
                                         : fmt::format("{}:{}", *place.analysis + 1, place.at);
}

}  // namespace memspice::app
