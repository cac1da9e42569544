#include "dsp/tone_tracker.h"

#include <cmath>
#include <numbers>

namespace offhook {

namespace {

constexpr float kBinHz = 8'000.0F / RealFft::kSize;
constexpr std::size_t kFirstBin = 19;   // 300 Hz
constexpr std::size_t kLastBin = 154;   // 2400 Hz
/// On both sides of its middle: a tone's own width behind the window, and what is less than 60 Hz beside it.
constexpr std::size_t kReach = 4;
/// Mean square of the window: -45 dBm0.
constexpr double kLeastPower = 92.0 * 92.0;
/// Of the power, in the places of the tones.
constexpr float kPure = 0.93F;
/// A second tone may be that much weaker: 10 dB.
constexpr float kSecondAtLeast = 0.1F;
constexpr float kSameHz = 14;
constexpr float kSameLevel = 2;  ///< 3 dB
constexpr int kHitsOfSound = 3;
/// Of a window, how much the tone must fill before it counts, and how much of the last may be silence: about 40 ms.
constexpr double kBeforeFirstMs = 40;
constexpr double kBehindLastMs = 24;

std::array<float, RealFft::kSize> hann() noexcept {
  std::array<float, RealFft::kSize> window;
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double turn = 2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / RealFft::kSize;
    window[i] = static_cast<float>(0.5 - 0.5 * std::cos(turn));
  }
  return window;
}

const std::array<float, RealFft::kSize> kWindow = hann();

struct Place {
  float hz{0};
  float power{0};
};

/// The loudest place, which is taken out of `powers`.
Place take_loudest(std::span<float> powers) noexcept {
  const auto band = powers.subspan(kFirstBin, kLastBin - kFirstBin + 1);
  const auto peak = kFirstBin + static_cast<std::size_t>(std::max_element(band.begin(), band.end()) - band.begin());
  Place place;
  for (std::size_t bin = peak - kReach; bin <= peak + kReach; ++bin) {
    place.power += powers[bin];
    place.hz += powers[bin] * static_cast<float>(bin) * kBinHz;
    powers[bin] = 0;
  }
  if (place.power > 0) place.hz /= place.power;
  return place;
}

bool same(float a, float b) noexcept { return std::abs(a - b) < kSameHz; }

}  // namespace

ToneTracker::Sight ToneTracker::look() const noexcept {
  RealFft::Samples samples;
  double energy = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(window_[i]) * kWindow[i];
    energy += static_cast<double>(window_[i]) * static_cast<double>(window_[i]);
  }
  if (energy < kLeastPower * RealFft::kSize) return {};
  Spectrum spectrum;
  RealFft::forward(samples, spectrum);
  std::array<float, Spectrum::kBins> powers;
  float total = 0;
  for (std::size_t bin = 0; bin < powers.size(); ++bin) {
    powers[bin] = spectrum.re[bin] * spectrum.re[bin] + spectrum.im[bin] * spectrum.im[bin];
    total += powers[bin];
  }
  const Place one = take_loudest(powers);
  const Place other = take_loudest(powers);
  const bool two = other.power > kSecondAtLeast * one.power;
  if (one.power + (two ? other.power : 0) < kPure * total) return {};
  if (!two) return {.low_hz = one.hz, .high_hz = 0, .power = total};
  return {.low_hz = std::min(one.hz, other.hz), .high_hz = std::max(one.hz, other.hz), .power = total};
}

bool ToneTracker::end(Sound& ended) noexcept {
  const bool told = hits_ >= kHitsOfSound;
  if (told) {
    ended = {.low_hz = static_cast<float>(low_sum_ / hits_),
             .high_hz = static_cast<float>(high_sum_ / hits_),
             .start_ms = std::max(start_ms_ - kBeforeFirstMs, 0.0),
             .end_ms = last_ms_ - kBehindLastMs};
  }
  hits_ = 0;
  return told;
}

/// True when a tone has ended.
bool ToneTracker::step(const Sight& sight, Sound& ended) noexcept {
  const bool goes_on = hits_ > 0 && sight.power > 0 && same(sight.low_hz, last_.low_hz) && same(sight.high_hz, last_.high_hz) &&
                       (hits_ < 2 || (sight.power < kSameLevel * last_.power && last_.power < kSameLevel * sight.power) || dented_);
  if (goes_on) {
    hits_ += 1;
    dented_ = false;
    last_ = sight;
    last_ms_ = now_ms_;
    low_sum_ += static_cast<double>(sight.low_hz);
    high_sum_ += static_cast<double>(sight.high_hz);
    if (last_ms_ - start_ms_ < kMostMs) return false;
  } else if (hits_ > 0 && !dented_ && sight.power == 0) {
    // One window may be spoilt.
    dented_ = true;
    return false;
  }
  const bool told = end(ended);
  if (sight.power > 0) {
    last_ = sight;
    low_sum_ = static_cast<double>(sight.low_hz);
    high_sum_ = static_cast<double>(sight.high_hz);
    hits_ = 1;
    dented_ = false;
    start_ms_ = last_ms_ = now_ms_;
  }
  return told;
}

}  // namespace offhook
