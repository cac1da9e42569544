#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "dsp/concealer.h"
#include "line_codec.h"
#include "sample_fifo.h"

namespace offhook {

/// Carries what one session hears to what another one sends: two clocks and a network between, joined with as little delay as
/// they allow. Belongs to the session that sends; both ends of it run on the media thread.
///
/// The delay is what the far end's jitter needs: it grows when audio came too late, and shrinks, with a short cross-fade, when
/// it was not needed for two seconds. What is not there in time is concealed, and silence from 60 ms on.
class BridgeLine {
 public:
  static constexpr std::size_t kMostSamples = 10 * kFrameSamples;    ///< 200 ms; more pushes out the oldest
  static constexpr std::size_t kLeastKept = kFrameSamples / 2;       ///< 10 ms
  static constexpr std::size_t kMostKept = 6 * kFrameSamples;        ///< 120 ms

  /// `made_up`: it was lost or never sent. Where `take` has stood in for it already, it does not come a second time.
  void write(std::span<const std::int16_t> samples, bool made_up) noexcept {
    if (made_up) {
      const std::size_t stood_in = std::min(samples.size(), owed_samples_);
      owed_samples_ -= stood_in;
      waiting_.write(samples.subspan(stood_in));
      return;
    }
    if (!flowing_) {
      lead_in_samples_ = kept_samples_;
    } else if (owed_samples_ > 0) {
      kept_samples_ = std::min(kMostKept, kept_samples_ + owed_samples_);
      quiet_looks_ = 0;
    }
    flowing_ = true;
    owed_samples_ = 0;
    waiting_.write(samples);
  }

  /// The next 20 ms, whatever there is.
  void take(std::span<std::int16_t, kFrameSamples> frame) noexcept {
    if (!flowing_) {
      std::fill(frame.begin(), frame.end(), std::int16_t{0});
      owed_samples_ += frame.size();
      return;
    }
    const std::size_t silent = std::min(lead_in_samples_, frame.size());
    lead_in_samples_ -= silent;
    std::fill_n(frame.begin(), silent, std::int16_t{0});
    const std::size_t count = waiting_.peek(frame.subspan(silent));
    waiting_.skip(count);
    const auto there = frame.first(silent + count);
    if (!there.empty()) concealer_.good(there);
    const auto missing = frame.subspan(there.size());
    if (!missing.empty()) stand_in(missing);
    look(frame);
  }

  /// 20 ms pass in which something else is sent.
  void skip() noexcept { waiting_.skip(kFrameSamples); }

  void clear() noexcept {
    waiting_.clear();
    flowing_ = false;
    owed_samples_ = 0;
    kept_samples_ = kLeastKept;
  }

 private:
  static constexpr int kTakesPerLook = 100;              ///< 2 s
  static constexpr int kLooksUntilBold = 5;              ///< 10 s without audio that came late
  static constexpr std::size_t kSilentSamples = 960;     ///< 60 ms: the concealer has faded out
  static constexpr std::size_t kCrossFadeSamples = 80;   ///< 5 ms

  void stand_in(std::span<std::int16_t> missing) noexcept {
    concealer_.conceal(missing);
    owed_samples_ += missing.size();
    if (owed_samples_ >= kSilentSamples) flowing_ = false;
  }

  void look(std::span<std::int16_t, kFrameSamples> frame) noexcept {
    least_left_ = std::min(least_left_, waiting_.size());
    if (++takes_ < kTakesPerLook) return;
    if (least_left_ > kept_samples_) shorten(frame, least_left_ - kept_samples_);
    if (++quiet_looks_ >= kLooksUntilBold) kept_samples_ = std::max(kLeastKept, kept_samples_ * 3 / 4);
    takes_ = 0;
    least_left_ = kMostSamples;
  }

  /// Leaves out the last `by` of what would have been heard up to the end of this frame.
  void shorten(std::span<std::int16_t, kFrameSamples> frame, std::size_t by) noexcept {
    std::array<std::int16_t, kCrossFadeSamples> later{};
    const auto end = frame.last(kCrossFadeSamples);
    waiting_.skip(by);
    // What now comes next is led up to by what stood before it.
    const std::size_t count = waiting_.peek(later);
    if (count < kCrossFadeSamples) return;
    for (std::size_t i = 0; i < kCrossFadeSamples; ++i) {
      const int weight = static_cast<int>(i + 1);
      const int whole = static_cast<int>(kCrossFadeSamples) + 1;
      end[i] = static_cast<std::int16_t>((end[i] * (whole - weight) + later[i] * weight) / whole);
    }
    waiting_.skip(kCrossFadeSamples);
  }

  SampleFifo<kMostSamples> waiting_;
  Concealer concealer_{kAudioRateHz};
  bool flowing_{false};             ///< false: nothing has come for so long that silence is sent
  std::size_t lead_in_samples_{0};  ///< of silence that are due before what waits
  std::size_t owed_samples_{0};     ///< that `take` made up since the last that came
  std::size_t kept_samples_{kLeastKept};
  std::size_t least_left_{kMostSamples};
  int takes_{0};
  int quiet_looks_{0};
};

}  // namespace offhook
