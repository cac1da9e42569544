#include "session.h"

namespace offhook {

namespace {

bool is_supported(int rate_hz) noexcept {
  switch (rate_hz) {
    case 8'000:
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

}  // namespace

void Session::make_listenable() {
  if (voice == nullptr) voice = std::make_unique<SharedVoice>(make_codec ? make_codec() : nullptr, clock_rate_hz);
}

void Session::listened_to() noexcept {
  if (++listeners == 1) receiver.set_listened(&voice->jitter);
}

void Session::left_alone() noexcept {
  voice->left();
  if (--listeners == 0) receiver.set_listened(nullptr);
}

std::int64_t Session::write(std::span<const std::int16_t> samples, int rate_hz) {
  if (rate_hz == kAudioRateHz) return playout.write(samples);
  if (!is_supported(rate_hz)) return -1;
  if (!resampler_ || resampler_from_hz_ != rate_hz) {
    resampler_.emplace(rate_hz, kAudioRateHz);
    resampler_from_hz_ = rate_hz;
  }
  resampled_.clear();
  resampler_->process(samples, resampled_);
  return playout.write(resampled_);
}

std::int64_t Session::flush(std::size_t fade_samples) {
  resampler_.reset();  // the tail of what was dropped must not begin what comes next
  return playout.flush(fade_samples);
}

}  // namespace offhook
