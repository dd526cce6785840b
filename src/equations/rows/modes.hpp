#pragma once

#include <cstdint>
#include <vector>

#include "base/archive.hpp"
#include "equations/rows/auxiliary_point.hpp"

namespace memspice {

/// What jumps when an inequality changes its truth: conditions of expressions (Program's events), switches.
/// Modes are held along a smooth segment of the run and decided anew at its end.
class Modes {
 public:
  virtual ~Modes() = default;
  [[nodiscard]] virtual bool has_events() const = 0;
  /// Appends what the modes depend on: they change where one of these changes its sign (passes a whole
  /// number, for floor() and the like).
  virtual void event_arguments(const AuxiliaryPoint& at, std::vector<double>& arguments) = 0;
  /// Whether the point would change a mode.
  [[nodiscard]] virtual bool changed(const AuxiliaryPoint& at) = 0;
  /// Sets the modes as the point decides; true when one of them changed.
  virtual bool decide(const AuxiliaryPoint& at) = 0;
  /// Takes over the modes of the same elements of another system of the circuit.
  virtual void adopt(const Modes& other) = 0;
  /// What a saved run remembers of them.
  virtual void exchange(Archive& archive) = 0;
};

/// The modes of several as those of one.
class AllModes final : public Modes {
 public:
  void add(Modes& part) { parts_.push_back(&part); }
  [[nodiscard]] bool has_events() const override {
    for (const Modes* part : parts_)
      if (part->has_events()) return true;
    return false;
  }
  void event_arguments(const AuxiliaryPoint& at, std::vector<double>& arguments) override {
    for (Modes* part : parts_) part->event_arguments(at, arguments);
  }
  [[nodiscard]] bool changed(const AuxiliaryPoint& at) override {
    for (Modes* part : parts_)
      if (part->changed(at)) return true;
    return false;
  }
  bool decide(const AuxiliaryPoint& at) override {
    bool any = false;
    for (Modes* part : parts_) any |= part->decide(at);
    if (any) ++changes_;
    return any;
  }
  /// `other` has the same parts in the same order.
  void adopt(const Modes& other) override {
    const auto& same = static_cast<const AllModes&>(other);
    ++changes_;
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i]->adopt(*same.parts_[i]);
  }
  void exchange(Archive& archive) override {
    ++changes_;
    for (Modes* part : parts_) part->exchange(archive);
  }
  /// Another number whenever the modes may be others.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

 private:
  std::vector<Modes*> parts_;
  std::uint64_t changes_ = 0;
};

}  // namespace memspice
