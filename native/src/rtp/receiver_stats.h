#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace offhook {

/// What RTCP reports about a source (RFC 3550 section 6.4.1), counted as appendices A.1, A.3 and A.8 say.
/// Figures are those of the present SSRC; `total_lost` goes over all of them. Owned by one media thread.
class ReceiverStats {
 public:
  explicit ReceiverStats(int clock_rate_hz) noexcept : clock_rate_hz_(clock_rate_hz) {}

  /// Counts a packet, whichever payload it has. `sequence` comes from a SequenceUnwrapper.
  ///
  /// `timed` tells whether the timestamp is when the payload was sampled, as jitter needs: it is not for telephone-event,
  /// where every packet of a press repeats the first one's.
  void on_packet(std::int64_t sequence, std::uint32_t timestamp, std::int64_t arrival_ns, bool timed = true) noexcept {
    if (!in_sequence(sequence)) return;
    ++received_;
    if (timed) update_jitter(timestamp, arrival_ns);
  }

  /// The SSRC or the clock changed: counting starts anew. What was lost so far stays in `total_lost`.
  void restart(int clock_rate_hz) noexcept {
    const std::int64_t lost_until_now = total_lost();
    *this = ReceiverStats(clock_rate_hz);
    lost_before_ = lost_until_now;
  }

  [[nodiscard]] std::int64_t received() const noexcept { return received_; }
  [[nodiscard]] std::int64_t expected() const noexcept { return started_ ? highest_ - base_ + 1 : 0; }
  /// Negative when duplicates outnumber losses (appendix A.3).
  [[nodiscard]] std::int64_t lost() const noexcept { return expected() - received_; }
  /// As `lost` in the 24 bits that a report block has for it.
  [[nodiscard]] std::int32_t lost_24bit() const noexcept {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(lost(), -0x800000, 0x7FFFFF));
  }
  /// Over all SSRCs of the session, never negative.
  [[nodiscard]] std::int64_t total_lost() const noexcept { return lost_before_ + std::max<std::int64_t>(lost(), 0); }
  /// Wrap count above, highest sequence number below.
  [[nodiscard]] std::uint32_t extended_highest_sequence() const noexcept { return static_cast<std::uint32_t>(highest_); }
  [[nodiscard]] std::uint32_t jitter_ticks() const noexcept { return static_cast<std::uint32_t>(jitter_ticks_); }
  [[nodiscard]] double jitter_ms() const noexcept { return jitter_ticks_ * 1000.0 / clock_rate_hz_; }

  /// Share of packets lost since the last call, in 256ths. Call once per report.
  [[nodiscard]] std::uint8_t take_fraction_lost() noexcept {
    const std::int64_t expected_now = expected() - expected_reported_;
    const std::int64_t lost_now = expected_now - (received_ - received_reported_);
    expected_reported_ = expected();
    received_reported_ = received_;
    if (expected_now <= 0 || lost_now <= 0) return 0;
    return static_cast<std::uint8_t>(std::min<std::int64_t>(255, 256 * lost_now / expected_now));
  }

 private:
  static constexpr std::int64_t kMaxDropout = 3000;
  static constexpr std::int64_t kMaxMisorder = 100;

  /// A jump is believed when a second packet follows it in sequence, and then counting goes on from there.
  bool in_sequence(std::int64_t sequence) noexcept {
    if (!started_) {
      begin_at(sequence);
      return true;
    }
    const std::int64_t step = sequence - highest_;
    if (step <= kMaxDropout && step >= -kMaxMisorder) {
      highest_ = std::max(highest_, sequence);
      has_jump_ = false;
      return true;
    }
    if (has_jump_ && sequence == jump_ + 1) {
      lost_before_ = total_lost();
      begin_at(sequence);
      return true;
    }
    has_jump_ = true;
    jump_ = sequence;
    return false;
  }

  void begin_at(std::int64_t sequence) noexcept {
    started_ = true;
    has_jump_ = false;
    has_transit_ = false;
    base_ = sequence;
    highest_ = sequence;
    received_ = 0;
    expected_reported_ = 0;
    received_reported_ = 0;
  }

  void update_jitter(std::uint32_t timestamp, std::int64_t arrival_ns) noexcept {
    if (has_transit_) {
      const double arrival_step_ticks = static_cast<double>(arrival_ns - last_arrival_ns_) * 1e-9 * clock_rate_hz_;
      const double difference = arrival_step_ticks - static_cast<double>(static_cast<std::int32_t>(timestamp - last_timestamp_));
      jitter_ticks_ += (std::abs(difference) - jitter_ticks_) / 16.0;
    }
    has_transit_ = true;
    last_arrival_ns_ = arrival_ns;
    last_timestamp_ = timestamp;
  }

  int clock_rate_hz_;
  bool started_{false};
  bool has_jump_{false};
  bool has_transit_{false};
  std::uint32_t last_timestamp_{0};
  std::int64_t base_{0};
  std::int64_t highest_{0};
  std::int64_t jump_{0};
  std::int64_t received_{0};
  std::int64_t lost_before_{0};
  std::int64_t expected_reported_{0};
  std::int64_t received_reported_{0};
  std::int64_t last_arrival_ns_{0};
  double jitter_ticks_{0};
};

}  // namespace offhook
