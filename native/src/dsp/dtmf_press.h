#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "dsp/dtmf.h"
#include "dsp/tone_pair.h"

namespace offhook {

/// The sound of one key press at a time, and the silence after it.
class DtmfPress {
 public:
  explicit DtmfPress(int rate_hz) noexcept : rate_hz_(rate_hz) {}

  /// False, and nothing started, for a character that is no key.
  bool start(char digit, std::uint32_t duration_ms, std::uint32_t gap_ms) noexcept {
    const auto key = dtmf_key_of(digit);
    if (!key) return false;
    tones_ = TonePair(rate_hz_, {kDtmfLowHz[*key / 4], kLowPeak}, {kDtmfHighHz[*key % 4], kHighPeak});
    const auto samples_per_ms = static_cast<std::size_t>(rate_hz_ / 1000);
    sound_left_ = duration_ms * samples_per_ms;
    gap_left_ = gap_ms * samples_per_ms;
    return true;
  }

  [[nodiscard]] bool active() const noexcept { return sound_left_ + gap_left_ > 0; }

  void cancel() noexcept { sound_left_ = gap_left_ = 0; }

  /// Fills `frame`, with silence where the press is over.
  void next(std::span<std::int16_t> frame) noexcept {
    const auto sound = frame.first(std::min(frame.size(), sound_left_));
    const auto rest = frame.subspan(sound.size());
    tones_.next(sound);
    std::fill(rest.begin(), rest.end(), std::int16_t{0});
    sound_left_ -= sound.size();
    gap_left_ -= std::min(gap_left_, rest.size());
  }

 private:
  /// -9 and -7 dBm0: lines take more of what is high.
  static constexpr std::int16_t kLowPeak = 8'070;
  static constexpr std::int16_t kHighPeak = 10'160;

  int rate_hz_;
  TonePair tones_{rate_hz_, {}, {}};
  std::size_t sound_left_{0};
  std::size_t gap_left_{0};
};

}  // namespace offhook
