#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "line_codec.h"
#include "sample_fifo.h"

namespace offhook {

/// Carries received audio to the send path of the same session. Bursts are ridden out; delay that stays is taken back,
/// so that in steady state at most one frame waits. Owned by the media thread.
class EchoLine {
 public:
  void write(std::span<const std::int16_t> samples) noexcept { waiting_.write(samples); }

  /// Fills what it can from the front and returns how much that was.
  std::size_t take(std::span<std::int16_t> frame) noexcept {
    const std::size_t count = waiting_.peek(frame);
    waiting_.skip(count);
    least_left_ = std::min(least_left_, waiting_.size());
    if (++takes_ == kTakesPerLook) {
      if (least_left_ > kFrameSamples) waiting_.skip(least_left_ - kFrameSamples);
      takes_ = 0;
      least_left_ = kMostSamples;
    }
    return count;
  }

  void clear() noexcept { waiting_.clear(); }

 private:
  static constexpr std::size_t kMostSamples = 10 * kFrameSamples;
  static constexpr int kTakesPerLook = 25;  ///< half a second

  SampleFifo<kMostSamples> waiting_;
  std::size_t least_left_{kMostSamples};
  int takes_{0};
};

}  // namespace offhook
