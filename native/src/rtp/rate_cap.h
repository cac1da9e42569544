#pragma once

#include <algorithm>
#include <cstdint>

namespace offhook {

/// What of one source's packets is looked at: twice as many as the shortest packets in use (10 ms) make, so that a sender
/// whose clock is off, or that repeats each packet, loses nothing. A network that stood still hands over at once what it
/// held back; that much is borne as well.
class RateCap {
 public:
  static constexpr std::int64_t kPerSecond = 200;
  static constexpr std::int64_t kBurst = 2 * kPerSecond;

  /// `now` never goes back.
  [[nodiscard]] bool admit(std::int64_t now) noexcept {
    credit_ns_ = std::min(kBurst * kPerPacketNs, credit_ns_ + now - last_);
    last_ = now;
    if (credit_ns_ < kPerPacketNs) return false;
    credit_ns_ -= kPerPacketNs;
    return true;
  }

 private:
  static constexpr std::int64_t kPerPacketNs = 1'000'000'000 / kPerSecond;
  std::int64_t credit_ns_{kBurst * kPerPacketNs};
  std::int64_t last_{0};
};

}  // namespace offhook
