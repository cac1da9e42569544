#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

#include "line_codec.h"

namespace offhook {

/// A sine that goes on without a step from frame to frame, at a quarter of full scale.
class ToneSource {
 public:
  void set_hz(double hz) noexcept { step_ = 2 * std::numbers::pi * hz / kAudioRateHz; }

  void fill(std::span<std::int16_t> frame) noexcept {
    for (std::int16_t& sample : frame) {
      sample = static_cast<std::int16_t>(8'191 * std::sin(phase_));
      phase_ += step_;
      if (phase_ > 2 * std::numbers::pi) phase_ -= 2 * std::numbers::pi;
    }
  }

 private:
  double phase_{0};
  double step_{0};
};

}  // namespace offhook
