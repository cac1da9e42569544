#pragma once

#include <ctime>

#include <cstdint>

namespace offhook {

/// Nanoseconds of CLOCK_MONOTONIC: the base of `process.hrtime` too, so times cross to JavaScript unchanged.
using MonotonicNs = std::int64_t;

inline constexpr MonotonicNs kNsPerMs = 1'000'000;
inline constexpr MonotonicNs kNsPerSecond = 1'000'000'000;

inline std::int64_t read_clock(clockid_t id) noexcept {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<std::int64_t>(now.tv_sec) * kNsPerSecond + now.tv_nsec;
}

inline MonotonicNs monotonic_ns() noexcept { return read_clock(CLOCK_MONOTONIC); }

inline double to_ms(MonotonicNs ns) noexcept { return static_cast<double>(ns) / 1e6; }

}  // namespace offhook
