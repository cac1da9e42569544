#include "bench/quality/likeness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

namespace offhook::bench {

namespace {

constexpr std::size_t kFrame = 320;
constexpr double kRateHz = 16'000;
constexpr double kMostSnrDb = 35;
constexpr double kLeastSnrDb = -10;
/// A frame this far below the mean is a pause; most of what is said lies above.
constexpr double kSpeechShare = 0.03;

using Spectrum = std::array<std::complex<double>, LikenessMeter::kWindow>;

/// In place, decimation in time.
void transform(Spectrum& values) {
  const std::size_t size = values.size();
  for (std::size_t i = 1, j = 0; i < size; ++i) {
    std::size_t bit = size >> 1U;
    for (; (j & bit) != 0; bit >>= 1U) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
  for (std::size_t length = 2; length <= size; length *= 2) {
    const std::complex<double> step = std::polar(1.0, -2 * std::numbers::pi / static_cast<double>(length));
    for (std::size_t begin = 0; begin < size; begin += length) {
      std::complex<double> turn = 1;
      for (std::size_t i = begin; i < begin + length / 2; ++i, turn *= step) {
        const std::complex<double> odd = values[i + length / 2] * turn;
        values[i + length / 2] = values[i] - odd;
        values[i] += odd;
      }
    }
  }
}

/// Power of each bin, scaled so that white noise has its mean square in each.
Spectrum powers_of(std::span<const std::int16_t, LikenessMeter::kWindow> samples) {
  Spectrum values;
  double window_energy = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double weight = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(values.size()));
    window_energy += weight * weight;
    values[i] = weight * samples[i];
  }
  transform(values);
  for (auto& value : values) value = std::norm(value) / window_energy;
  return values;
}

}  // namespace

double mean_power(std::span<const std::int16_t> samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample * sample;
  return sum / static_cast<double>(samples.size());
}

void LikenessMeter::add(std::span<const std::int16_t, kWindow> original, std::span<const std::int16_t, kWindow> heard, double band_hz) {
  const auto said = original.first(kFrame);
  if (mean_power(said) < floor_ * 1e4 * kSpeechShare) return;
  double noise = 0;
  for (std::size_t i = 0; i < kFrame; ++i) noise += std::pow(static_cast<double>(original[i]) - heard[i], 2);
  const double snr = 10 * std::log10(mean_power(said) * static_cast<double>(kFrame) / (noise + 1e-9));
  snr_sum_ += std::clamp(snr, kLeastSnrDb, kMostSnrDb);

  const Spectrum wanted = powers_of(original);
  const Spectrum got = powers_of(heard);
  const auto bins = static_cast<std::size_t>(band_hz / kRateHz * static_cast<double>(kWindow));
  double squares = 0;
  for (std::size_t bin = 1; bin < bins; ++bin) {
    squares += std::pow(10 * std::log10((wanted[bin].real() + floor_) / (got[bin].real() + floor_)), 2);
  }
  distance_sum_ += std::sqrt(squares / static_cast<double>(bins - 1));
  frames_ += 1;
}

Likeness LikenessMeter::result() const {
  return {.spectral_distance_db = distance_sum_ / std::max(frames_, 1), .segmental_snr_db = snr_sum_ / std::max(frames_, 1)};
}

}  // namespace offhook::bench
