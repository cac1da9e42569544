#pragma once

#include <algorithm>
#include <cstdint>

namespace offhook {

/// Rounds half up and saturates; written so that compilers turn a loop of it into vector code.
inline std::int16_t to_sample(float value) noexcept {
  const float shifted = std::clamp(value, -32768.0F, 32767.0F) + 32768.5F;
  return static_cast<std::int16_t>(static_cast<std::int32_t>(shifted) - 32768);
}

}  // namespace offhook
