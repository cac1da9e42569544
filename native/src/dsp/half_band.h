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
/// Samples filtered at a time, on the stack: what a stream keeps between two packets is its history alone. With hundreds of streams
/// taking turns, each line of the cache that one of them owns has to be fetched anew.
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
    std::array<float, kHistory + kBlock> window;
    std::array<std::int16_t, kBlock> filtered;
    std::copy(history_.begin(), history_.end(), window.begin());
    while (!in.empty()) {
      const std::size_t count = std::min(in.size(), kBlock);
      float* fresh = window.data() + kHistory;
      for (std::size_t i = 0; i < count; ++i) fresh[i] = in[i];
      for (std::size_t i = 0; i < count; ++i) filtered[i] = to_sample(fir(fresh + i));
      for (std::size_t i = 0; i < count; ++i) {
        out[2 * i] = filtered[i];
        out[2 * i + 1] = static_cast<std::int16_t>(window[kHistory - kDelay + i]);
      }
      std::copy_n(window.begin() + static_cast<std::ptrdiff_t>(count), kHistory, window.begin());
      out += 2 * count;
      in = in.subspan(count);
    }
    std::copy_n(window.begin(), kHistory, history_.begin());
  }

 private:
  std::array<float, half_band_detail::kHistory> history_{};
};

/// Halves the rate.
class HalfBandDownsampler {
 public:
  /// `in` holds an even number of samples (an odd last one is left out); `out` takes half as many and may be `in`'s own storage.
  void process(std::span<const std::int16_t> in, std::int16_t* out) noexcept {
    using namespace half_band_detail;
    std::array<float, kDelay + kBlock> even;
    std::array<float, kHistory + kBlock> odd;
    std::copy(even_.begin(), even_.end(), even.begin());
    std::copy(odd_.begin(), odd_.end(), odd.begin());
    for (std::size_t left = in.size() / 2; left > 0;) {
      const std::size_t count = std::min(left, kBlock);
      float* fresh_even = even.data() + kDelay;
      float* fresh_odd = odd.data() + kHistory;
      for (std::size_t i = 0; i < count; ++i) {
        fresh_even[i] = in[2 * i];
        fresh_odd[i] = in[2 * i + 1];
      }
      for (std::size_t i = 0; i < count; ++i) out[i] = to_sample(0.5F * (fir(fresh_odd + i) + even[i]));
      std::copy_n(even.begin() + static_cast<std::ptrdiff_t>(count), kDelay, even.begin());
      std::copy_n(odd.begin() + static_cast<std::ptrdiff_t>(count), kHistory, odd.begin());
      out += count;
      in = in.subspan(2 * count);
      left -= count;
    }
    std::copy_n(even.begin(), kDelay, even_.begin());
    std::copy_n(odd.begin(), kHistory, odd_.begin());
  }

 private:
  std::array<float, half_band_detail::kDelay> even_{};
  std::array<float, half_band_detail::kHistory> odd_{};
};

}  // namespace offhook
