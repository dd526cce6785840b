#pragma once

#include <memspice/waveform.hpp>
#include <string>
#include <vector>

namespace memspice::app {

/// The values of a vector, or of an expression over vectors, row by row.
struct Term {
  std::string name;  // lower case, without blanks
  std::string unit;  // "V"; empty: none, or not known
  std::vector<double> values;
  std::vector<double> imaginary;  // of a complex one
};

/// What a word of the command line stands for in a plot: the vector of this name, all vectors that fit a
/// pattern (`w(*)`), or an expression (`v(a)-v(b)`, `db(v(out))`, `mean(w(*))`). Throws UsageError; `file` is
/// what its message calls the file.
std::vector<Term> terms_of(const Plot& plot, const std::string& text, const std::string& file);
/// The same where one is meant.
Term term_of(const Plot& plot, const std::string& text, const std::string& file);
/// A vector of the plot, by its place.
Term vector_term(const Plot& plot, std::size_t vector);
/// The places of the vectors that fit a pattern.
std::vector<std::size_t> matching_vectors(const Plot& plot, const std::string& pattern);

}  // namespace memspice::app
