#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace offhook {

/// Puts the packets of one SSRC in order for a machine that listens: what is in order leaves at once, and only a hole is
/// waited for. A machine needs every word, not a steady clock, so nothing is delayed that the network did not delay.
///
/// A hole counts as lost when a packet behind it has waited long enough: as long as packets out of order have lately needed, 20 to
/// 80 ms. With nothing behind it there is no hole: the far end is silent or the network stalls, and neither is made up for here.
///
/// Every packet that takes a number from the sequence must be inserted, else it leaves a hole: those that carry no audio
/// (telephone-event, a payload type nobody agreed to) with an empty payload.
///
/// Fixed storage, no allocation. Owned by the media thread of one session.
class ReorderBuffer {
 public:
  static constexpr std::size_t kSlots = 64;
  static constexpr std::size_t kMaxPayloadBytes = 1'488;  ///< what an Ethernet frame takes; Opus may well use it
  static constexpr std::int64_t kFirstGapWaitNs = 50'000'000;
  static constexpr std::int64_t kLeastGapWaitNs = 20'000'000;
  static constexpr std::int64_t kMostGapWaitNs = 80'000'000;

  enum class Insert : std::uint8_t {
    accepted,
    duplicate,  ///< already stored or already popped
    late,       ///< its place was given up as lost
    oversized,  ///< payload longer than a slot
    stray,      ///< further off than the buffer reaches; a second in a row makes the buffer move there
  };

  struct Popped {
    enum class Kind : std::uint8_t { nothing, packet, gap };
    Kind kind{Kind::nothing};
    /// For a packet: the first one ever, or the first after `reset` or a jump: its timestamp need not follow the last one's.
    bool discontinuity{false};
    std::uint32_t timestamp{0};
    /// For a packet its own number, for a gap the first lost one.
    std::int64_t sequence{0};
    std::int64_t arrival_ns{0};
    /// For a gap: packets lost in a row; the next pop returns the packet behind them.
    std::size_t lost{0};
    /// Valid until the next insert or reset.
    std::span<const std::uint8_t> payload;
  };

  [[nodiscard]] std::int64_t gap_wait_ns() const noexcept { return gap_wait_ns_; }

  /// `sequence` comes from a SequenceUnwrapper.
  Insert insert(std::int64_t sequence, std::uint32_t timestamp, std::span<const std::uint8_t> payload, std::int64_t arrival_ns) noexcept {
    if (payload.size() > kMaxPayloadBytes) return Insert::oversized;
    if (!started_) start_at(sequence);
    const std::int64_t ahead = sequence - next_;
    // As RFC 3550 appendix A.1 has it: one packet may be an accident, two in sequence are a sender that started again.
    const bool confirmed = has_stray_ && sequence == stray_ + 1;
    if (confirmed || ahead < -kReach || ahead >= kReach) {
      has_stray_ = true;
      stray_ = sequence;
      if (!confirmed) return Insert::stray;
      start_at(sequence);
    } else if (ahead < 0) {
      const bool popped = (popped_ >> static_cast<unsigned>(-ahead - 1) & 1U) != 0;
      if (popped) return Insert::duplicate;
      wait_for(arrival_ns - gave_up_for_);
      return Insert::late;
    } else if ((stored_ & bit_of(sequence)) != 0) {
      return Insert::duplicate;
    }
    if (stored_ != 0 && !is_last(sequence)) wait_for(arrival_ns - oldest_arrival_ns());
    Slot& slot = slots_[index_of(sequence)];
    slot.arrival_ns = arrival_ns;
    slot.timestamp = timestamp;
    slot.size = static_cast<std::uint16_t>(payload.size());
    if (!payload.empty()) std::memcpy(bytes_[index_of(sequence)].data(), payload.data(), payload.size());
    stored_ |= bit_of(sequence);
    has_stray_ = false;
    return Insert::accepted;
  }

  /// For the common case, without a copy: true when this is the very packet awaited and none is stored. It then counts as
  /// popped and the caller plays it; otherwise nothing has changed and it is to be inserted.
  [[nodiscard]] bool pass_through(std::int64_t sequence) noexcept {
    if (!started_ || discontinuity_ || stored_ != 0 || sequence != next_) return false;
    popped_ = (popped_ << 1U) | 1U;
    ++next_;
    has_stray_ = false;
    return true;
  }

  /// Call after each insert and on each tick, until it returns `nothing`.
  [[nodiscard]] Popped pop(std::int64_t now_ns) noexcept {
    if (stored_ == 0) return {};
    if ((stored_ & bit_of(next_)) != 0) return take_next();
    if (stored() < kCrowdedSlots && now_ns - oldest_arrival_ns() < gap_wait_ns_) return {};
    Popped gap;
    gap.kind = Popped::Kind::gap;
    gap.sequence = next_;
    gap.lost = missing_before_first();
    gave_up_for_ = oldest_arrival_ns();
    gap_wait_ns_ -= (gap_wait_ns_ - kLeastGapWaitNs) / 8;
    give_up_missing();
    return gap;
  }

