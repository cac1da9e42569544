#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace offhook {

/// Rounds half up and saturates. Takes values within eight times full scale, which no filter of samples here can leave.
///
/// The bounds are drawn on integers because compilers turn a loop of that into vector code, and one of float comparisons not.
inline std::int16_t to_sample(float value) noexcept {
  constexpr int kBias = 8 * 32'768;  // truncation towards zero rounds down where all is positive
  const int rounded = static_cast<int>(value + (static_cast<float>(kBias) + 0.5F)) - kBias;
  return static_cast<std::int16_t>(std::clamp(rounded, -32'768, 32'767));
}

/// Adds as many samples as `sum` has; what is louder than can be is cut off.
inline void add(std::span<std::int16_t> sum, std::span<const std::int16_t> samples) noexcept {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = static_cast<std::int16_t>(std::clamp(sum[i] + samples[i], -32'768, 32'767));
}

}  // namespace offhook
