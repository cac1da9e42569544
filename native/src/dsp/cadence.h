#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dsp/tone_pair.h"

namespace offhook {

/// One or two frequencies at once, or silence where there is none.
struct ToneStep {
  std::array<float, 2> hz{};
  std::uint32_t ms{0};
};

/// What follows one another, again and again; a single step has no end.
struct ToneOrder {
  static constexpr std::size_t kMostSteps = 8;
  std::array<ToneStep, kMostSteps> steps{};
  std::size_t count{0};
};

/// Plays a `ToneOrder`, each step to the sample.
class Cadence {
 public:
  explicit Cadence(int rate_hz) noexcept : rate_hz_(rate_hz) {}

  void start(const ToneOrder& order) noexcept {
    order_ = order;
    begin(0);
  }

  void next(std::span<std::int16_t> frame) noexcept {
    while (!frame.empty()) {
      const auto part = order_.count > 1 ? frame.first(std::min(frame.size(), left_)) : frame;
      tones_.next(part);
      frame = frame.subspan(part.size());
      if (order_.count <= 1) continue;
      left_ -= part.size();
      if (left_ == 0) begin((step_ + 1) % order_.count);
    }
  }

 private:
  /// -9 dBm0 of all that sounds at once.
  static constexpr std::int16_t kPeak = 8'191;

  void begin(std::size_t step) noexcept {
    step_ = step;
    const auto& [hz, ms] = order_.steps[step];
    const std::int16_t peak = hz[1] > 0 ? kPeak / 2 : kPeak;
    const auto part = [peak](float at) { return TonePair::Part{at, at > 0 ? peak : std::int16_t{0}}; };
    tones_ = TonePair(rate_hz_, part(hz[0]), part(hz[1]));
    left_ = std::max<std::size_t>(static_cast<std::size_t>(ms) * static_cast<std::size_t>(rate_hz_ / 1000), 1);
  }

  int rate_hz_;
  ToneOrder order_;
  TonePair tones_{rate_hz_, {}, {}};
  std::size_t step_{0};
  std::size_t left_{0};
};

}  // namespace offhook
