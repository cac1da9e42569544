#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>


namespace offhook {

/// What one far end is told from here, by the agent or from outside, without what others say to it: for whoever listens along.
///
/// Positions are samples of the engine's own clock. Owned by the media thread; allocates when constructed only.
class ToldVoice {
 public:
  /// One packet time, at most 60 ms, that begins at position `from`.
  void tell(std::span<const std::int16_t> frame, std::int64_t from) noexcept {
    // Nothing was sent in between; more than the ring holds is nobody's any more.
    for (until_ = std::max(until_, from - kRingSamples); until_ < from; ++until_) sample_at(until_) = 0;
    for (const std::int16_t sample : frame) sample_at(from++) = sample;
    until_ = std::max(until_, from);
  }

  /// Adds what was told in the packet time before position `from`: what belongs behind it is not all known in every tick.
  void add_to(std::span<std::int32_t> sum, std::int64_t from) const noexcept {
    from -= static_cast<std::int64_t>(sum.size());
    for (std::int32_t& sample : sum) {
      if (from < until_ && from >= until_ - kRingSamples) sample += ring_[static_cast<std::size_t>(from) & kMask];
      ++from;
    }
  }

 private:
  /// A power of two with room for the longest packet behind the longest.
  static constexpr std::int64_t kRingSamples = 4'096;
  static constexpr std::size_t kMask = kRingSamples - 1;

  [[nodiscard]] std::int16_t& sample_at(std::int64_t position) noexcept { return ring_[static_cast<std::size_t>(position) & kMask]; }

  std::array<std::int16_t, kRingSamples> ring_{};
  std::int64_t until_{0};
};

}  // namespace offhook
