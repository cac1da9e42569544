#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "shared_voice.h"
#include "told_voice.h"

namespace offhook {

/// The voices of others that one session's far end hears beside what is said to it, and what others are told. Owned by the media thread; allocates nothing.
class VoiceMix {
 public:
  static constexpr std::size_t kMostVoices = 15;

  /// False when there are as many as may be.
  bool add(SharedVoice& voice) noexcept { return voices_.add(voice); }
  bool add(const ToldVoice& voice) noexcept { return told_.add(voice); }
  void remove(const SharedVoice& voice) noexcept { voices_.remove(voice); }
  void remove(const ToldVoice& voice) noexcept { told_.remove(voice); }

  [[nodiscard]] bool empty() const noexcept { return voices_.count == 0 && told_.count == 0; }

  /// Adds to `frame`, at most 60 ms, what the others say from position `from` on. What is louder than can be is cut off at full scale,
  /// once all is added up.
  void add_to(std::span<std::int16_t> frame, std::int64_t from, MonotonicNs due) const noexcept {
    std::array<std::int32_t, kMaxSentSamples> sum;
    std::array<std::int16_t, kMaxSentSamples> voice;
    const std::size_t size = frame.size();
    std::copy(frame.begin(), frame.end(), sum.begin());
    for (std::size_t i = 0; i < voices_.count; ++i) {
      voices_.all[i]->listen(std::span(voice).first(size), from, due);
      for (std::size_t sample = 0; sample < size; ++sample) sum[sample] += voice[sample];
    }
    for (std::size_t i = 0; i < told_.count; ++i) told_.all[i]->add_to(std::span(sum).first(size), from);
    for (std::size_t sample = 0; sample < size; ++sample) {
      frame[sample] = static_cast<std::int16_t>(std::clamp(sum[sample], -32'768, 32'767));
    }
  }

 private:
  template <typename Voice>
  struct Few {
    bool add(Voice& voice) noexcept {
      if (count == kMostVoices) return false;
      all[count++] = &voice;
      return true;
    }

    void remove(const Voice& voice) noexcept {
      const auto end = all.begin() + static_cast<std::ptrdiff_t>(count);
      count = static_cast<std::size_t>(std::remove(all.begin(), end, &voice) - all.begin());
    }

    std::array<Voice*, kMostVoices> all{};
    std::size_t count{0};
  };

  Few<SharedVoice> voices_;
  Few<const ToldVoice> told_;
};

}  // namespace offhook
