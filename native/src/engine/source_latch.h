#pragma once

#include <optional>

#include "clock.h"
#include "endpoint.h"

namespace offhook {

/// Decides whose RTP is ours (symmetric RTP, RFC 4961). Callers behind NAT send from an address their SDP does not name,
/// so a stranger may be taken up, but only after a probation, and never once media flows from somebody else.
///
/// Offer it only well-formed audio of the agreed payload type: telephone-event and RTCP must not move it.
class SourceLatch {
 public:
  enum class Verdict { accepted, latched, probation, rejected };

  static constexpr int kProbationPackets = 4;
  static constexpr MonotonicNs kProbationNs = 55 * kNsPerMs;  ///< four packets 20 ms apart, less some jitter
  /// A NAT that lost its binding brings the same host back from another port; that long we must have heard nothing.
  static constexpr MonotonicNs kSilenceNs = 2 * kNsPerSecond;
  /// How long after an agreement its own address still wins over one that was learned.
  static constexpr MonotonicNs kAnnouncedWinsNs = 3 * kNsPerSecond;

  /// A new agreement. Only another address than before starts the search anew.
  void announce(const std::optional<Endpoint>& announced, MonotonicNs now) noexcept {
    const bool same = announced_.has_value() == announced.has_value() && (!announced_ || *announced_ == *announced);
    if (configured_ && same) return;
    configured_ = true;
    announced_ = announced;
    announced_at_ = now;
    locked_.reset();
    candidate_.reset();
  }

  Verdict on_audio(const Endpoint& from, std::uint16_t sequence, MonotonicNs now) noexcept {
    if (locked_ && *locked_ == from) {
      last_accepted_ = now;
      // Whoever wanted to take over during a silence begins anew.
      candidate_.reset();
      return Verdict::accepted;
    }
    const bool is_announced = announced_ && *announced_ == from;
    if (is_announced && (!locked_ || now - announced_at_ < kAnnouncedWinsNs)) return lock(from, now);
    if (locked_ && !(now - last_accepted_ >= kSilenceNs && locked_->same_host(from))) return Verdict::rejected;
    return on_candidate(from, sequence, now);
  }

  /// For packets that may not move the latch.
  [[nodiscard]] bool is_source(const Endpoint& from) const noexcept { return locked_ && *locked_ == from; }

  [[nodiscard]] bool is_announced(const Endpoint& from) const noexcept { return !locked_ && announced_ && *announced_ == from; }

  /// Where to send: what was latched, before that what was announced.
  [[nodiscard]] const Endpoint* destination() const noexcept {
    if (locked_) return &*locked_;
    return announced_ && announced_->reachable() ? &*announced_ : nullptr;
  }

 private:
  Verdict on_candidate(const Endpoint& from, std::uint16_t sequence, MonotonicNs now) noexcept {
    const bool continues =
        candidate_ && *candidate_ == from && sequence == static_cast<std::uint16_t>(candidate_sequence_ + 1);
    if (!continues) {
      candidate_ = from;
      candidate_since_ = now;
      candidate_packets_ = 0;
    }
    candidate_sequence_ = sequence;
    candidate_packets_ += 1;
    if (candidate_packets_ < kProbationPackets || now - candidate_since_ < kProbationNs) return Verdict::probation;
    return lock(from, now);
  }

  Verdict lock(const Endpoint& from, MonotonicNs now) noexcept {
    locked_ = from;
    last_accepted_ = now;
    candidate_.reset();
    return Verdict::latched;
  }

  bool configured_{false};
  std::optional<Endpoint> announced_;
  MonotonicNs announced_at_{0};
  std::optional<Endpoint> locked_;
  MonotonicNs last_accepted_{0};
  std::optional<Endpoint> candidate_;
  MonotonicNs candidate_since_{0};
  std::uint16_t candidate_sequence_{0};
  int candidate_packets_{0};
};

}  // namespace offhook
