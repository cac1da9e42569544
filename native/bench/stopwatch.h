#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numbers>
#include <vector>

namespace offhook::bench {

/// The optimiser must take `value` to be read.
template <typename Value>
void keep(const Value& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

/// Prints median and p99 of `runs` timings, each over a batch long enough for the clock, after a warm-up.
template <typename Work>
void measure(const char* name, Work work, int batch = 50, int runs = 1001) {
  using Clock = std::chrono::steady_clock;
  for (int i = 0; i < batch * 10; ++i) work();
  std::vector<double> ns(static_cast<std::size_t>(runs));
  for (double& each : ns) {
    const auto begin = Clock::now();
    for (int i = 0; i < batch; ++i) work();
    each = std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / batch;
  }
  std::sort(ns.begin(), ns.end());
  std::printf("%-44s %10.0f %10.0f\n", name, ns[ns.size() / 2], ns[ns.size() * 99 / 100]);
}

/// A voiced sound: harmonics of 130 Hz.
inline std::vector<std::int16_t> buzz(int rate_hz, std::size_t samples) {
  std::vector<std::int16_t> out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    double sum = 0;
    for (int harmonic = 1; harmonic <= 10; ++harmonic) {
      sum += std::sin(2 * std::numbers::pi * 130 * harmonic * static_cast<double>(i) / rate_hz) / harmonic;
    }
    out[i] = static_cast<std::int16_t>(5000 * sum);
  }
  return out;
}

}  // namespace offhook::bench
