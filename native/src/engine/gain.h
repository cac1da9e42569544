#pragma once

#include <cstdint>
#include <span>

namespace offhook {

/// A level that moves in ramps, so that a change never clicks.
class Gain {
 public:
  void ramp_to(float target, std::uint32_t ramp_samples) noexcept {
    target_ = target;
    left_ = ramp_samples;
    if (left_ == 0) {
      now_ = target;
    } else {
      step_ = (target - now_) / static_cast<float>(left_);
    }
  }

  /// Returns whether every sample went out at full level (unity or above).
  bool apply(std::span<std::int16_t> samples) noexcept {
    if (left_ == 0 && now_ == 1.0F) return true;
    bool full = true;
    for (std::int16_t& sample : samples) {
      if (left_ > 0) {
        now_ += step_;
        if (--left_ == 0) now_ = target_;
      }
      full = full && now_ >= kFull;
      const float scaled = static_cast<float>(sample) * now_;
      sample = static_cast<std::int16_t>(scaled > 32767.0F ? 32767.0F : scaled < -32768.0F ? -32768.0F : scaled);
    }
    return full;
  }

 private:
  static constexpr float kFull = 0.99F;
  float now_{1};
  float target_{1};
  float step_{0};
  std::uint32_t left_{0};
};

}  // namespace offhook
