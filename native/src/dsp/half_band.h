#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dsp/sample.h"

/// Half-band filters between 8 and 16 kHz (the factor is all that matters). Each stream owns one object per direction.
///
/// A half-band FIR of 47 taps, equiripple: -57 dB from 4.6 kHz up, 0.012 dB of ripple up to 3.4 kHz. Every second tap is
/// zero but the middle one, so one phase is a symmetric FIR of 24 taps and the other a mere delay. Going up delays by 23
/// samples of 16 kHz, going down by 22 (1.4 ms each).
namespace offhook {

namespace half_band_detail {

inline constexpr std::size_t kTaps = 24;
inline constexpr std::size_t kHistory = kTaps - 1;
/// The middle tap's place among the samples of its phase.
inline constexpr std::size_t kDelay = 11;
/// Samples filtered at a time: a block's worth of floats stays in the first-level cache.
inline constexpr std::size_t kBlock = 160;

/// The outer half of the symmetric phase, scaled to unity gain at 0 Hz.
inline constexpr std::array<float, kTaps / 2> kCoefficients{
    -0.0016665476F, 0.0030232551F, -0.0056010925F, 0.0094714374F, -0.015056565F, 0.022935329F,
    -0.03400152F,   0.04984633F,   -0.073818414F,  0.11464762F,   -0.20456239F,  0.63478256F,
};

/// `newest` points at the newest sample; the 23 before it must be readable.
inline float fir(const float* newest) noexcept {
  const float* oldest = newest - kHistory;
  float sum = 0.0F;
#pragma GCC unroll 12
  for (std::size_t k = 0; k < kTaps / 2; ++k) sum += kCoefficients[k] * (oldest[k] + oldest[kHistory - k]);
  return sum;
}

}  // namespace half_band_detail

/// Doubles the rate.
class HalfBandUpsampler {
 public:
  /// `out` takes `2 * in.size()` samples and must not overlap `in`.
  void process(std::span<const std::int16_t> in, std::int16_t* out) noexcept {
    using namespace half_band_detail;
    while (!in.empty()) {
      const std::size_t count = std::min(in.size(), kBlock);
      float* fresh = window_.data() + kHistory;
      for (std::size_t i = 0; i < count; ++i) fresh[i] = in[i];
      for (std::size_t i = 0; i < count; ++i) filtered_[i] = to_sample(fir(fresh + i));
      for (std::size_t i = 0; i < count; ++i) {
        out[2 * i] = filtered_[i];
        out[2 * i + 1] = static_cast<std::int16_t>(window_[kHistory - kDelay + i]);
      }
      std::copy_n(window_.begin() + static_cast<std::ptrdiff_t>(count), kHistory, window_.begin());
      out += 2 * count;
      in = in.subspan(count);
    }
  }

 private:
  std::array<float, half_band_detail::kHistory + half_band_detail::kBlock> window_{};
  std::array<std::int16_t, half_band_detail::kBlock> filtered_{};
};

/// Halves the rate.
class HalfBandDownsampler {
 public:
  /// `in` holds an even number of samples (an odd last one is left out); `out` takes half as many and may be `in`'s own storage.
  void process(std::span<const std::int16_t> in, std::int16_t* out) noexcept {
    using namespace half_band_detail;
    for (std::size_t left = in.size() / 2; left > 0;) {
      const std::size_t count = std::min(left, kBlock);
      float* fresh_even = even_.data() + kDelay;
      float* fresh_odd = odd_.data() + kHistory;
      for (std::size_t i = 0; i < count; ++i) {
        fresh_even[i] = in[2 * i];
        fresh_odd[i] = in[2 * i + 1];
      }
      for (std::size_t i = 0; i < count; ++i) out[i] = to_sample(0.5F * (fir(fresh_odd + i) + even_[i]));
      std::copy_n(even_.begin() + static_cast<std::ptrdiff_t>(count), kDelay, even_.begin());
      std::copy_n(odd_.begin() + static_cast<std::ptrdiff_t>(count), kHistory, odd_.begin());
      out += count;
      in = in.subspan(2 * count);
      left -= count;
    }
  }

 private:
  std::array<float, half_band_detail::kDelay + half_band_detail::kBlock> even_{};
  std::array<float, half_band_detail::kHistory + half_band_detail::kBlock> odd_{};
};

}  // namespace offhook
