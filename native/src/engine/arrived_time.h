#pragma once

#include <algorithm>
#include <cstdint>

#include "clock.h"
#include "line_codec.h"

namespace offhook {

/// How much of a stream may stand before a packet, going by the time that really passed: a far end whose timestamps or numbers
/// jump forward again and again must not make a minute of a second.
///
/// Audio may be ahead of arrival by `kAheadNs`, because packets on time follow ones that were late, and clocks differ; and what a
/// stall of the network held back may follow it at once, up to `kLongestStallNs` of it. Owned by the media thread of one session.
class ArrivedTime {
 public:
  /// With each packet that is played, in their order. Returns the samples that may be put before it, its own being as many as these.
  [[nodiscard]] std::int64_t advance(MonotonicNs arrival, std::size_t packet_samples) noexcept {
    if (started_) behind_ns_ = std::min(behind_ns_ + std::max<MonotonicNs>(arrival - newest_, 0), kLongestStallNs);
    newest_ = started_ ? std::max(newest_, arrival) : arrival;
    started_ = true;
    const std::int64_t room = (behind_ns_ + kAheadNs) * kAudioRateHz / kNsPerSecond;
    return std::max<std::int64_t>(0, room - static_cast<std::int64_t>(packet_samples));
  }

  /// Heard, made up or not.
  void spend(std::size_t samples) noexcept {
    behind_ns_ = std::max(behind_ns_ - static_cast<MonotonicNs>(samples) * kNsPerSecond / kAudioRateHz, -kAheadNs);
  }

 private:
  static constexpr MonotonicNs kAheadNs = kNsPerSecond;
  static constexpr MonotonicNs kLongestStallNs = 5 * kNsPerSecond;

  bool started_{false};
  MonotonicNs newest_{0};
  MonotonicNs behind_ns_{0};  ///< of what arrived, behind the time that passed
};

}  // namespace offhook
