#pragma once

#include <cstddef>
#include <cstdint>

#include "clock.h"

namespace offhook {

/// The keys that we press in band, and a line may send back. Told by the sending half of a session, asked by the receiving one; the media
/// thread's.
class OwnPresses {
 public:
  void pressing(std::size_t key, MonotonicNs now) noexcept {
    if (now - last_at_ > kComesBackWithin) keys_ = 0;
    keys_ |= 1U << key;
    last_at_ = now;
  }
  [[nodiscard]] bool may_come_back(std::size_t key, MonotonicNs now) const noexcept {
    return now - last_at_ <= kComesBackWithin && (keys_ & (1U << key)) != 0;
  }

 private:
  static constexpr MonotonicNs kComesBackWithin = 600 * kNsPerMs;

  std::uint32_t keys_{0};
  MonotonicNs last_at_{-kComesBackWithin};
};

}  // namespace offhook
