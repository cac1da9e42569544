#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dsp/sample.h"
#include "gain.h"
#include "line_codec.h"

namespace offhook {

/// A recording at 16 kHz. Sessions share it; whoever made it keeps it for as long as one of them may play it.
using Sound = std::vector<std::int16_t>;

/// A recording that is played round and round. It begins softly, and gives way where somebody speaks over it. Owned by the media thread.
class SoundLoop {
 public:
  /// Levels are gains. Null is silence; the recording that plays already goes on where it is.
  void play(const Sound* sound, float level, float level_under_speech) noexcept {
    level_ = level;
    level_under_speech_ = level_under_speech;
    if (sound != sound_) {
      sound_ = sound == nullptr || sound->empty() ? nullptr : sound;
      next_ = 0;
      gain_ = Gain();
      gain_.ramp_to(0, 0);
    }
    gain_.ramp_to(quiet_left_ > 0 ? level_under_speech_ : level_, kRise);
  }

  /// Adds what comes next to `frame`, at most 60 ms of which `speech` says whether anything is said in it.
  void add_to(std::span<std::int16_t> frame, bool speech) noexcept {
    if (sound_ == nullptr) return;
    give_way(frame.size(), speech);
    std::array<std::int16_t, kMaxSentSamples> piece;
    const auto mine = std::span(piece).first(frame.size());
    for (std::int16_t& sample : mine) {
      sample = (*sound_)[next_];
      if (++next_ == sound_->size()) next_ = 0;
    }
    gain_.apply(mine);
    add(frame, mine);
  }

 private:
  static constexpr std::uint32_t kFall = kAudioRateHz / 10;
  static constexpr std::uint32_t kRise = kAudioRateHz / 2;
  /// Not in every pause between words.
  static constexpr std::size_t kQuietFor = kAudioRateHz;

  void give_way(std::size_t samples, bool speech) noexcept {
    if (speech) {
      if (quiet_left_ == 0) gain_.ramp_to(level_under_speech_, kFall);
      quiet_left_ = kQuietFor;
    } else if (quiet_left_ > 0) {
      quiet_left_ -= std::min(quiet_left_, samples);
      if (quiet_left_ == 0) gain_.ramp_to(level_, kRise);
    }
  }

  const Sound* sound_{nullptr};
  std::size_t next_{0};
  float level_{1};
  float level_under_speech_{1};
  Gain gain_;
  std::size_t quiet_left_{0};  ///< samples for which it still gives way
};

}  // namespace offhook
