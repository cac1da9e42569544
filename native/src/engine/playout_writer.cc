#include "playout_writer.h"

#include "line_codec.h"

namespace offhook {

bool is_supported_rate(int rate_hz) noexcept {
  switch (rate_hz) {
    case 8'000:
    case kAudioRateHz:
    case 22'050:
    case 24'000:
    case 32'000:
    case 44'100:
    case 48'000:
      return true;
    default:
      return false;
  }
}

std::int64_t PlayoutWriter::write(std::span<const std::int16_t> samples, int rate_hz) {
  if (rate_hz == kAudioRateHz) return queue_.write(samples);
  if (!is_supported_rate(rate_hz)) return -1;
  if (!resampler_ || resampler_from_hz_ != rate_hz) {
    resampler_.emplace(rate_hz, kAudioRateHz);
    resampler_from_hz_ = rate_hz;
  }
  resampled_.clear();
  resampler_->process(samples, resampled_);
  return queue_.write(resampled_);
}

std::int64_t PlayoutWriter::flush(std::size_t fade_samples) {
  resampler_.reset();  // the tail of what was dropped must not begin what comes next
  return queue_.flush(fade_samples);
}

}  // namespace offhook
