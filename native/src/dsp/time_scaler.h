#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sample.h"

namespace offhook {

/// Shortens and lengthens speech at 16 kHz by one pitch period at a time, joined where the waveform looks most like itself
/// (WSOLA): the pitch stays, and a listener takes it for a slightly quicker or slower speaker.
namespace time_scaler {

inline constexpr std::size_t kShortestPeriod = 40;  ///< 2.5 ms
inline constexpr std::size_t kLongestPeriod = 240;  ///< 15 ms
inline constexpr std::size_t kOverlap = 160;        ///< 10 ms in which one side of a joint leads over to the other

struct Joint {
  std::size_t period{0};  ///< samples to leave out or to repeat; 0: none fits
  float likeness{0};      ///< of both sides of the joint: 1 the same, 0 nothing in common
};

/// Mean square below which nobody hears what is done to a signal: about -54 dBFS.
inline constexpr float kQuietPower = 64.0F * 64.0F;

namespace detail {

struct Comparison {
  float product{0};
  float here{0};
  float there{0};
  [[nodiscard]] float likeness() const noexcept { return product <= 0 ? 0.0F : product / std::sqrt(here * there + 1.0F); }
};

inline Comparison compare(const std::int16_t* here, const std::int16_t* there, std::size_t thin) noexcept {
  Comparison sums;
  for (std::size_t i = 0; i < kOverlap; i += thin) {
    const auto a = static_cast<float>(here[i]);
    const auto b = static_cast<float>(there[i]);
    sums.product += a * b;
    sums.here += a * a;
    sums.there += b * b;
  }
  return sums;
}

/// `towards` is 1 to look for the other side of the joint later than `audio`, -1 for earlier.
inline Joint search(const std::int16_t* audio, std::ptrdiff_t towards, std::size_t most, std::size_t wanted) noexcept {
  const auto at = [&](std::size_t period, std::size_t thin) {
    return compare(audio, audio + towards * static_cast<std::ptrdiff_t>(period), thin);
  };
  const Comparison longest = at(most, 1);
  constexpr auto kSamples = static_cast<float>(kOverlap);
  // Without a voice there is no period to keep.
  if (std::max(longest.here, longest.there) < kQuietPower * kSamples) return {wanted, 1.0F};
  constexpr std::size_t kThin = 2;
  std::size_t best = kShortestPeriod;
  float best_likeness = -1.0F;
  for (std::size_t period = kShortestPeriod; period <= most; period += kThin) {
    const float likeness = at(period, kThin).likeness();
    if (likeness <= best_likeness) continue;
    best = period;
    best_likeness = likeness;
  }
  Joint joint;
  for (std::size_t period = best > kShortestPeriod ? best - 1 : best; period <= std::min(most, best + 1); ++period) {
    const float likeness = at(period, 1).likeness();
    if (likeness > joint.likeness) joint = {period, likeness};
  }
  return joint;
}

inline std::int16_t lead_over(std::int16_t from, std::int16_t to, std::size_t i) noexcept {
  const float weight = static_cast<float>(i + 1) / static_cast<float>(kOverlap + 1);
  return to_sample((1.0F - weight) * static_cast<float>(from) + weight * static_cast<float>(to));
}

}  // namespace detail

/// What to leave out of the beginning of `audio`, at most `most` samples.
inline Joint find_cut(std::span<const std::int16_t> audio, std::size_t most) noexcept {
  if (audio.size() < kOverlap + kShortestPeriod) return {};
  most = std::min({most, kLongestPeriod, audio.size() - kOverlap});
  return most < kShortestPeriod ? Joint{} : detail::search(audio.data(), 1, most, most);
}

/// What to repeat before `audio`, `wanted` where it is quiet. As many samples as the longest period lie readable before it.
inline Joint find_repeat(std::span<const std::int16_t> audio, std::size_t wanted) noexcept {
  if (audio.size() < kOverlap) return {};
  return detail::search(audio.data(), -1, kLongestPeriod, std::clamp(wanted, kShortestPeriod, kLongestPeriod));
}

/// Leaves out `period` samples, as `find_cut` said, in place: the last `period` of `audio` are of no use afterwards.
inline void cut(std::span<std::int16_t> audio, std::size_t period) noexcept {
  for (std::size_t i = 0; i < kOverlap; ++i) audio[i] = detail::lead_over(audio[i], audio[i + period], i);
  std::copy(audio.begin() + static_cast<std::ptrdiff_t>(kOverlap + period), audio.end(), audio.begin() + kOverlap);
}

/// Repeats `period` samples, as `find_repeat` said, in place: the first `audio.size() - period` of `audio` were the audio.
inline void repeat(std::span<std::int16_t> audio, std::size_t period) noexcept {
  std::array<std::int16_t, kOverlap> joint;
  std::int16_t* const begin = audio.data();
  const auto back = static_cast<std::ptrdiff_t>(period);
  for (std::size_t i = 0; i < kOverlap; ++i) joint[i] = detail::lead_over(begin[i], begin[static_cast<std::ptrdiff_t>(i) - back], i);
  std::copy_backward(begin + kOverlap - back, begin + audio.size() - period, begin + audio.size());
  std::copy(joint.begin(), joint.end(), begin);
}

}  // namespace time_scaler
}  // namespace offhook
