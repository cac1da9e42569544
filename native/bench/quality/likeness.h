#pragma once

#include <cstdint>
#include <span>

namespace offhook::bench {

/// How like the original what was heard is, over the frames in which somebody speaks.
struct Likeness {
  /// Log-spectral distance: root mean square over 0-4 or 0-8 kHz of the difference in dB, mean over frames. 0 is the same.
  double spectral_distance_db{0};
  /// Segmental signal-to-noise ratio: each frame's held to -10..35 dB, mean over frames. 35 is the same.
  double segmental_snr_db{0};
};

/// One frame of 20 ms at 16 kHz after the other.
class LikenessMeter {
 public:
  /// `mean_power` of the whole original: what lies 40 dB below it counts as silence.
  explicit LikenessMeter(double mean_power) : floor_(mean_power * 1e-4) {}

  static constexpr std::size_t kWindow = 512;  ///< what each frame is looked at with what follows it
  void add(std::span<const std::int16_t, kWindow> original, std::span<const std::int16_t, kWindow> heard, double band_hz);
  [[nodiscard]] Likeness result() const;

 private:
  double floor_;
  double distance_sum_{0};
  double snr_sum_{0};
  int frames_{0};
};

double mean_power(std::span<const std::int16_t> samples);

}  // namespace offhook::bench
