#include "dsp/dtmf_detector.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "dsp/dtmf.h"

namespace offhook {

namespace {

/// Of each tone: -40 dBm0. Lines bring keys at -25 dBm0 and louder.
constexpr double kLeastPower = 160.0 * 160.0;
/// Of the window's energy in the frequencies of a key as they should be. Far less than a key at the edge of what Q.24 allows has there.
constexpr double kWorthALook = 0.4;
/// Q.24: 1.5 % must be understood, 3.5 % must not.
constexpr double kOffAtMost = 0.023;
/// Q.24, and 2 dB for what the line and the window do: high above low, low above high.
constexpr double kHighAboveLow = 3.98;   // 6 dB
constexpr double kLowAboveHigh = 10.0;   // 10 dB
/// Of the window's energy in anything but the key: -9 dB.
constexpr double kBesideAtMost = 0.125;
/// From one window to the next.
constexpr double kDriftAtMostHz = 12;
constexpr int kHitsOfPress = 2;
constexpr int kMissesOfEnd = 4;

constexpr double kTurn = 2 * std::numbers::pi;

struct Lanes {
  alignas(32) std::array<float, 8> value{};
};

Lanes coefficients() noexcept {
  Lanes lanes;
  for (std::size_t i = 0; i < 8; ++i) {
    const double hz = i < 4 ? kDtmfLowHz[i] : kDtmfHighHz[i - 4];
    lanes.value[i] = static_cast<float>(2 * std::cos(kTurn * hz / 8'000));
  }
  return lanes;
}

const Lanes kCoefficients = coefficients();

/// Power at each frequency, low group first.
std::array<float, 8> goertzel(std::span<const float> window) noexcept {
  Lanes s1;
  Lanes s2;
  for (const float x : window) {
    for (std::size_t i = 0; i < 8; ++i) {
      const float s0 = x + kCoefficients.value[i] * s1.value[i] - s2.value[i];
      s2.value[i] = s1.value[i];
      s1.value[i] = s0;
    }
  }
  std::array<float, 8> power;
  const auto size = static_cast<float>(window.size());
  for (std::size_t i = 0; i < 8; ++i) {
    const float a = s1.value[i];
    const float b = s2.value[i];
    power[i] = 2 * (a * a + b * b - kCoefficients.value[i] * a * b) / (size * size);
  }
  return power;
}

std::size_t loudest(std::span<const float> powers) noexcept {
  return static_cast<std::size_t>(std::max_element(powers.begin(), powers.end()) - powers.begin());
}

/// A sine of a frequency, sample by sample.
class Phasor {
 public:
  explicit Phasor(double hz) noexcept : step_(std::polar(1.0, kTurn * hz / 8'000)) {}
  std::complex<double> next() noexcept {
    const auto value = value_;
    value_ *= step_;
    return value;
  }

 private:
  std::complex<double> step_;
  std::complex<double> value_{1.0, 0.0};
};

}  // namespace

/// Moves `sine` to the frequency that the window has near it, `beside` taken away, and takes its level there. By how far the phase of
/// the second half is from where that of the first half would have it.
void DtmfDetector::refine(Sine& sine, const Window& window, const Sine& beside) noexcept {
  const auto halves = [&] {
    Phasor at(sine.hz);
    Phasor other(beside.hz);
    std::array<std::complex<double>, 2> sums{};
    for (std::size_t i = 0; i < kWindow; ++i) {
      const auto taken = other.next();
      const double rest = static_cast<double>(window[i]) - beside.cos * taken.real() - beside.sin * taken.imag();
      sums[i / (kWindow / 2)] += rest * std::conj(at.next());
    }
    return sums;
  };
  const auto apart = halves();
  sine.hz += std::arg(apart[1] * std::conj(apart[0])) / kTurn * kRateHz / (kWindow / 2);
  const auto there = halves();
  const auto whole = there[0] + there[1];
  sine.cos = whole.real() * 2 / kWindow;
  sine.sin = -whole.imag() * 2 / kWindow;
}

DtmfDetector::Sight DtmfDetector::look() const noexcept {
  Window window;
  double energy = 0;
  for (std::size_t i = 0; i < kWindow; ++i) {
    window[i] = window_[i];
    energy += static_cast<double>(window[i]) * static_cast<double>(window[i]);
  }
  const double power = energy / kWindow;
  if (power < 2 * kLeastPower) return {};
  const auto powers = goertzel(window);
  const std::size_t low = loudest(std::span(powers).first(4));
  const std::size_t high = loudest(std::span(powers).last(4));
  if (static_cast<double>(powers[low] + powers[4 + high]) < kWorthALook * power) return {};

  Sine low_sine{.hz = kDtmfLowHz[low]};
  Sine high_sine{.hz = kDtmfHighHz[high]};
  for (int round = 0; round < 3; ++round) {
    refine(low_sine, window, high_sine);
    refine(high_sine, window, low_sine);
  }
  if (low_sine.power() < kLeastPower || high_sine.power() < kLeastPower) return {};
  if (std::abs(low_sine.hz / kDtmfLowHz[low] - 1) > kOffAtMost || std::abs(high_sine.hz / kDtmfHighHz[high] - 1) > kOffAtMost) return {};
  const double twist = high_sine.power() / low_sine.power();
  if (twist > kHighAboveLow || twist * kLowAboveHigh < 1) return {};
  Phasor low_at(low_sine.hz);
  Phasor high_at(high_sine.hz);
  double beside = 0;
  for (const float x : window) {
    const auto a = low_at.next();
    const auto b = high_at.next();
    const double rest = static_cast<double>(x) - low_sine.cos * a.real() - low_sine.sin * a.imag() - high_sine.cos * b.real() -
                        high_sine.sin * b.imag();
    beside += rest * rest;
  }
  if (beside > kBesideAtMost * energy) return {};
  return {.digit = kDtmfKeypad[4 * low + high], .low_hz = low_sine.hz, .high_hz = high_sine.hz};
}

bool DtmfDetector::goes_on(const Sight& sight) const noexcept {
  return sight.digit == last_.digit && std::abs(sight.low_hz - last_.low_hz) < kDriftAtMostHz &&
         std::abs(sight.high_hz - last_.high_hz) < kDriftAtMostHz;
}

std::optional<DtmfDetector::Press> DtmfDetector::step(const Sight& sight) noexcept {
  const bool pressed = hits_ >= kHitsOfPress;
  if (sight.digit != 0 && (hits_ == 0 || (!pressed && !goes_on(sight)) || (pressed && sight.digit != last_.digit))) {
    const auto ended = finish();
    last_ = sight;
    hits_ = 1;
    misses_ = 0;
    windows_ = 1;
    return ended;
  }
  if (hits_ == 0) return std::nullopt;
  if (sight.digit == 0) {
    misses_ += 1;
    if (!pressed || misses_ == kMissesOfEnd) return finish();
    return std::nullopt;
  }
  last_ = sight;
  hits_ += 1;
  windows_ += misses_ + 1;
  misses_ = 0;
  return std::nullopt;
}

std::optional<DtmfDetector::Press> DtmfDetector::finish() noexcept {
  const bool pressed = hits_ >= kHitsOfPress;
  const double duration_ms = (windows_ - 1) * kHopMs + 1000 * kWindow / kRateHz + kHopMs / 2;
  hits_ = 0;
  if (!pressed) return std::nullopt;
  return Press{.digit = last_.digit, .duration_ms = duration_ms};
}

}  // namespace offhook
