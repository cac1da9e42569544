#include "dsp/resampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <numeric>
#include <utility>

#include "dsp/sample.h"

namespace offhook {

namespace {

constexpr int kMinRateHz = 1000;
/// Zero crossings of the sinc on each side, in samples of the lower rate.
constexpr double kHalfWidth = 24.0;
/// Kaiser's window parameter for 70 dB.
constexpr double kBeta = 6.76;
/// Half-amplitude point relative to the lower Nyquist frequency: the transition band of this width ends just behind it.
constexpr double kCutoff = 0.93;
constexpr std::size_t kLanes = 8;

double bessel_i0(double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; term > 1e-12 * sum; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

/// The windowed sinc at `time` samples of the lower rate from its middle.
double prototype(double time) {
  const double x = time / kHalfWidth;
  if (std::abs(x) >= 1.0) return 0.0;
  const double angle = std::numbers::pi * kCutoff * time;
  const double sinc = std::abs(angle) < 1e-9 ? 1.0 : std::sin(angle) / angle;
  return sinc * bessel_i0(kBeta * std::sqrt(1.0 - x * x));
}

Resampler::Filter design(int from_hz, int to_hz) {
  const int divisor = std::gcd(from_hz, to_hz);
  Resampler::Filter filter;
  filter.up = static_cast<std::size_t>(to_hz / divisor);
  filter.down = static_cast<std::size_t>(from_hz / divisor);
  const double input_per_lower = std::max(1.0, static_cast<double>(from_hz) / to_hz);
  const double half_taps = std::ceil(kHalfWidth * input_per_lower);
  filter.taps = (2 * static_cast<std::size_t>(half_taps) + kLanes - 1) / kLanes * kLanes;
  filter.coefficients.resize(filter.up * filter.taps);
  for (std::size_t phase = 0; phase < filter.up; ++phase) {
    const std::span<float> taps = std::span(filter.coefficients).subspan(phase * filter.taps, filter.taps);
    // Output lies `offset` input samples behind the tap in the middle.
    const double offset = static_cast<double>(phase) / static_cast<double>(filter.up);
    double sum = 0;
    for (std::size_t i = 0; i < taps.size(); ++i) {
      const double input_time = static_cast<double>(i) - static_cast<double>(taps.size() - 1) + half_taps - offset;
      const double value = prototype(input_time / input_per_lower);
      taps[i] = static_cast<float>(value);
      sum += value;
    }
    // Each phase passes 0 Hz at exactly one, so that a constant stays constant.
    for (float& tap : taps) tap = static_cast<float>(tap / sum);
  }
  return filter;
}

std::shared_ptr<const Resampler::Filter> filter_for(int from_hz, int to_hz) {
  static std::mutex mutex;
  static std::map<std::pair<int, int>, std::shared_ptr<const Resampler::Filter>> filters;
  const std::lock_guard lock(mutex);
  auto& filter = filters[{from_hz, to_hz}];
  if (!filter) filter = std::make_shared<const Resampler::Filter>(design(from_hz, to_hz));
  return filter;
}

/// Eight sums side by side, because the compiler may not reorder one.
float dot(const float* a, const float* b, std::size_t size) noexcept {
  std::array<float, kLanes> sums{};
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

}  // namespace

Resampler::Resampler(int from_hz, int to_hz)
    : filter_(from_hz == to_hz ? nullptr : filter_for(std::max(from_hz, kMinRateHz), std::max(to_hz, kMinRateHz))) {
  if (filter_) window_.resize(filter_->taps - 1);
}

void Resampler::process(std::span<const std::int16_t> in, std::vector<std::int16_t>& out) {
  if (!filter_) {
    out.insert(out.end(), in.begin(), in.end());
    return;
  }
  const auto& [up, down, taps, coefficients] = *filter_;
  window_.insert(window_.end(), in.begin(), in.end());
  out.reserve(out.size() + in.size() * up / down + 1);
  while (next_ + taps <= window_.size()) {
    out.push_back(to_sample(dot(window_.data() + next_, coefficients.data() + phase_ * taps, taps)));
    phase_ += down;
    next_ += phase_ / up;
    phase_ %= up;
  }
  const std::size_t used = std::min(next_, window_.size());
  window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(used));
  next_ -= used;
}

}  // namespace offhook
