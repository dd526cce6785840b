#include "waveform/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace memspice {
namespace {

// U+00C0 … U+017F, one letter each; the few that need two are in `spellings`.
constexpr std::string_view latin =
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRr"
    "SsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
constexpr std::uint32_t latin_first = 0xC0;

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 72> spellings{{
    {0xA0, " "},      {0xA7, "S"},      {0xA9, "(c)"},      {0xAB, "<<"},       {0xB0, "deg"},
    {0xB1, "+-"},     {0xB2, "2"},      {0xB3, "3"},        {0xB5, "u"},        {0xB7, "."},
    {0xB9, "1"},      {0xBB, ">>"},     {0xC6, "AE"},       {0xDF, "ss"},       {0xE6, "ae"},
    {0x152, "OE"},    {0x153, "oe"},    {0x391, "Alpha"},   {0x392, "Beta"},    {0x393, "Gamma"},
    {0x394, "Delta"}, {0x398, "Theta"}, {0x39B, "Lambda"},  {0x39E, "Xi"},      {0x3A0, "Pi"},
    {0x3A3, "Sigma"}, {0x3A6, "Phi"},   {0x3A8, "Psi"},     {0x3A9, "Ohm"},     {0x3B1, "alpha"},
    {0x3B2, "beta"},  {0x3B3, "gamma"}, {0x3B4, "delta"},   {0x3B5, "epsilon"}, {0x3B6, "zeta"},
    {0x3B7, "eta"},   {0x3B8, "theta"}, {0x3B9, "iota"},    {0x3BA, "kappa"},   {0x3BB, "lambda"},
    {0x3BC, "u"},     {0x3BD, "nu"},    {0x3BE, "xi"},      {0x3C0, "pi"},      {0x3C1, "rho"},
    {0x3C3, "sigma"}, {0x3C4, "tau"},   {0x3C5, "upsilon"}, {0x3C6, "phi"},     {0x3C7, "chi"},
    {0x3C8, "psi"},   {0x3C9, "omega"}, {0x2010, "-"},      {0x2011, "-"},      {0x2012, "-"},
    {0x2013, "-"},    {0x2014, "-"},    {0x2018, "'"},      {0x2019, "'"},      {0x201C, "\""},
    {0x201D, "\""},   {0x2026, "..."},  {0x20AC, "EUR"},    {0x2126, "Ohm"},    {0x2190, "<-"},
    {0x2192, "->"},   {0x2212, "-"},    {0x221E, "inf"},    {0x2248, "~"},      {0x2260, "!="},
    {0x2264, "<="},   {0x2265, ">="},
}};

struct Decoded {
  std::uint32_t code;
  std::size_t bytes;
};

constexpr std::uint32_t invalid = 0xFFFFFFFF;

Decoded decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t bytes = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (bytes == 0 || bytes > text.size()) return {invalid, 1};
  std::uint32_t code = bytes == 1 ? lead : lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {invalid, 1};
    code = code << 6 | (next & 0x3Fu);
  }
  return {code, bytes};
}

}  // namespace

std::string to_ascii(std::string_view text) {
  std::string ascii;
  while (!text.empty()) {
    const auto [code, bytes] = decode(text);
    text.remove_prefix(bytes);
    const auto* spelling = std::find_if(spellings.begin(), spellings.end(),
                                        [code = code](const auto& entry) { return entry.first == code; });
    if (code < 0x80) {
      ascii += code < 0x20 || code == 0x7F ? ' ' : static_cast<char>(code);
    } else if (spelling != spellings.end()) {
      ascii += spelling->second;
    } else if (code >= latin_first && code < latin_first + latin.size()) {
      ascii += latin[code - latin_first];
    } else {
      ascii += '?';
    }
  }
  return ascii;
}

std::string to_ascii_name(std::string_view name) {
  std::string ascii = to_ascii(name);
  std::replace(ascii.begin(), ascii.end(), ' ', '_');
  return ascii;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace memspice
