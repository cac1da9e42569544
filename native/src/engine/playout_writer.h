#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dsp/resampler.h"
#include "playout_queue.h"

namespace offhook {

/// Whether audio of that rate can be made audio of 16 kHz.
[[nodiscard]] bool is_supported_rate(int rate_hz) noexcept;

/// The way into a playout queue for audio of any supported rate. Control thread.
class PlayoutWriter {
 public:
  explicit PlayoutWriter(PlayoutQueue& queue) noexcept : queue_(queue) {}

  /// Returns the queue's end, or -1 for a rate that is not supported.
  std::int64_t write(std::span<const std::int16_t> samples, int rate_hz);
  std::int64_t flush(std::size_t fade_samples);

 private:
  PlayoutQueue& queue_;
  std::optional<Resampler> resampler_;
  int resampler_from_hz_{0};
  std::vector<std::int16_t> resampled_;
};

}  // namespace offhook
