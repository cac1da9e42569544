#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

/// What tests say to a stage and how they listen to what it answers.
namespace offhook::test {

inline std::vector<std::int16_t> sine(double hz, int rate_hz, double peak, std::size_t samples) {
  std::vector<std::int16_t> out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    out[i] = static_cast<std::int16_t>(std::lround(peak * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz)));
  }
  return out;
}

inline double rms(std::span<const std::int16_t> samples) {
  double energy = 0;
  for (const double x : samples) energy += x * x;
  return samples.empty() ? 0.0 : std::sqrt(energy / static_cast<double>(samples.size()));
}

/// Amplitude of the component at `hz`, by correlation with both quadratures. Exact over whole periods.
inline double amplitude_at(std::span<const std::int16_t> samples, double hz, int rate_hz) {
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double angle = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz;
    re += samples[i] * std::cos(angle);
    im += samples[i] * std::sin(angle);
  }
  return 2.0 * std::hypot(re, im) / static_cast<double>(samples.size());
}

inline double to_db(double ratio) { return 20.0 * std::log10(std::max(ratio, 1e-9)); }

}  // namespace offhook::test
