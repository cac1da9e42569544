#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "jitter_buffer.h"

namespace offhook {

/// What one far end says, for any number of listeners, each with packets of its own length that leave in their own tick. It is taken from
/// the jitter buffer once, by whoever needs it first, and kept for the others.
///
/// Positions are samples of the engine's own clock. Owned by the media thread; allocates when constructed only.
class SharedVoice {
 public:
  /// Control thread. Without a codec it is silent until it gets one.
  SharedVoice(std::unique_ptr<LineCodec> codec, std::uint32_t clock_rate_hz) noexcept : jitter(std::move(codec), clock_rate_hz) {}

  /// Fills `frame`, at most 60 ms, with what is said from position `from` on; it leaves at `due`. A listener's frames follow one another.
  void listen(std::span<std::int16_t> frame, std::int64_t from, MonotonicNs due) noexcept {
    const std::int64_t end = from + static_cast<std::int64_t>(frame.size());
    until_ = std::max(until_, from);  // nobody listened in between
    longest_ = std::max(longest_, frame.size());
    if (until_ < end) {
      // Always as much: what the buffer keeps ahead is as much as the longest frame needs, and would be cut for a short one.
      std::array<std::int16_t, kMaxSentSamples> taken;
      const auto piece = std::span(taken).first(longest_);
      jitter.take(piece, due);
      for (const std::int16_t sample : piece) ring_[static_cast<std::size_t>(until_++) & kMask] = sample;
    }
    for (std::int16_t& sample : frame) sample = ring_[static_cast<std::size_t>(from++) & kMask];
  }

  /// One listener less, maybe the one with the longest packets.
  void left() noexcept { longest_ = 0; }

  JitterBuffer jitter;

 private:
  /// A power of two with room for the longest frame behind the longest.
  static constexpr std::size_t kMask = 4'095;

  std::array<std::int16_t, kMask + 1> ring_{};
  std::int64_t until_{0};   ///< end of what was taken
  std::size_t longest_{0};  ///< frame that anybody listens in
};

}  // namespace offhook
