#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "spsc_queue.h"

namespace offhook {

/// What we say, between the control thread that writes it and the media thread that sends it. 16 kHz.
///
/// Position = samples taken so far; it moves only by a compare-and-swap on one word that also carries the pause flag and
/// the flush generation. So `pause` and `flush` know, the moment they return, which sample is the last one to be sent,
/// although the media thread never waits for them.
class PlayoutQueue {
 public:
  static constexpr std::size_t kRingSamples = 1U << 17U;  ///< 8 s; what is longer waits in `overflow_`
  static constexpr std::size_t kEdgeSamples = 80;         ///< 5 ms of fade where sound begins or ends abruptly

  struct Mark {
    std::uint32_t id{0};
    std::uint32_t generation{0};
    std::int64_t position{0};
  };

  /// What `take` did with one frame.
  struct Taken {
    std::size_t samples{0};  ///< counted samples at the front of the frame; the rest is silence or an uncounted fade
    bool audible{false};     ///< the frame holds any queue audio
    bool fading{false};      ///< not at full level: a flush, a pause or a resume shapes it
    bool drained{false};     ///< its last sample was the queue's last, and nobody cut it
    bool wants_refill{false};
  };

  PlayoutQueue() : ring_(kRingSamples), marks_(kMarks) {}

  // Control thread.
  std::int64_t write(std::span<const std::int16_t> samples);
  std::uint32_t mark();
  /// Hands over what did not fit before.
  void refill();
  std::int64_t pause() noexcept;
  void resume() noexcept;
  std::int64_t flush(std::size_t fade_samples) noexcept;
  /// Where the queue ends, as a position.
  [[nodiscard]] std::int64_t end() const noexcept { return end_; }
  [[nodiscard]] std::int64_t position() const noexcept { return position_of(word_.load(std::memory_order_acquire)); }
  [[nodiscard]] std::uint32_t generation() const noexcept { return generation_of(word_.load(std::memory_order_acquire)); }

  // Media thread.
  /// Fills `frame` with the next samples, never passing position `limit`; zeroes what it does not fill.
  Taken take(std::span<std::int16_t> frame, std::int64_t limit) noexcept;
  /// The next mark that was passed. Call after `take` until false.
  [[nodiscard]] bool next_passed_mark(std::uint32_t& id) noexcept;
  /// Nothing to take, and nothing that was taken to be faded out.
  [[nodiscard]] bool idle() const noexcept { return empty() && !sounding_ && generation() == generation_; }
  /// Nothing left to take, be it in the ring or behind it.
  [[nodiscard]] bool empty() const noexcept { return ring_.readable() == 0 && !overflowing_.load(std::memory_order_acquire); }

 private:
  static constexpr std::size_t kMarks = 64;
  static constexpr std::size_t kPlans = 8;
  static constexpr std::uint64_t kPausedBit = 1ULL << 16U;

  /// What the flush that began a generation asks of the media thread.
  struct Plan {
    std::atomic<std::int64_t> fade_begin{0};
    std::atomic<std::int64_t> fade_end{0};
    std::atomic<std::size_t> skip_to{0};  ///< ring index of the first sample written after the flush
  };
  struct Fade {
    std::int64_t begin{0};
    std::int64_t end{0};
    std::size_t skip_to{0};
    bool pending{false};
  };

  static std::int64_t position_of(std::uint64_t word) noexcept { return static_cast<std::int64_t>(word >> 17U); }
  static std::uint32_t generation_of(std::uint64_t word) noexcept { return static_cast<std::uint32_t>(word & 0xFFFFU); }
  static bool paused_of(std::uint64_t word) noexcept { return (word & kPausedBit) != 0; }
  static std::uint64_t pack(std::int64_t position, bool paused, std::uint32_t generation) noexcept {
    return (static_cast<std::uint64_t>(position) << 17U) | (paused ? kPausedBit : 0) | (generation & 0xFFFFU);
  }

  void push_marks() noexcept;
  void adopt(std::uint32_t generation) noexcept;
  void apply_skip() noexcept;
  bool fade_tail(std::span<std::int16_t> frame) noexcept;
  std::optional<Taken> hold(std::span<std::int16_t> frame, std::uint64_t word) noexcept;
  std::optional<Taken> advance(std::span<std::int16_t> frame, std::int64_t limit, std::uint64_t word) noexcept;
  void shape_cut(std::span<std::int16_t> samples, std::int64_t position) const noexcept;
  static void shape_resume(std::span<std::int16_t> samples) noexcept;
  [[nodiscard]] bool mark_survived(const Mark& mark) const noexcept;

  SpscQueue<std::int16_t> ring_;
  SpscQueue<Mark> marks_;
  std::atomic<std::uint64_t> word_{0};
  std::array<Plan, kPlans> plans_{};
  std::atomic<bool> overflowing_{false};

  // Control thread.
  std::int64_t end_{0};
  std::int64_t flush_end_{0};
  std::vector<std::int16_t> overflow_;
  std::size_t overflow_taken_{0};
  std::deque<Mark> waiting_marks_;
  std::uint32_t next_mark_id_{1};

  // Media thread.
  std::uint32_t generation_{0};
  Fade fade_{};
  bool sounding_{false};      ///< the last frame ended with queue audio, so silence would be a step
  bool fade_in_next_{false};  ///< the next audio follows a pause
  bool has_next_mark_{false};
  Mark next_mark_{};
  std::int64_t taken_until_{0};
};

}  // namespace offhook
