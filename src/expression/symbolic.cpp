#include "memspice/detail/symbolic.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace memspice {

namespace {

using Operation = Program::Operation;

thread_local SymbolicRecorder* recorder_of_thread = nullptr;

}  // namespace

Symbolic::Symbolic(double constant) : instruction_(SymbolicRecorder::current().program_.constant(constant)) {}

Symbolic Symbolic::apply(Operation operation, Symbolic a, Symbolic b) {
  return of(SymbolicRecorder::current().program_.apply(operation, a.instruction_, b.instruction_));
}

bool operator>(Symbolic a, Symbolic b) {
  return SymbolicRecorder::current().decide(b, a);
}

SymbolicRecorder::SymbolicRecorder() : before_(std::exchange(recorder_of_thread, this)) {}

SymbolicRecorder::~SymbolicRecorder() {
  recorder_of_thread = before_;
}

SymbolicRecorder& SymbolicRecorder::current() {
  return *recorder_of_thread;
}

bool SymbolicRecorder::decide(Symbolic less, Symbolic greater) {
  for (const Symbolic number : {less, greater}) {  // a limit that there is not
    const Program::Instruction& instruction = program_.code()[number.instruction()];
    if (instruction.operation == Operation::constant && std::isinf(instruction.constant))
      return (instruction.constant > 0) == (number.instruction() == greater.instruction());
  }
  const std::uint32_t difference =
      program_.apply(Operation::subtract, greater.instruction(), less.instruction());
  const Program::Instruction instruction = program_.code()[difference];
  if (instruction.operation == Operation::constant) return instruction.constant > 0;
  for (std::size_t i = 0; i < met_; ++i) {
    const Decision& met = decisions_[i];
    if (met.difference == difference) return met.holds;
    if (met.holds && std::ranges::find(met.opposites, difference) != met.opposites.end()) return false;
  }
  if (met_ == decisions_.size())
    decisions_.push_back(
        {difference,
         true,
         {program_.apply(Operation::subtract, less.instruction(), greater.instruction()),
          instruction.operation == Operation::negate ? instruction.a
                                                     : program_.apply(Operation::negate, difference)}});
  return decisions_[met_++].holds;
}

SymbolicRecorder::Numbers SymbolicRecorder::all_paths(const std::function<Numbers()>& function) {
  return explored(std::span(decisions_).first(met_), function);
}

SymbolicRecorder::Numbers SymbolicRecorder::explored(std::span<const Decision> given,
                                                     const std::function<Numbers()>& function) {
  const std::vector<Decision> known(given.begin(), given.end());
  const std::vector<Decision> outer = std::exchange(decisions_, {});
  const std::size_t outer_met = met_, outer_solutions = solutions_;
  const std::size_t outer_paths = std::exchange(paths_, 0);
  Numbers results = paths_from(known, known.size(), function);
  paths_ = outer_paths;
  solutions_ = outer_solutions;
  decisions_ = outer;
  met_ = outer_met;
  return results;
}

SymbolicRecorder::Numbers SymbolicRecorder::paths_from(const std::vector<Decision>& known, std::size_t given,
                                                       const std::function<Numbers()>& function) {
  if (++paths_ > most_paths) throw std::length_error("a device has too many pieces to be written down");
  decisions_ = known;
  met_ = given;
  solutions_ = 0;
  Numbers results = function();
  std::vector<Decision> path = decisions_;
  while (path.size() > known.size()) {  // the other side of the last condition, then of the one before
    path.back().holds = false;
    const Numbers others = paths_from(path, given, function);
    for (std::size_t i = 0; i < results.size(); ++i)
      results[i] = Symbolic::of(program_.apply(Operation::select,
                                               program_.apply(Operation::step, path.back().difference),
                                               results[i].instruction(), others[i].instruction()));
    path.pop_back();
  }
  return results;
}

Symbolic SymbolicRecorder::solution(const std::function<Symbolic(Symbolic)>& function) {
  const std::size_t number = solutions_++;
  const Symbolic x = input(
      {.kind = Probe::Kind::element, .element = static_cast<std::uint32_t>(number), .accessor = "inner"});
  const Symbolic residual = explored({}, [&] { return Numbers{function(x)}; }).front();
  residuals_.resize(std::max(residuals_.size(), number + 1));
  residuals_[number] = residual;
  return x;
}

Program SymbolicRecorder::program_of(Symbolic result) const {
  Program program = program_;
  program.finish(result.instruction());
  return program;
}

}  // namespace memspice
