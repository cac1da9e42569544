#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace offhook {

/// Who sends in which tick: everybody once per packet time, each packet time spread evenly over its ticks. Owned by the media
/// thread; allocates when constructed only.
template <typename Item>
class SendWheel {
 public:
  /// 120 ms, into which packets of 10, 20, 30, 40 and 60 ms all go without a remainder.
  static constexpr std::uint32_t kTicks = 24;

  explicit SendWheel(std::size_t capacity) {
    for (auto& tick : ticks_) tick.reserve(capacity);
  }

  /// From now on `item` is due every `period_ticks`, a divisor of `kTicks`.
  void place(Item* item, std::uint32_t period_ticks) noexcept {
    remove(item);
    std::uint32_t phase = 0;
    for (std::uint32_t candidate = 1; candidate < period_ticks; ++candidate) {
      if (load(candidate, period_ticks) < load(phase, period_ticks)) phase = candidate;
    }
    for (std::uint32_t tick = phase; tick < kTicks; tick += period_ticks) ticks_[tick].push_back(item);
  }

  void remove(Item* item) noexcept {
    for (auto& tick : ticks_) std::erase(tick, item);
  }

  [[nodiscard]] std::span<Item* const> due(std::uint64_t tick) const noexcept { return ticks_[tick % kTicks]; }

 private:
  [[nodiscard]] std::size_t load(std::uint32_t phase, std::uint32_t period_ticks) const noexcept {
    std::size_t items = 0;
    for (std::uint32_t tick = phase; tick < kTicks; tick += period_ticks) items += ticks_[tick].size();
    return items;
  }

  std::array<std::vector<Item*>, kTicks> ticks_;
};

}  // namespace offhook
