#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace offhook {

/// Fills what the network lost by going on with the speaker's last pitch period, after the manner of ITU-T G.711 appendix I:
/// full level for 10 ms, then 20 % less every 10 ms, silent from 60 ms on. Unlike there, nothing is delayed: the start of a loss
/// is smoothed with the time-reversed past instead of with samples held back.
///
/// Every frame of the stream passes through `good` or `conceal`. Allocates when constructed only. Owned by one media thread.
class Concealer {
 public:
  explicit Concealer(int rate_hz)
      : samples_per_ms_(static_cast<std::size_t>(std::max(rate_hz, kMinRateHz)) / 1000),
        past_(kPastMs * samples_per_ms_),
        period_(kMaxPeriodMs * samples_per_ms_) {}

  /// Takes a frame that arrived. After a loss its beginning is blended, in place, with what was made up.
  void good(std::span<std::int16_t> frame) noexcept {
    if (concealed_samples_ > 0) {
      blend(frame);
      concealed_samples_ = 0;
    }
    append(frame);
  }

  /// Writes what a lost frame may have held.
  void conceal(std::span<std::int16_t> out) noexcept {
    if (concealed_samples_ == 0) begin_loss();
    const std::size_t overlap = overlap_samples();
    for (std::int16_t& sample : out) {
      float value = next_synthetic();
      if (concealed_samples_ <= overlap) {
        const float weight = static_cast<float>(concealed_samples_) / static_cast<float>(overlap + 1);
        value = weight * value + (1.0F - weight) * reversed_[concealed_samples_ - 1];
      }
      sample = static_cast<std::int16_t>(std::lrint(value));
    }
    append(out);
  }

 private:
  static constexpr int kMinRateHz = 4000;
  static constexpr std::size_t kMinPeriodMs = 5;   ///< 200 Hz; a higher voice is caught at a multiple of its period
  static constexpr std::size_t kMaxPeriodMs = 15;  ///< 66 Hz
  static constexpr std::size_t kMatchMs = 14;      ///< how much of the past has to look alike one period earlier; more would be another sound
  static constexpr std::size_t kPastMs = kMatchMs + kMaxPeriodMs + kMaxPeriodMs / 4 + 1;
  static constexpr std::size_t kOverlapMs = 1;  ///< from what was heard to what is made up
  static constexpr std::size_t kBlendMs = 3;    ///< and back
  static constexpr std::size_t kFullLevelMs = 10;
  static constexpr std::size_t kSilentMs = 60;
  static constexpr std::size_t kSearchRateHz = 8000;

  /// The sample `back` before the end of the past, 1 being the last.
  [[nodiscard]] float past(std::size_t back) const noexcept { return past_[past_.size() - back]; }

  void append(std::span<const std::int16_t> samples) noexcept {
    const auto size = past_.size();
    if (samples.size() >= size) {
      std::copy(samples.end() - static_cast<std::ptrdiff_t>(size), samples.end(), past_.begin());
      return;
    }
    std::copy(past_.begin() + static_cast<std::ptrdiff_t>(samples.size()), past_.end(), past_.begin());
    std::copy(samples.begin(), samples.end(), past_.end() - static_cast<std::ptrdiff_t>(samples.size()));
  }

  [[nodiscard]] std::size_t overlap_samples() const noexcept { return std::min(period_samples_ / 4, kOverlapMs * samples_per_ms_); }

  void begin_loss() noexcept {
    period_samples_ = find_period();
    const std::size_t overlap = overlap_samples();
    for (std::size_t i = 0; i < period_samples_; ++i) period_[i] = past(period_samples_ - i);
    // The period is played round and round: its end leads over to what came before its beginning.
    for (std::size_t i = 0; i < overlap; ++i) {
      const float weight = static_cast<float>(i + 1) / static_cast<float>(overlap + 1);
      float& end = period_[period_samples_ - overlap + i];
      end = (1.0F - weight) * end + weight * past(period_samples_ + overlap - i);
    }
    for (std::size_t i = 0; i < overlap; ++i) reversed_[i] = past(1 + i);
    position_ = 0;
  }

  /// Counts the sample it returns as concealed.
  float next_synthetic() noexcept {
    const float value = period_[position_] * level();
    if (++position_ == period_samples_) position_ = 0;
    ++concealed_samples_;
    return value;
  }

  [[nodiscard]] float level() const noexcept {
    const float ms = static_cast<float>(concealed_samples_) / static_cast<float>(samples_per_ms_);
    const float fade = (ms - kFullLevelMs) / static_cast<float>(kSilentMs - kFullLevelMs);
    return 1.0F - std::clamp(fade, 0.0F, 1.0F);
  }

  /// Just long enough not to click. The Recommendation blends for up to 10 ms, in which two voices out of step cancel each other.
  void blend(std::span<std::int16_t> frame) noexcept {
    const std::size_t length = std::min(kBlendMs * samples_per_ms_, frame.size());
    for (std::size_t i = 0; i < length; ++i) {
      const float weight = static_cast<float>(i + 1) / static_cast<float>(length + 1);
      const float blended = weight * static_cast<float>(frame[i]) + (1.0F - weight) * next_synthetic();
      frame[i] = static_cast<std::int16_t>(std::lrint(blended));
    }
  }

  /// The lag at which the last 20 ms look most like what came before: every lag on a thinned-out signal first, then the
  /// neighbours of the best one on all samples.
  [[nodiscard]] std::size_t find_period() const noexcept {
    const std::size_t thin = std::max<std::size_t>(1, samples_per_ms_ * 1000 / kSearchRateHz);
    const std::size_t shortest = kMinPeriodMs * samples_per_ms_;
    const std::size_t longest = kMaxPeriodMs * samples_per_ms_;
    const std::size_t coarse = best_lag(shortest, longest, thin, thin);
    return best_lag(std::max(shortest, coarse - thin), std::min(longest, coarse + thin), 1, 1);
  }

  [[nodiscard]] std::size_t best_lag(std::size_t from, std::size_t to, std::size_t step, std::size_t thin) const noexcept {
    const std::size_t length = kMatchMs * samples_per_ms_;
    std::size_t best = to;
    float best_score = 0.0F;
    for (std::size_t lag = from; lag <= to; lag += step) {
      float product = 0.0F;
      float energy = 1.0F;
      for (std::size_t back = 1; back <= length; back += thin) {
        const float then = past(back + lag);
        product += past(back) * then;
        energy += then * then;
      }
      const float score = product / std::sqrt(energy);
      if (score > best_score) {
        best_score = score;
        best = lag;
      }
    }
    return best;
  }

  std::size_t samples_per_ms_;
  std::vector<std::int16_t> past_;
  std::vector<float> period_;
  std::vector<float> reversed_ = std::vector<float>(kOverlapMs * samples_per_ms_);
  std::size_t period_samples_{0};
  std::size_t position_{0};
  std::size_t concealed_samples_{0};
};

}  // namespace offhook
