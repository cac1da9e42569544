#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

namespace offhook {

/// A sine without end and without a seam between frames.
class Tone {
 public:
  Tone(double hz, int rate_hz, std::int16_t peak) noexcept
      : step_cos_(std::cos(2.0 * std::numbers::pi * hz / rate_hz)),
        step_sin_(std::sin(2.0 * std::numbers::pi * hz / rate_hz)),
        peak_(peak) {}

  void next(std::span<std::int16_t> out) noexcept {
    for (std::int16_t& sample : out) {
      sample = static_cast<std::int16_t>(std::lround(peak_ * sin_));
      const double turned_cos = cos_ * step_cos_ - sin_ * step_sin_;
      sin_ = sin_ * step_cos_ + cos_ * step_sin_;
      cos_ = turned_cos;
    }
    // Rounding lets the phasor's length drift; once per frame is often enough to call it back.
    const double length = std::hypot(cos_, sin_);
    cos_ /= length;
    sin_ /= length;
  }

 private:
  double step_cos_;
  double step_sin_;
  double peak_;
  double cos_{1.0};
  double sin_{0.0};
};

}  // namespace offhook