  /// The first packet stored, and in `lost` how many are missing before it; for who takes what there is at a time of its own.
  [[nodiscard]] Popped peek() const noexcept {
    if (stored_ == 0) return {};
    const std::size_t missing = missing_before_first();
    Popped packet = packet_at(next_ + static_cast<std::int64_t>(missing));
    packet.lost = missing;
    return packet;
  }

  /// Takes what `peek` showed. Its payload stays valid until the next insert or reset.
  void drop_first() noexcept {
    give_up_missing();
    if (stored_ != 0) static_cast<void>(take_next());
  }

  /// What is missing before the first packet stored comes too late from now on.
  void give_up_missing() noexcept {
    if (stored_ == 0) return;
    const std::size_t missing = missing_before_first();
    popped_ <<= missing;
    next_ += static_cast<std::int64_t>(missing);
  }

  [[nodiscard]] std::size_t stored() const noexcept { return static_cast<std::size_t>(std::popcount(stored_)); }

  /// Forgets everything stored: the SSRC changed, so numbers and timestamps start anew.
  void reset() noexcept {
    started_ = false;
    has_stray_ = false;
    stored_ = 0;
  }

 private:
  static constexpr std::int64_t kReach = kSlots;
  /// A burst after a stall arrives all at once; no hole in it is worth losing what no longer fits behind it.
  static constexpr std::size_t kCrowdedSlots = 48;

  struct Slot {
    std::int64_t arrival_ns{0};
    std::uint32_t timestamp{0};
    std::uint16_t size{0};
  };

  static std::size_t index_of(std::int64_t sequence) noexcept { return static_cast<std::uint64_t>(sequence) % kSlots; }
  static std::uint64_t bit_of(std::int64_t sequence) noexcept { return std::uint64_t{1} << index_of(sequence); }

  void start_at(std::int64_t sequence) noexcept {
    started_ = true;
    discontinuity_ = true;
    stored_ = 0;
    popped_ = 0;
    next_ = sequence;
  }

  /// With at least one stored: whether none lies behind `sequence`, which is not among them.
  [[nodiscard]] bool is_last(std::int64_t sequence) const noexcept {
    const auto from_next = std::rotr(stored_, static_cast<int>(index_of(next_)));
    return from_next >> static_cast<unsigned>(sequence - next_) == 0;
  }

  /// A packet came that much later than one behind it; far too late, it says nothing of the network.
  void wait_for(std::int64_t lateness_ns) noexcept {
    if (lateness_ns > 4 * kMostGapWaitNs) return;
    const std::int64_t wanted = lateness_ns + lateness_ns / 4 + 5'000'000;
    gap_wait_ns_ = std::clamp(wanted, gap_wait_ns_, kMostGapWaitNs);
  }

  /// With at least one stored.
  [[nodiscard]] std::size_t missing_before_first() const noexcept {
    return static_cast<std::size_t>(std::countr_zero(std::rotr(stored_, static_cast<int>(index_of(next_)))));
  }

  [[nodiscard]] Popped packet_at(std::int64_t sequence) const noexcept {
    const Slot& slot = slots_[index_of(sequence)];
    Popped packet;
    packet.kind = Popped::Kind::packet;
    packet.discontinuity = discontinuity_;
    packet.timestamp = slot.timestamp;
    packet.sequence = sequence;
    packet.arrival_ns = slot.arrival_ns;
    packet.payload = std::span(bytes_[index_of(sequence)]).first(slot.size);
    return packet;
  }

  Popped take_next() noexcept {
    const Popped packet = packet_at(next_);
    stored_ &= ~bit_of(next_);
    popped_ = (popped_ << 1U) | 1U;
    ++next_;
    discontinuity_ = false;
    return packet;
  }

  [[nodiscard]] std::int64_t oldest_arrival_ns() const noexcept {
    std::int64_t oldest = INT64_MAX;
    for (std::uint64_t left = stored_; left != 0; left &= left - 1) {
      oldest = std::min(oldest, slots_[static_cast<std::size_t>(std::countr_zero(left))].arrival_ns);
    }
    return oldest;
  }

  std::int64_t gap_wait_ns_{kFirstGapWaitNs};
  std::int64_t gave_up_for_{INT64_MIN / 2};  ///< when the first packet behind the last hole came
  std::int64_t next_{0};
  std::int64_t stray_{0};
  std::uint64_t stored_{0};  ///< bit i: slot i holds a packet
  std::uint64_t popped_{0};  ///< bit i: number next_ - 1 - i was popped as a packet, not given up
  bool started_{false};
  bool discontinuity_{false};
  bool has_stray_{false};
  std::array<Slot, kSlots> slots_{};
  /// Left as they are found: memory that no packet was ever put in is memory that nobody pays for.
  std::array<std::array<std::uint8_t, kMaxPayloadBytes>, kSlots> bytes_;
};

}  // namespace offhook
