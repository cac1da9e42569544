#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "dsp/half_band.h"
#include "dsp/real_fft.h"

namespace offhook {

/// Finds what machines say in 16 kHz audio: pure tones, one or two at once, that keep their frequencies and their level. What they mean is
/// for others to say, who know how long tones and silences are where.
///
/// A spectrum of 64 ms every 20 ms. Nearly all of it must lie in one or two narrow places between 300 and 2400 Hz, which voices do not
/// do for long. Frequencies less than 60 Hz apart are one place, in their middle. No allocation.
class ToneTracker {
 public:
  /// A tone that has ended, or goes on for longer than `kMostMs` and is told in pieces.
  struct Sound {
    float low_hz{0};
    float high_hz{0};  ///< 0: there is one alone
    /// Since the first sample; within about 15 ms.
    double start_ms{0};
    double end_ms{0};
  };
  static constexpr double kMostMs = 5'000;

  /// Any number of samples, even and in order.
  template <class OnSound>
  void process(std::span<const std::int16_t> samples, OnSound&& on_sound) noexcept {
    while (!samples.empty()) {
      const std::size_t count = std::min(samples.size(), 2 * (RealFft::kSize - filled_));
      down_.process(samples.first(count), window_.data() + filled_);
      filled_ += count / 2;
      samples = samples.subspan(count);
      if (filled_ < RealFft::kSize) return;
      now_ms_ += kHopMs;
      Sound ended;
      if (step(look(), ended)) on_sound(ended);
      std::copy(window_.begin() + kHop, window_.end(), window_.begin());
      filled_ -= kHop;
    }
  }

 private:
  static constexpr std::size_t kHop = 160;
  static constexpr double kHopMs = 20;

  /// What a window holds; no power: no tone.
  struct Sight {
    float low_hz{0};
    float high_hz{0};
    float power{0};
  };

  [[nodiscard]] Sight look() const noexcept;
  [[nodiscard]] bool step(const Sight& sight, Sound& ended) noexcept;
  [[nodiscard]] bool end(Sound& ended) noexcept;

  HalfBandDownsampler down_;
  std::array<std::int16_t, RealFft::kSize> window_{};
  std::size_t filled_{RealFft::kSize - kHop};

  double now_ms_{0};  ///< the end of the window
  Sight last_;
  double low_sum_{0};
  double high_sum_{0};
  int hits_{0};
  bool dented_{false};
  double start_ms_{0};
  double last_ms_{0};
};

}  // namespace offhook
