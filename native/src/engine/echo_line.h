#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "line_codec.h"

namespace offhook {

/// Carries received audio to the send path of the same session. Bursts are ridden out; delay that stays is taken back,
/// so that in steady state at most one frame waits. Owned by the media thread.
class EchoLine {
 public:
  void write(std::span<const std::int16_t> samples) noexcept {
    for (std::size_t done = 0; done < samples.size();) {
      const std::size_t at = write_ & kMask;
      const std::size_t run = std::min(samples.size() - done, ring_.size() - at);
      std::copy_n(samples.data() + done, run, ring_.data() + at);
      done += run;
      write_ += run;
    }
    if (write_ - read_ > kMostSamples) read_ = write_ - kMostSamples;
  }

  /// Fills what it can from the front and returns how much that was.
  std::size_t take(std::span<std::int16_t> frame) noexcept {
    const std::size_t count = std::min<std::size_t>(frame.size(), write_ - read_);
    const std::size_t at = read_ & kMask;
    const std::size_t run = std::min(count, ring_.size() - at);
    std::copy_n(ring_.data() + at, run, frame.data());
    std::copy_n(ring_.data(), count - run, frame.data() + run);
    read_ += count;
    least_left_ = std::min(least_left_, write_ - read_);
    if (++takes_ == kTakesPerLook) {
      if (least_left_ > kFrameSamples) read_ += least_left_ - kFrameSamples;
      takes_ = 0;
      least_left_ = kMostSamples;
    }
    return count;
  }

  void clear() noexcept { read_ = write_; }

 private:
  static constexpr std::size_t kMask = 4'095;
  static constexpr std::size_t kMostSamples = 10 * kFrameSamples;
  static constexpr int kTakesPerLook = 25;  ///< half a second

  std::array<std::int16_t, kMask + 1> ring_{};
  std::size_t write_{0};
  std::size_t read_{0};
  std::size_t least_left_{kMostSamples};
  int takes_{0};
};

}  // namespace offhook
