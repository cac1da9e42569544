#include "dsp/g722.h"

#include <algorithm>

namespace offhook {

namespace g722_detail {

namespace {

// All tables are the Recommendation's own; their names there stand beside them.

/// Half of the symmetric two-band filter, every second tap of it.
constexpr std::array<int, 12> kFilter{3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11};

/// Decision levels of the lower band (Q6).
constexpr std::array<int, 30> kLowerLevels{0,   35,  72,  110, 150,  190,  233,  276,  323,  370,  422,  473,  530,  587,  650,
                                           714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919};
/// The lower band's codes (ILN, ILP) by decision level.
constexpr std::array<std::uint8_t, 31> kLowerNegative{0,  63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19,
                                                      18, 17, 16, 15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4};
constexpr std::array<std::uint8_t, 31> kLowerPositive{0,  61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47,
                                                      46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32};
/// What the lower band's codes stand for, in 4 bits for the predictor (QM4) and in all 6 for the listener (QM6).
constexpr std::array<int, 16> kLowerCoarse{0,     -20456, -12896, -8968, -6288, -4240, -2584, -1200,
                                           20456, 12896,  8968,   6288,  4240,  2584,  1200,  0};
constexpr std::array<int, 64> kLowerFine{
    -136,  -136,  -136,  -136,  -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
    -7192, -6576, -6000, -5456, -4944,  -4464,  -4008,  -3576,  -3168,  -2776,  -2400,  -2032,  -1688,  -1360, -1040, -728,
    24808, 21904, 19008, 16704, 14984,  13512,  12280,  11192,  10232,  9360,   8576,   7856,   7192,   6576,  6000,  5456,
    4944,  4464,  4008,  3576,  3168,   2776,   2400,   2032,   1688,   1360,   1040,   728,    432,    136,   -432,  -136};
/// How the step changes with the lower band's coarse code (WL by way of RL42), and with the upper band's code (WH by way of RH2).
constexpr std::array<int, 16> kLowerChange{-60,  3042, 1198, 538, 334, 172, 58, -30,
                                           3042, 1198, 538,  334, 172, 58,  -30, -60};
constexpr std::array<int, 4> kUpperChange{798, -214, 798, -214};
/// What the upper band's codes stand for (QM2).
constexpr std::array<int, 4> kUpperValues{-7408, -1616, 7408, 1616};
/// The decision level of the upper band.
constexpr int kUpperLevel = 564;
/// Powers of two in steps of a 32nd (ILB).
constexpr std::array<int, 32> kExponents{2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543,
                                         2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025, 3091, 3158, 3228,
                                         3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008};

constexpr int kLowerLogLimit = 18'432;
constexpr int kUpperLogLimit = 22'528;
constexpr int kLowerShift = 8;
constexpr int kUpperShift = 10;

constexpr int saturate(int value) noexcept { return std::clamp(value, -32'768, 32'767); }
constexpr int scaled(int value, int factor) noexcept { return (value * factor) >> 15; }
constexpr bool same_sign(int a, int b) noexcept { return (a < 0) == (b < 0); }
/// Of a difference, as the quantisers compare it: by one's complement where it is negative.
constexpr int magnitude(int value) noexcept { return value < 0 ? ~value : value; }

struct Pair {
  int first{0};
  int second{0};
};

/// One step of the two-band filter over the newest 24 samples.
Pair filtered(const Window& window) noexcept {
  Pair sums;
  for (std::size_t i = 0; i < kFilter.size(); ++i) {
    sums.first += window[2 * i] * kFilter[i];
    sums.second += window[2 * i + 1] * kFilter[kFilter.size() - 1 - i];
  }
  return sums;
}

void push(Window& window, int older, int newer) noexcept {
  std::copy(window.begin() + 2, window.end(), window.begin());
  window[22] = older;
  window[23] = newer;
}

unsigned lower_code(int difference, int step) noexcept {
  const int size = magnitude(difference);
  std::size_t level = 1;
  while (level < kLowerLevels.size() && size >= (kLowerLevels[level] * step) >> 12) ++level;
  return difference < 0 ? kLowerNegative[level] : kLowerPositive[level];
}

unsigned upper_code(int difference, int step) noexcept {
  const bool outer = magnitude(difference) >= (kUpperLevel * step) >> 12;
  if (difference < 0) return outer ? 0 : 1;
  return outer ? 2 : 3;
}

void adapt_lower(Band& band, unsigned code) noexcept {
  const unsigned coarse = code >> 2U;
  band.adapt(scaled(band.step(), kLowerCoarse[coarse]), kLowerChange[coarse], kLowerLogLimit, kLowerShift);
}

/// Returns the difference that the code stands for.
int adapt_upper(Band& band, unsigned code) noexcept {
  const int difference = scaled(band.step(), kUpperValues[code]);
  band.adapt(difference, kUpperChange[code], kUpperLogLimit, kUpperShift);
  return difference;
}

}  // namespace

void Band::adapt(int difference, int log_change, int log_limit, int shift) noexcept {
  log_step_ = std::clamp(((log_step_ * 127) >> 7) + log_change, 0, log_limit);
  const int mantissa = kExponents[static_cast<std::size_t>((log_step_ >> 6) & 31)];
  const int down = shift - (log_step_ >> 11);
  step_ = (down < 0 ? mantissa << -down : mantissa >> down) * 4;
  predict(difference);
}

void Band::predict(int difference) noexcept {
  const int reconstructed = saturate(prediction_ + difference);
  const int partial = saturate(zero_prediction_ + difference);

  // The poles, the second first: it bounds how far the first may go.
  int change = saturate(4 * poles_[0]);
  change = std::min(same_sign(partial, partial_[0]) ? -change : change, 32'767);
  int second = (change >> 7) + (same_sign(partial, partial_[1]) ? 128 : -128) + scaled(poles_[1], 32'512);
  second = std::clamp(second, -12'288, 12'288);
  const int bound = saturate(15'360 - second);
  const int first = saturate((same_sign(partial, partial_[0]) ? 192 : -192) + scaled(poles_[0], 32'640));
  poles_ = {std::clamp(first, -bound, bound), second};

  const int step = difference == 0 ? 0 : 128;
  for (std::size_t i = 0; i < kZeros; ++i) {
    zeros_[i] = saturate((same_sign(difference, differences_[i]) ? step : -step) + scaled(zeros_[i], 32'640));
  }

  std::copy_backward(differences_.begin(), differences_.end() - 1, differences_.end());
  differences_[0] = difference;
  reconstructed_ = {reconstructed, reconstructed_[0]};
  partial_ = {partial, partial_[0]};

  zero_prediction_ = 0;
  for (std::size_t i = 0; i < kZeros; ++i) zero_prediction_ += scaled(zeros_[i], saturate(2 * differences_[i]));
  zero_prediction_ = saturate(zero_prediction_);
  int pole_prediction = 0;
  for (std::size_t i = 0; i < 2; ++i) pole_prediction += scaled(poles_[i], saturate(2 * reconstructed_[i]));
  prediction_ = saturate(saturate(pole_prediction) + zero_prediction_);
}

}  // namespace g722_detail

using namespace g722_detail;

void G722Encoder::encode(std::span<const std::int16_t> samples, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
    push(window_, samples[i], samples[i + 1]);
    const Pair sums = filtered(window_);
    const int low = (sums.second + sums.first) >> 14;
    const int high = (sums.second - sums.first) >> 14;
    const unsigned lower = lower_code(saturate(low - lower_.prediction()), lower_.step());
    const unsigned upper = upper_code(saturate(high - upper_.prediction()), upper_.step());
    adapt_lower(lower_, lower);
    adapt_upper(upper_, upper);
    *out++ = static_cast<std::uint8_t>((upper << 6U) | lower);
  }
}

void G722Decoder::decode(std::span<const std::uint8_t> codes, std::int16_t* out) noexcept {
  for (const std::uint8_t code : codes) {
    const unsigned lower = code & 63U;
    const int low = std::clamp(lower_.prediction() + scaled(lower_.step(), kLowerFine[lower]), -16'384, 16'383);
    adapt_lower(lower_, lower);
    const int upper_prediction = upper_.prediction();
    const int high = std::clamp(upper_prediction + adapt_upper(upper_, code >> 6U), -16'384, 16'383);
    push(window_, low + high, low - high);
    const Pair sums = filtered(window_);
    *out++ = static_cast<std::int16_t>(saturate(sums.second >> 11));
    *out++ = static_cast<std::int16_t>(saturate(sums.first >> 11));
  }
}

}  // namespace offhook
