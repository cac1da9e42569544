#include "vad/silero_network.h"

#include <cmath>
#include <numbers>

#include "vad/silero_variants.h"

namespace offhook {

namespace {

constexpr std::size_t kWindow = 256;
constexpr std::size_t kBins = 129;
constexpr std::size_t kGates = 4 * SileroNetwork::kStateSize;
constexpr double kTransformTolerance = 1e-5;

bool has(std::span<const float> tensor, std::size_t numbers) { return tensor.size() == numbers; }

bool fits(const SileroWeights& weights) {
  const auto layer = [](const SileroWeights::Layer& tensor, std::size_t rows, std::size_t columns) {
    return has(tensor.weight, rows * columns) && has(tensor.bias, rows);
  };
  return has(weights.transform, 2 * kBins * kWindow) && layer(weights.encoder[0], 128, kBins * 3) &&
         layer(weights.encoder[1], 64, 128 * 3) && layer(weights.encoder[2], 64, 64 * 3) && layer(weights.encoder[3], 128, 64 * 3) &&
         layer(weights.input_gates, kGates, 128) && layer(weights.state_gates, kGates, 128) && layer(weights.output, 1, 128);
}

/// Only such a transform can be made in the fast way.
bool is_fourier(std::span<const float> transform) {
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    for (std::size_t i = 0; i < kWindow; ++i) {
      const double turn = 2 * std::numbers::pi / static_cast<double>(kWindow);
      const double window = 0.5 - 0.5 * std::cos(turn * static_cast<double>(i));
      const double angle = turn * static_cast<double>(bin * i % kWindow);
      const double re = transform[bin * kWindow + i] - window * std::cos(angle);
      const double im = transform[(kBins + bin) * kWindow + i] + window * std::sin(angle);
      if (std::abs(re) > kTransformTolerance || std::abs(im) > kTransformTolerance) return false;
    }
  }
  return true;
}

}  // namespace

std::unique_ptr<SileroNetwork> SileroNetwork::create(const SileroWeights& weights) {
#if defined(__x86_64__)
  if (!fits(weights) || !is_fourier(weights.transform)) return nullptr;
  const auto has_all = [] {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
  };
  if (has_all()) return silero_for_avx512(weights);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return silero_for_avx2(weights);
#endif
  static_cast<void>(weights);
  return nullptr;
}

}  // namespace offhook
