#pragma once

#include <atomic>
#include <cstdint>

#include "clock.h"

namespace offhook {

/// Counted by the media thread only, read by any.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept { set(get() + n); }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Cumulative figures of one session. What RTCP reports need is here too: reports are composed outside.
struct SessionCounters {
  Counter packets_received;
  Counter packets_sent;
  Counter payload_bytes_sent;
  Counter packets_lost;
  Counter packets_late;
  Counter loss_runs;  ///< this and the three below: see BurstMeter
  Counter loss_bursts;
  Counter burst_packets;
  Counter burst_packets_lost;
  Counter packets_duplicate;
  Counter packets_malformed;
  Counter packets_wrong_source;
  Counter packets_over_rate;    ///< from the right source, and far too many of them
  Counter packets_unauthentic;  ///< SRTP: forged, or played again
  Counter concealed_samples;
  Counter jitter_us;  ///< RFC 3550 section 6.4.1
  Counter send_lateness_max_ns;

  Counter remote_ssrc;
  Counter remote_highest_sequence;  ///< extended, RFC 3550 section 6.4.1
  Counter remote_expected;
  Counter remote_received;
  Counter last_sent_timestamp;
  std::atomic<MonotonicNs> last_sent_at{0};
  std::atomic<MonotonicNs> last_full_level_at{0};
};

}  // namespace offhook
