#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "clock.h"
#include "line_codec.h"
#include "record/wav_recorder.h"

namespace offhook {

/// Places both sides of a session on the timeline of one recording. Owned by the media thread.
///
/// What we say lies where its slot is due. What we hear lies where its first packet arrived and from there on by sample
/// time, so that a burst after a stall of the network does not tear the caller's words apart.
///
/// While it is paused the timeline goes on in silence. What belongs before the end of a pause never gets in, however late it
/// comes: neither by its place nor by its arrival.
class RecordingTap {
 public:
  void start(WavRecorder::Recording* recording, MonotonicNs now) noexcept {
    recording_ = recording;
    started_at_ = now;
    left_next_ = 0;
    anchor_ = true;
    failure_told_ = false;
    paused_ = false;
    resumed_at_ = now;
  }

  WavRecorder::Recording* stop() noexcept { return std::exchange(recording_, nullptr); }

  void pause() noexcept { paused_ = true; }

  void resume(MonotonicNs now) noexcept {
    if (!paused_) return;
    paused_ = false;
    resumed_at_ = now;
  }

  void heard(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept {
    if (recording_ == nullptr) return;
    const std::int64_t arrived = position_at(arrival);
    // Behind by more than a second: the sender's clock stood still, as it does on hold.
    if (anchor_ || arrived - left_next_ > kAudioRateHz) left_next_ = std::max(left_next_, arrived);
    anchor_ = false;
    const auto size = static_cast<std::int64_t>(samples.size());
    if (!paused_ && arrival >= resumed_at_) {
      const auto masked = static_cast<std::size_t>(std::clamp<std::int64_t>(position_at(resumed_at_) - left_next_, 0, size));
      const std::int64_t first = left_next_ + static_cast<std::int64_t>(masked);
      if (masked < samples.size()) recording_->write(WavRecorder::Recording::Side::left, first, samples.subspan(masked));
    }
    left_next_ += size;
  }

  /// The far end's timeline jumped: the next samples lie where they arrive.
  void heard_anew() noexcept { anchor_ = true; }
  /// The far end was silent that much longer than was filled in: so says its clock, which is believed up to the present.
  void skip_heard(std::int64_t samples, MonotonicNs arrival) noexcept {
    if (recording_ != nullptr) left_next_ = std::max(left_next_, std::min(left_next_ + samples, position_at(arrival)));
  }

  /// At most `kMaxSentSamples`, due at `deadline`.
  void sent(std::span<const std::int16_t> samples, MonotonicNs deadline) noexcept {
    if (recording_ == nullptr) return;
    const std::int64_t position = position_at(deadline);
    if (position < 0) return;
    // Silence that is written keeps the length of a pause that nothing follows.
    const bool masked = paused_ || deadline < resumed_at_;
    recording_->write(WavRecorder::Recording::Side::right, position, masked ? std::span(kSilence).first(samples.size()) : samples);
  }

  /// True once per recording, when it has ended early.
  [[nodiscard]] bool just_failed() noexcept {
    if (recording_ == nullptr || failure_told_ || !recording_->failed()) return false;
    failure_told_ = true;
    return true;
  }

 private:
  static constexpr std::array<std::int16_t, kMaxSentSamples> kSilence{};

  [[nodiscard]] std::int64_t position_at(MonotonicNs at) const noexcept {
    return (at - started_at_) / kNsPerMs * (kAudioRateHz / 1000);
  }

  WavRecorder::Recording* recording_{nullptr};
  MonotonicNs started_at_{0};
  std::int64_t left_next_{0};
  bool anchor_{true};
  bool paused_{false};
  MonotonicNs resumed_at_{0};
  bool failure_told_{false};
};

}  // namespace offhook
