#include "session.h"

namespace offhook {

std::int64_t Session::write(std::span<const std::int16_t> samples, int rate_hz) {
  if (rate_hz == kAudioRateHz) return playout.write(samples);
  if (rate_hz != 8'000) return -1;
  if (!upsampler_) upsampler_.emplace();
  resampled_.resize(2 * samples.size());
  upsampler_->process(samples, resampled_.data());
  return playout.write(resampled_);
}

std::int64_t Session::flush(std::size_t fade_samples) {
  upsampler_.reset();
  return playout.flush(fade_samples);
}

}  // namespace offhook
