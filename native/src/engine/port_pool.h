#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "clock.h"

namespace offhook {

/// Even ports of a range, handed out in random order. A port that was used rests before it is used again, so that the
/// last packets of one call are not taken for the first of another. Owned by the control thread.
class PortPool {
 public:
  static constexpr MonotonicNs kQuarantineNs = 2 * kNsPerSecond;

  /// Both ports of a pair lie within [min, max].
  PortPool(std::uint16_t min, std::uint16_t max, std::uint32_t seed) {
    for (std::uint32_t port = min + (min & 1U); port + 1 <= max; port += 2) free_.push_back(static_cast<std::uint16_t>(port));
    std::shuffle(free_.begin(), free_.end(), std::mt19937{seed});
  }

  [[nodiscard]] std::optional<std::uint16_t> take(MonotonicNs now) {
    while (!resting_.empty() && resting_.front().second <= now) {
      free_.push_back(resting_.front().first);
      resting_.pop_front();
    }
    if (free_.empty()) return std::nullopt;
    const std::uint16_t port = free_.front();
    free_.pop_front();
    return port;
  }

  void give_back(std::uint16_t port, MonotonicNs now) { resting_.emplace_back(port, now + kQuarantineNs); }

  [[nodiscard]] std::size_t free_or_resting() const noexcept { return free_.size() + resting_.size(); }

 private:
  std::deque<std::uint16_t> free_;
  std::deque<std::pair<std::uint16_t, MonotonicNs>> resting_;
};

}  // namespace offhook
