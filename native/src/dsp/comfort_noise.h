#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace offhook {

/// What stands in for a line on which nobody speaks (RFC 3389): white noise at the level that the far end names. The shape of its
/// spectrum, which may follow the level, is left out: at these levels nobody hears it. Silent until `set`. Owned by one thread.
class ComfortNoise {
 public:
  /// Takes the payload of a CN packet; one without a level changes nothing.
  void set(std::span<const std::uint8_t> payload) noexcept {
    if (payload.empty()) return;
    // The level is an RMS, in dB below full scale; that of a uniform distribution is its peak by the root of three.
    const int below_full_scale_db = payload[0] & 0x7F;
    const double peak = 32'768.0 * std::pow(10.0, -below_full_scale_db / 20.0) * std::sqrt(3.0);
    peak_ = static_cast<float>(std::min(peak, 32'767.0));
  }

  /// Somebody speaks again.
  void clear() noexcept { peak_ = 0; }

  void fill(std::span<std::int16_t> out) noexcept {
    for (std::int16_t& sample : out) {
      state_ = state_ * 1'664'525U + 1'013'904'223U;
      const float unit = static_cast<float>(static_cast<std::int32_t>(state_)) * (1.0F / 2'147'483'648.0F);
      sample = static_cast<std::int16_t>(std::lrint(peak_ * unit));
    }
  }

 private:
  float peak_{0};
  std::uint32_t state_{1};
};

/// Decides which packets of ours are left out because there is nothing to hear in them, and when the far end is told so.
class SilenceSuppressor {
 public:
  enum class Verdict : std::uint8_t { speak, comfort_noise, nothing };
  /// -65 dBov: there, but no more than a line that is alive.
  static constexpr std::array<std::uint8_t, 1> kPayload{65};

  Verdict look(std::span<const std::int16_t> frame) noexcept {
    if (std::any_of(frame.begin(), frame.end(), [](std::int16_t sample) { return sample > kQuiet || sample < -kQuiet; })) {
      silent_samples_ = 0;
      return Verdict::speak;
    }
    const std::size_t before = silent_samples_;
    silent_samples_ += frame.size();
    if (before < kHangoverSamples) return Verdict::speak;
    if (before - kHangoverSamples < frame.size()) since_told_ = kTellSamples;
    since_told_ += frame.size();
    if (since_told_ < kTellSamples) return Verdict::nothing;
    since_told_ = 0;
    return Verdict::comfort_noise;
  }

  void reset() noexcept { silent_samples_ = 0; }

 private:
  static constexpr std::int16_t kQuiet = 32;               ///< -60 dBov
  static constexpr std::size_t kHangoverSamples = 3'200;   ///< 200 ms: pauses between words are no pauses
  /// Half a second at 16 kHz: again and again, as one packet may be lost, and whoever keeps a NAT open or watches over us wants some.
  static constexpr std::size_t kTellSamples = 8'000;

  std::size_t silent_samples_{0};
  std::size_t since_told_{0};
};

}  // namespace offhook
