#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "shared_voice.h"

namespace offhook {

/// The voices of others that one session's far end hears beside what is said to it. Owned by the media thread; allocates nothing.
class VoiceMix {
 public:
  static constexpr std::size_t kMostVoices = 15;

  /// False when there are as many as may be.
  bool add(SharedVoice& voice) noexcept {
    if (count_ == kMostVoices) return false;
    voices_[count_++] = &voice;
    return true;
  }

  void remove(const SharedVoice& voice) noexcept {
    const auto end = voices_.begin() + static_cast<std::ptrdiff_t>(count_);
    count_ = static_cast<std::size_t>(std::remove(voices_.begin(), end, &voice) - voices_.begin());
  }

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

  /// Adds to `frame`, at most 60 ms, what the others say from position `from` on. What is louder than can be is cut off at full scale,
  /// once all is added up.
  void add_to(std::span<std::int16_t> frame, std::int64_t from, MonotonicNs due) const noexcept {
    std::array<std::int32_t, kMaxSentSamples> sum;
    std::array<std::int16_t, kMaxSentSamples> voice;
    const std::size_t size = frame.size();
    std::copy(frame.begin(), frame.end(), sum.begin());
    for (std::size_t i = 0; i < count_; ++i) {
      voices_[i]->listen(std::span(voice).first(size), from, due);
      for (std::size_t sample = 0; sample < size; ++sample) sum[sample] += voice[sample];
    }
    for (std::size_t sample = 0; sample < size; ++sample) {
      frame[sample] = static_cast<std::int16_t>(std::clamp(sum[sample], -32'768, 32'767));
    }
  }

 private:
  std::array<SharedVoice*, kMostVoices> voices_{};
  std::size_t count_{0};
};

}  // namespace offhook
